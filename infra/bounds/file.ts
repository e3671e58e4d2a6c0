import { closeSync, constants, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import path from 'node:path';

const MIB = 1024 * 1024;
/** What people write by hand, and API Gateway imports (docs/facts/gateway.md#import): bytes. */
export const MAX_SOURCE_BYTES = 6 * MIB;
/** A run's results are less than 1 MB: bytes. */
export const MAX_RESULTS_BYTES = 64 * MIB;

/**
 * The bytes of a file that a user names. A pipe, a device or a folder is refused, since reading it may never end.
 * @throws Error that says what is wrong with it.
 */
export function readFileBounded(file: string | URL, maxBytes: number): Buffer {
  // What would keep the reader waiting gives an error instead; Windows has no such flag.
  const { O_RDONLY, O_NONBLOCK = 0 } = constants;
  const descriptor = openSync(file, O_RDONLY | O_NONBLOCK);
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw new Error('it is not a file');
    if (stats.size > maxBytes) throw tooLarge(`${stats.size} bytes`, maxBytes);
    // Files under /proc tell no size, and others may grow meanwhile.
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

/** The file that is meant by a path: the path itself, or the file of that name where the path is a folder's. */
export function fileAt(given: string, name: string): string {
  // What cannot even be looked at, such as a loop of links, is told by who reads it.
  return existsSync(given) && statSync(given).isDirectory() ? path.join(given, name) : given;
}

function tooLarge(size: string, maxBytes: number): Error {
  return new Error(`it has ${size}, and at most ${maxBytes / MIB} MiB are read`);
}
