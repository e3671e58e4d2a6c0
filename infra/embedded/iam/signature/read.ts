import { type HttpRequest, headerValue } from '../../http.ts';

/** Why a signature is refused. */
export interface SignatureFault {
  readonly kind: 'missing' | 'incomplete' | 'unknown-key' | 'invalid-token' | 'expired-token' | 'invalid';
  readonly message: string;
}

/** The signature of a request, from its header or its query. */
export interface Signed {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `YYYYMMDDTHHMMSSZ`. */
  readonly time: string;
  /** Seconds; undefined for a signature in the header. */
  readonly expires: number | undefined;
  readonly token: string | undefined;
}

export const ALGORITHM = 'AWS4-HMAC-SHA256';
/** "A request must reach AWS within five minutes of its time stamp" (IAM User Guide, Signature Version 4). */
export const TOLERANCE_MILLIS = 5 * 60_000;
const MAX_PRESIGNED_SECONDS = 7 * 24 * 3600;

export const fault = (kind: SignatureFault['kind'], message: string): SignatureFault => ({ kind, message });

/** Parses the signature of a request, without verifying it. */
export function readSignature(request: HttpRequest): Signed | SignatureFault {
  const query = new URLSearchParams(request.target.split(/\?(.*)/s)[1] ?? '');
  const header = headerValue(request.headers, 'authorization');
  if (header !== undefined) return fromHeader(header, request);
  return query.has('X-Amz-Algorithm') || query.has('X-Amz-Signature')
    ? fromQuery(query)
    : fault('missing', 'Missing Authentication Token');
}

function fromHeader(header: string, { headers }: HttpRequest): Signed | SignatureFault {
  const [algorithm, ...rest] = header.trim().split(/\s+/);
  const pairs = rest
    .join(' ')
    .split(',')
    .map((part) => part.trim());
  const odd = pairs.find((part) => !part.includes('='));
  // docs/facts/gateway.md#errors.
  if (odd !== undefined)
    return fault(
      'incomplete',
      `'${odd}' not a valid key=value pair (missing equal-sign) in Authorization header: '${header}'.`,
    );
  if (algorithm !== ALGORITHM)
    return fault(
      'incomplete',
      `Unsupported AWS 'algorithm': '${algorithm}' (only '${ALGORITHM}' is supported).`,
    );
  const given = new Map(pairs.map((part) => [part.split('=')[0], part.slice(part.indexOf('=') + 1)]));
  const missing = ['Credential', 'Signature', 'SignedHeaders']
    .filter((name) => !given.get(name))
    .map((name) => `Authorization header requires '${name}' parameter.`);
  const time = longTime(headerValue(headers, 'x-amz-date') ?? headerValue(headers, 'date'));
  if (time === undefined)
    missing.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
  // docs/facts/kinesis.md#direct-calls, direct calls.
  if (missing.length > 0) return fault('incomplete', `${missing.join(' ')} Authorization=${header}`);
  return signedOf({
    credential: given.get('Credential') ?? '',
    signedHeaders: given.get('SignedHeaders') ?? '',
    signature: given.get('Signature') ?? '',
    time: time ?? '',
    expires: undefined,
    token: headerValue(headers, 'x-amz-security-token'),
  });
}

function fromQuery(query: URLSearchParams): Signed | SignatureFault {
  const names = ['Algorithm', 'Credential', 'Signature', 'SignedHeaders', 'Date'];
  const absent = names.filter((name) => !query.get(`X-Amz-${name}`)).map((name) => `X-Amz-${name}`);
  const time = longTime(query.get('X-Amz-Date') ?? undefined);
  if (absent.length > 0 || time === undefined)
    return fault('incomplete', `AWS query-string parameters must include '${absent[0] ?? 'X-Amz-Date'}'.`);
  const expires = query.get('X-Amz-Expires');
  const seconds = Number(expires ?? TOLERANCE_MILLIS / 1000);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > MAX_PRESIGNED_SECONDS)
    return fault('incomplete', `X-Amz-Expires must be between 1 and ${MAX_PRESIGNED_SECONDS} seconds.`);
  return signedOf({
    credential: query.get('X-Amz-Credential') ?? '',
    signedHeaders: query.get('X-Amz-SignedHeaders') ?? '',
    signature: query.get('X-Amz-Signature') ?? '',
    time,
    expires: seconds,
    token: query.get('X-Amz-Security-Token') ?? undefined,
  });
}

function signedOf(
  given: Omit<Signed, 'accessKeyId' | 'date' | 'region' | 'service' | 'signedHeaders'> & {
    readonly credential: string;
    readonly signedHeaders: string;
  },
): Signed | SignatureFault {
  const [accessKeyId, date, region, service, end, ...more] = given.credential.split('/');
  if (!accessKeyId || !date || !region || !service || end !== 'aws4_request' || more.length > 0)
    return fault(
      'incomplete',
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${given.credential}'`,
    );
  const signedHeaders = given.signedHeaders.split(';');
  // Anyone can add unsigned headers, so AWS requires that the host is signed.
  if (!signedHeaders.includes('host') && !signedHeaders.includes(':authority'))
    return fault('invalid', "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  return { ...given, accessKeyId, date, region, service, signedHeaders };
}

/** Accepts the ISO 8601 basic format and HTTP dates. */
function longTime(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (/^\d{8}T\d{6}Z$/.test(text)) return Number.isNaN(instant(text).getTime()) ? undefined : text;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : compact(date);
}

export function instant(time: string): Date {
  return new Date(time.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

export function compact(millis: number): string {
  return new Date(millis).toISOString().replace(/[-:]|\.\d{3}/g, '');
}
