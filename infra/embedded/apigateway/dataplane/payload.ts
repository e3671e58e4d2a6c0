import type { ContentHandling } from '../model.ts';
import { configurationError, notEmulated } from './gateway-error.ts';
import { mediaTypeOf } from './media-type.ts';

/** A body on its way through the gateway: text, or bytes where it counts as binary. */
export type Payload = string | Buffer;

/**
 * A body is binary if its media type is one of the API's binary media types; a type of two stars matches all
 * (docs/facts/gateway.md#binary-bodies). Any other body is decoded as UTF-8, with U+FFFD for invalid bytes, as
 * recorded (LS-T:s3, 2025-02-01).
 *
 * @param contentType undefined if absent, which only the type that matches all makes binary (inferred).
 */
export function payloadOf(
  body: Buffer,
  contentType: string | undefined,
  binaryMediaTypes: readonly string[],
): Payload {
  return isBinaryType(contentType, binaryMediaTypes) ? body : body.toString('utf8');
}

/** The body for the backend, or for the request template (guide, payload encodings; LS-T:s3 2025-02-01). */
export function requestPayload(body: Payload, handling: ContentHandling | undefined): Payload {
  if (handling === 'CONVERT_TO_TEXT') return encoded(body);
  return handling === 'CONVERT_TO_BINARY' ? decoded(body, 'request') : body;
}

/**
 * The body for the client, or for the response template. Without content handling, the Accept header decides (same
 * sources).
 *
 * @param accept the first media type of Accept.
 */
export function responsePayload(
  body: Payload,
  handling: ContentHandling | undefined,
  accept: string | undefined,
  binaryMediaTypes: readonly string[],
): Payload {
  if (handling === 'CONVERT_TO_TEXT') return encoded(body);
  if (handling === 'CONVERT_TO_BINARY') return decoded(body, 'response');
  if (binaryMediaTypes.length === 0) return body;
  return acceptsBinary(accept, binaryMediaTypes) ? decoded(body, 'response') : encoded(body);
}

/** How the execution log shows a body (docs/facts/gateway.md#binary-bodies). */
export function shown(body: Payload): string {
  return typeof body === 'string' ? body : '[Binary Data]';
}

/**
 * Whether `image/*` matches `image/png` is neither documented nor recorded.
 *
 * @throws GatewayError 501 if a media type could match only such an entry.
 */
export function refusePartialWildcard(
  contentType: string | undefined,
  binaryMediaTypes: readonly string[],
): void {
  if (binaryMediaTypes.length === 0 || contentType === undefined) return;
  if (isBinaryType(contentType, binaryMediaTypes)) return;
  const [type] = mediaTypeOf(contentType).split('/');
  const partial = binaryMediaTypes.find((entry) => mediaTypeOf(entry) === `${type}/*`);
  if (partial !== undefined) throw notEmulated(`the binary media type ${partial} for ${contentType}`);
}

const EVERY_TYPE = '*/*';

function isBinaryType(contentType: string | undefined, binaryMediaTypes: readonly string[]): boolean {
  if (binaryMediaTypes.length === 0) return false;
  const type = contentType === undefined ? EVERY_TYPE : mediaTypeOf(contentType);
  return binaryMediaTypes.some((entry) => [EVERY_TYPE, type].includes(mediaTypeOf(entry)));
}

function acceptsBinary(accept: string | undefined, binaryMediaTypes: readonly string[]): boolean {
  refusePartialWildcard(accept, binaryMediaTypes);
  const isBinary = isBinaryType(accept, binaryMediaTypes);
  if (accept === undefined && !isBinary && isBinaryType('application/json', binaryMediaTypes)) {
    throw notEmulated('a call without Accept where application/json is a binary media type');
  }
  return isBinary;
}

/** Bytes as base64; text as it is. */
function encoded(body: Payload): string {
  return typeof body === 'string' ? body : body.toString('base64');
}

/** Decodes text from base64; leaves bytes unchanged. */
function decoded(body: Payload, direction: 'request' | 'response'): Buffer {
  if (typeof body !== 'string') return body;
  // No other characters are allowed, not even blanks (LS-T:s3). The padding that AWS requires is not recorded.
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(body) || body.replace(/=+$/, '').length % 4 === 1) {
    throw configurationError(`Unable to transform ${direction}`);
  }
  return Buffer.from(body, 'base64');
}

/** A body that templates and validators can read. @throws GatewayError 501 if it is binary. */
export function textOf(body: Payload, purpose: string): string {
  if (typeof body !== 'string') throw notEmulated(`${purpose} of a binary body`);
  return body;
}
