import type { ContentHandling } from '../model.ts';
import { configurationError, notEmulated } from './gateway-error.ts';
import { mediaTypeOf } from './media-type.ts';

/** A body on its way through the gateway: text, or bytes where it counts as binary. */
export type Payload = string | Buffer;

/**
 * A body counts as binary when its media type is one of the API's binary media types, of which the one of two stars
 * names all (docs/facts/gateway.md#binary-bodies). Any other is UTF-8; what is not becomes U+FFFD, as recorded
 * (LS-T:s3, 2025-02-01).
 *
 * @param contentType undefined where there is none, which only the type for all counts as binary (inferred).
 */
export function payloadOf(
  body: Buffer,
  contentType: string | undefined,
  binaryMediaTypes: readonly string[],
): Payload {
  return isBinaryType(contentType, binaryMediaTypes) ? body : body.toString('utf8');
}

/** The body that goes to the endpoint, or to the request template (guide, payload encodings; LS-T:s3 2025-02-01). */
export function requestPayload(body: Payload, handling: ContentHandling | undefined): Payload {
  if (handling === 'CONVERT_TO_TEXT') return encoded(body);
  return handling === 'CONVERT_TO_BINARY' ? decoded(body, 'request') : body;
}

/**
 * The body that goes to the client, or to the response template. Without content handling it becomes what the client
 * accepts (same sources).
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
 * `image/*` is neither documented nor recorded: whether it names `image/png` is not known.
 *
 * @throws GatewayError 501 where a media type would match an entry only so.
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

/** Text is taken for base64; bytes are left as they are. */
function decoded(body: Payload, direction: 'request' | 'response'): Buffer {
  if (typeof body !== 'string') return body;
  // Nothing else may be in it, blanks neither (LS-T:s3). Which padding AWS demands is not recorded.
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(body) || body.replace(/=+$/, '').length % 4 === 1) {
    throw configurationError(`Unable to transform ${direction}`);
  }
  return Buffer.from(body, 'base64');
}

/** A body that templates and validators can read. @throws GatewayError 501 where it is binary. */
export function textOf(body: Payload, purpose: string): string {
  if (typeof body !== 'string') throw notEmulated(`${purpose} of a binary body`);
  return body;
}
