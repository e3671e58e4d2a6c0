import type { Readable } from 'node:stream';

export interface ReadBody {
  readonly bytes: Buffer;
  /** The body exceeds its limit; `bytes` holds the beginning. */
  readonly isTruncated: boolean;
  /** Reading stopped before the end of the body, so the connection cannot be reused. */
  readonly isUnread: boolean;
}

/** The maximum number of bytes beyond the limit to read and discard, so that the client can read the error. */
const MAX_DISCARDED_BYTES = 64 * 1024 * 1024;

/** The body did not arrive in time. */
export class BodyTimeout extends Error {}

/**
 * Reads a body and keeps at most `limit` bytes of it. A body far beyond the limit, or announced to be so, is not read
 * to its end.
 * @param announced the Content-Length, 0 if absent.
 * @param maxMillis for the whole body.
 * @throws BodyTimeout; the stream's error if the client disconnects.
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
    // Leaving the loop must not destroy the stream: the answer still needs the connection.
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
