import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { assertOwn } from '../provision/ownership.ts';

/** The maximum size of a journal in bytes; a run of the whole contract writes about 200 kB. */
const MAX_JOURNAL_BYTES = 16 * 1024 * 1024;
const MAX_LINE_LENGTH = 16 * 1024;

/** @throws Error if other users can change the folder's content. */
export function assertOwnFolder(folder: string): void {
  assertOwn(folder, statSync(folder));
}

/**
 * Reads the complete lines of a journal as JSON values, without a last line that a crash cut short. Reads only regular
 * files of this user: it follows no symbolic link and waits for no pipe.
 * @throws Error that says what is wrong with the file.
 */
export function readJournalLines(file: string): unknown[] {
  const lines = readText(file).split('\n').slice(0, -1);
  return lines.map((line, index) => {
    if (line.length > MAX_LINE_LENGTH) throw new Error(`its line ${index + 1} is too long`);
    try {
      return JSON.parse(line) as unknown;
    } catch {
      throw new Error(`its line ${index + 1} is not JSON`);
    }
  });
}

function readText(file: string): string {
  const descriptor = open(file);
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw new Error('it is not a file');
    assertOwn(file, stats);
    if (stats.size > MAX_JOURNAL_BYTES) throw new Error(`it has ${stats.size} bytes`);
    // One byte more than the size; if the file grows meanwhile, the unfinished line is cut like any other.
    const bytes = Buffer.alloc(stats.size + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read)
      read = readSync(descriptor, bytes, length, bytes.length - length, null);
    return new TextDecoder('utf-8', { fatal: true }).decode(wholeLines(bytes.subarray(0, length)));
  } catch (error) {
    if (error instanceof TypeError) throw new Error('it is not text');
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** Works on bytes, since a crash may cut a line within a character. */
function wholeLines(bytes: Buffer): Buffer {
  return bytes.subarray(0, bytes.lastIndexOf('\n') + 1);
}

function open(file: string): number {
  // Windows has neither flag.
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  try {
    return openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ELOOP') throw new Error('it is a symbolic link');
    throw error;
  }
}
