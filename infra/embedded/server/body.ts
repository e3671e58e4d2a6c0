import type { Readable } from 'node:stream';

export interface ReadBody {
  readonly bytes: Buffer;
  readonly isTruncated: boolean;
}

/** What is read and thrown away behind a body's limit, so that its sender lives to read the refusal. */
const MOST_DISCARDED_BYTES = 64 * 1024 * 1024;

/** Reads a body to its end and keeps at most `limit` bytes. Throws when it goes on without one. */
export async function readBody(stream: Readable, limit: number): Promise<ReadBody> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (length < limit) chunks.push(chunk);
    length += chunk.length;
    if (length > limit + MOST_DISCARDED_BYTES) throw new Error('The body does not end.');
  }
  return { bytes: Buffer.concat(chunks).subarray(0, limit), isTruncated: length > limit };
}
