/** In bytes: more than any answer of API Gateway (10 MB) and Kinesis (10 MiB in base64). */
export const MAX_BODY_BYTES = 16 * 1024 * 1024;

/**
 * Reads a whole body.
 * @throws Error if the body is larger than any answer of API Gateway or Kinesis; the rest is not read.
 */
export async function collect(
  body: AsyncIterable<Uint8Array> & { destroy?(): unknown },
  most = MAX_BODY_BYTES,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > most) {
      body.destroy?.();
      throw new Error(`the body of the answer is larger than ${most / 1024 / 1024} MiB`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}
