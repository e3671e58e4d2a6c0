import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { assertOwn } from '../provision/ownership.ts';

/** A run of the whole contract writes about 200 kB; what is larger is none: bytes. */
const MAX_JOURNAL_BYTES = 16 * 1024 * 1024;
const MAX_LINE_LENGTH = 16 * 1024;

/** @throws Error where others than this user can change what is in the folder. */
export function assertOwnFolder(folder: string): void {
  assertOwn(folder, statSync(folder));
}

/**
 * The whole lines of a journal, as JSON values; a last one that a crash cut short is left out. Nothing but a file of
 * this user's own is read: neither what a symbolic link leads to nor what a pipe would keep it waiting for.
 * @throws Error that says what is wrong with it.
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
    // One byte more than there were: what grows meanwhile is cut like any other unfinished line.
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

/** A crash may cut a line within a character. */
function wholeLines(bytes: Buffer): Buffer {
  return bytes.subarray(0, bytes.lastIndexOf('\n') + 1);
}

function open(file: string): number {
  // Windows knows neither flag.
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  try {
    return openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ELOOP') throw new Error('it is a symbolic link');
    throw error;
  }
}
