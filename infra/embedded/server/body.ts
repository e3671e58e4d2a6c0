import type { Readable } from 'node:stream';

export interface ReadBody {
  readonly bytes: Buffer;
  /** The body is longer than its limit; `bytes` holds its beginning. */
  readonly isTruncated: boolean;
  /** Reading stopped before the end of the body, so its connection is of no more use. */
  readonly isUnread: boolean;
}

/** What is read and thrown away behind a body's limit, so that its sender lives to read the refusal. */
const MAX_DISCARDED_BYTES = 64 * 1024 * 1024;

/** A body that was not there in time. */
export class BodyTimeout extends Error {}

/**
 * Reads a body and keeps at most `limit` bytes of it. One that is announced or found to be far beyond its limit is not
 * read to its end.
 * @param announced the Content-Length, 0 where there is none.
 * @param maxMillis for all of the body.
 * @throws BodyTimeout; the stream's own error when its sender goes away.
 */
export async function readBody(
  stream: Readable,
  limit: number,
  announced: number,
  maxMillis: number,
): Promise<ReadBody> {
  if (announced > limit + MAX_DISCARDED_BYTES)
    return { bytes: Buffer.alloc(0), isTruncated: true, isUnread: true };
  const chunks: Buffer[] = [];
  let length = 0;
  const timer = setTimeout(() => stream.destroy(new BodyTimeout()), maxMillis);
  try {
    // The stream is not destroyed with the loop: the answer still needs its connection.
    for await (const chunk of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      if (length < limit) chunks.push(chunk);
      length += chunk.length;
      if (length > limit + MAX_DISCARDED_BYTES) break;
    }
  } finally {
    clearTimeout(timer);
  }
  return {
    bytes: Buffer.concat(chunks).subarray(0, limit),
    isTruncated: length > limit,
    isUnread: length > limit + MAX_DISCARDED_BYTES,
  };
}
