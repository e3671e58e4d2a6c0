import { closeSync, constants, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import path from 'node:path';

const MIB = 1024 * 1024;
/** The maximum size of files that people write, in bytes; also API Gateway's limit (docs/facts/gateway.md#import). */
export const MAX_SOURCE_BYTES = 6 * MIB;
/** The maximum size of results in bytes; those of one run are smaller than 1 MB. */
export const MAX_RESULTS_BYTES = 64 * MIB;

/**
 * Reads a file that a user gives. Refuses pipes, devices and folders, since reading them may never end.
 * @throws Error that says what is wrong with the file.
 */
export function readFileBounded(file: string | URL, maxBytes: number): Buffer {
  // O_NONBLOCK: opening a pipe must not wait. Windows has no such flag.
  const { O_RDONLY, O_NONBLOCK = 0 } = constants;
  const descriptor = openSync(file, O_RDONLY | O_NONBLOCK);
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw new Error('it is not a file');
    if (stats.size > maxBytes) throw tooLarge(`${stats.size} bytes`, maxBytes);
    // Files under /proc have no size, and others may grow meanwhile.
    const chunks: Buffer[] = [];
    for (let length = 0, read = -1; read !== 0; length += read) {
      if (length > maxBytes) throw tooLarge('more', maxBytes);
      const chunk = Buffer.alloc(Math.max(stats.size - length, 0) + 4096);
      read = readSync(descriptor, chunk, 0, chunk.length, null);
      chunks.push(chunk.subarray(0, read));
    }
    return Buffer.concat(chunks);
  } finally {
    closeSync(descriptor);
  }
}

/** The file for a path: the path itself or, if it is a folder, the file with that name in it. */
export function fileAt(given: string, name: string): string {
  // If the path cannot be inspected, as with a loop of links, the reader of the file reports it.
  return existsSync(given) && statSync(given).isDirectory() ? path.join(given, name) : given;
}

function tooLarge(size: string, maxBytes: number): Error {
  return new Error(`it has ${size}, and at most ${maxBytes / MIB} MiB are read`);
}
