import { createHash } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import aws4 from 'aws4';
import { type HttpRequest, headerValue } from '../../../infra/embedded/http.ts';
import { Sha256 } from '../../../infra/embedded/iam/signature/sha256.ts';
import { verifySignature } from '../../../infra/embedded/iam/signature/verify.ts';
import type { SignatureCase } from './case.ts';

export const HOST = 'abc123.execute-api.localhost:4577';
export const NOW = Date.UTC(2026, 0, 31, 23, 59, 30);
export const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const ACCESS_KEY_ID = 'AKIDEXAMPLE';
const SERVICE = 'execute-api';
const TIME = '20260131T235930Z';

/** Signs with aws4, as this suite's own client does. */
export function signWithAws4(request: SignatureCase): HttpRequest {
  const isQuery = request.form === 'query';
  const signed = aws4.sign(
    {
      ...base(request),
      path: isQuery ? withQuery(target(request), `X-Amz-Date=${TIME}&X-Amz-Expires=60`) : target(request),
      headers: {
        Host: HOST,
        ...(isQuery ? {} : { 'X-Amz-Date': TIME }),
        ...Object.fromEntries(request.headers),
      },
      ...(isQuery && { signQuery: true }),
    },
    { accessKeyId: ACCESS_KEY_ID, secretAccessKey: SECRET, sessionToken: request.token },
  );
  return wire(request, signed.path, signed.headers);
}

/** Signs with the AWS SDK's signer. */
export async function signWithSmithy(request: SignatureCase): Promise<HttpRequest> {
  const signer = new SignatureV4({
    service: SERVICE,
    region: request.region,
    sha256: Sha256,
    applyChecksum: false,
    credentials: {
      accessKeyId: ACCESS_KEY_ID,
      secretAccessKey: SECRET,
      ...(request.token === undefined ? {} : { sessionToken: request.token }),
    },
  });
  const unsigned = {
    method: request.method,
    protocol: 'https:',
    hostname: HOST,
    path: request.path,
    query: bag(request.query),
    headers: { host: HOST, ...Object.fromEntries(request.headers) },
    body: request.body,
  };
  const signingDate = new Date(NOW);
  const signed =
    request.form === 'query'
      ? await signer.presign(unsigned, { signingDate, expiresIn: 60 })
      : await signer.sign(unsigned, { signingDate });
  const pairs = Object.entries(signed.query ?? {}).flatMap(([name, values]) =>
    [values ?? []].flat().map((value) => [name, value] as const),
  );
  return wire(request, withQuery(signed.path, queryString(pairs)), signed.headers);
}

/** Whether aws4 computes the same signature over the parts that the request's header or query lists. */
export function holdsForAws4(request: HttpRequest, { region }: SignatureCase, secret: string): boolean {
  const carried = carriedSignature(request);
  const names = carried.signedHeaders.split(';');
  const headers = {
    ...Object.fromEntries(names.map((name) => [name, headerValue(request.headers, name) ?? ''])),
    // A hash instead of the body, since aws4 would add a media type to a body without one.
    'x-amz-content-sha256': createHash('sha256').update(request.body).digest('hex'),
  };
  const signed = aws4.sign(
    {
      method: request.method,
      service: SERVICE,
      region,
      host: HOST,
      path: carried.isQuery ? without(request.target, 'X-Amz-Signature') : request.target,
      headers: carried.isQuery ? headers : { 'x-amz-date': carried.time, ...headers },
      ...(carried.isQuery && { signQuery: true }),
      extraHeadersToInclude: Object.fromEntries(names.map((name) => [name, true])),
      extraHeadersToIgnore: { 'x-amz-content-sha256': true, 'x-amz-date': true },
    },
    { accessKeyId: ACCESS_KEY_ID, secretAccessKey: secret },
  );
  const own = carriedSignature(wireOf(request, signed.path, signed.headers));
  return own.signature === carried.signature;
}

/** Whether the embedded AWS accepts a signature; its reason where it does not. */
export async function verdictOfEmbedded(
  request: HttpRequest,
  { region, token }: SignatureCase,
  secret: string,
): Promise<string> {
  const secrets = { secretAccessKey: secret, ...(token === undefined ? {} : { sessionToken: token }) };
  const answer = await verifySignature(request, {
    service: SERVICE,
    regions: [region],
    now: NOW,
    secretsOf: (id) => (id === ACCESS_KEY_ID ? secrets : undefined),
  });
  return 'kind' in answer ? `${answer.kind}: ${answer.message}` : 'accepted';
}

function carriedSignature({ headers, target: whole }: HttpRequest) {
  const header = headerValue(headers, 'authorization');
  const query = new URLSearchParams(whole.split(/\?(.*)/s)[1] ?? '');
  const inHeader = (name: string) => new RegExp(`${name}=([^, ]+)`).exec(header ?? '')?.[1] ?? '';
  return header === undefined
    ? {
        isQuery: true,
        signedHeaders: query.get('X-Amz-SignedHeaders') ?? '',
        signature: query.get('X-Amz-Signature') ?? '',
        time: query.get('X-Amz-Date') ?? '',
      }
    : {
        isQuery: false,
        signedHeaders: inHeader('SignedHeaders'),
        signature: inHeader('Signature'),
        time: headerValue(headers, 'x-amz-date') ?? '',
      };
}

function base({ method, body, region }: SignatureCase) {
  return { method, host: HOST, service: SERVICE, region, ...(body === '' ? {} : { body }) };
}

function target({ path, query }: SignatureCase): string {
  return withQuery(path, queryString(query));
}

export function withQuery(path: string, more: string): string {
  if (more === '') return path;
  return `${path}${path.includes('?') ? '&' : '?'}${more}`;
}

/** A request target without one of its query parameters. */
function without(whole: string, name: string): string {
  const [path = '', query = ''] = whole.split(/\?(.*)/s);
  return withQuery(
    path,
    query
      .split('&')
      .filter((pair) => !pair.startsWith(`${name}=`))
      .join('&'),
  );
}

function queryString(pairs: SignatureCase['query']): string {
  return pairs.map(([name, value]) => `${escapeAll(name)}=${escapeAll(value)}`).join('&');
}

function escapeAll(part: string): string {
  return encodeURIComponent(part).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function bag(pairs: SignatureCase['query']): Record<string, string | string[]> {
  const values: Record<string, string[]> = {};
  for (const [name, value] of pairs) values[name] = [...(values[name] ?? []), value];
  return values;
}

function wire({ method, body }: SignatureCase, path: string, headers: Record<string, unknown>): HttpRequest {
  return wireOf({ method, body: Buffer.from(body) }, path, headers);
}

function wireOf(
  { method, body }: Pick<HttpRequest, 'method' | 'body'>,
  path: string,
  headers: Record<string, unknown>,
): HttpRequest {
  return {
    method,
    target: path,
    headers: Object.entries(headers).map(([name, value]) => [name, String(value)]),
    body,
    sourceIp: '127.0.0.1',
  };
}
