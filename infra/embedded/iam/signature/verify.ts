import { createHash, timingSafeEqual } from 'node:crypto';
import { getCanonicalHeaders, SignatureV4 } from '@smithy/signature-v4';
import type { Header, HttpRequest } from '../../http.ts';
import {
  ALGORITHM,
  compact,
  fault,
  instant,
  readSignature,
  type SignatureFault,
  type Signed,
  TOLERANCE_MILLIS,
} from './read.ts';
import { Sha256 } from './sha256.ts';

export type { SignatureFault } from './read.ts';

/** The secrets of an access key. */
export interface Secrets {
  readonly secretAccessKey: string;
  /** The token that a session's requests must contain. */
  readonly sessionToken?: string;
  /** Milliseconds since the epoch. */
  readonly expires?: number;
}

export interface Verification {
  /** The service that the credential scope must name. */
  readonly service: string;
  /** The regions that the credential scope may name. */
  readonly regions: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly secretsOf: (accessKeyId: string) => Secrets | undefined;
}

export const INVALID_TOKEN = 'The security token included in the request is invalid.';
const EXPIRED_TOKEN = 'The security token included in the request is expired';
const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key ' +
  'and signing method. Consult the service documentation for details.';

/**
 * Verifies Signature Version 4, in the Authorization header or in the query. Error messages are from the IAM User
 * Guide ("Troubleshoot signed requests") and docs/facts/gateway.md#errors.
 */
export async function verifySignature(
  request: HttpRequest,
  { service, regions, now, secretsOf }: Verification,
): Promise<{ readonly accessKeyId: string } | SignatureFault> {
  const signed = readSignature(request);
  if ('kind' in signed) return signed;
  const wrong = scopeFault(signed, service, regions) ?? timeFault(signed, now);
  if (wrong !== undefined) return wrong;
  const secrets = secretsOf(signed.accessKeyId);
  if (secrets === undefined) return fault('unknown-key', INVALID_TOKEN);
  if (secrets.sessionToken !== signed.token) return fault('invalid-token', INVALID_TOKEN);
  if (secrets.expires !== undefined && secrets.expires <= now) return fault('expired-token', EXPIRED_TOKEN);
  const expected = await new Signer(signed, secrets).signatureOf(request, signed);
  if (!equal(expected, signed.signature)) return fault('invalid', MISMATCH);
  return { accessKeyId: signed.accessKeyId };
}

/** Checks whether a session has expired, for a caller whose signature is not verified. */
export function sessionFault({ expires }: Secrets, now: number): SignatureFault | undefined {
  return expires !== undefined && expires <= now ? fault('expired-token', EXPIRED_TOKEN) : undefined;
}

/** Builds the canonical request from exactly the headers that the client claims to have signed. */
class Signer extends SignatureV4 {
  constructor({ accessKeyId, region, service }: Signed, { secretAccessKey }: Secrets) {
    super({
      credentials: { accessKeyId, secretAccessKey },
      region,
      service,
      sha256: Sha256,
      applyChecksum: false,
    });
  }

  async signatureOf(request: HttpRequest, signed: Signed): Promise<string> {
    const [path = '/', query = ''] = request.target.split(/\?(.*)/s);
    const names = new Set(signed.signedHeaders);
    const message = {
      method: request.method,
      protocol: 'http:',
      hostname: '',
      path,
      query: queryBag(query),
      headers: valuesOf(request.headers, names),
    };
    // The body's actual hash, whatever X-Amz-Content-Sha256 says: only S3 accepts an unsigned payload.
    const hash = createHash('sha256').update(request.body).digest('hex');
    const canonical = this.createCanonicalRequest(
      message,
      getCanonicalHeaders(message, undefined, names),
      hash,
    );
    const { date, region, service, time } = signed;
    const scope = `${date}/${region}/${service}/aws4_request`;
    const text = await this.createStringToSign(time, scope, canonical, ALGORITHM);
    return this.sign(text, { signingDate: instant(time) });
  }
}

function scopeFault(signed: Signed, service: string, regions: readonly string[]): SignatureFault | undefined {
  if (signed.date !== signed.time.slice(0, 8))
    return fault(
      'invalid',
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${signed.date}' != '${signed.time.slice(0, 8)}', from '${signed.time}'.`,
    );
  // Concatenated, with a space after each (seen on execute-api: Kong/insomnia#713).
  const faults = [
    regions.includes(signed.region)
      ? ''
      : `Credential should be scoped to a valid region, not '${signed.region}'. `,
    signed.service === service ? '' : `Credential should be scoped to correct service: '${service}'. `,
  ].join('');
  return faults === '' ? undefined : fault('invalid', faults);
}

function timeFault({ time, expires }: Signed, now: number): SignatureFault | undefined {
  const at = instant(time).getTime();
  const until = expires === undefined ? TOLERANCE_MILLIS : expires * 1000;
  if (now > at + until)
    return fault(
      'invalid',
      expires === undefined
        ? `Signature expired: ${time} is now earlier than ${compact(now - until)} (${compact(now)} - 5 min.)`
        : `Signature expired: ${compact(at + until)} is now earlier than ${compact(now)}`,
    );
  if (at > now + TOLERANCE_MILLIS)
    return fault(
      'invalid',
      `Signature not yet current: ${time} is still later than ${compact(now + TOLERANCE_MILLIS)} (${compact(now)} + 5 min.)`,
    );
  return undefined;
}

/** Multiple values of a header are joined by commas. In HTTP/2 the host is `:authority`. */
function valuesOf(headers: readonly Header[], names: ReadonlySet<string>): Record<string, string> {
  const bag: Record<string, string> = {};
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    const key = lower === 'host' && names.has(':authority') ? ':authority' : lower;
    if (names.has(key)) bag[key] = Object.hasOwn(bag, key) ? `${bag[key]},${value.trim()}` : value.trim();
  }
  return bag;
}

function queryBag(query: string): Record<string, string | string[]> {
  const bag: Record<string, string[]> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    const values = Object.hasOwn(bag, name) ? bag[name] : undefined;
    if (values === undefined) Object.defineProperty(bag, name, { value: [value], enumerable: true });
    else values.push(value);
  }
  return bag;
}

function equal(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
