import { createHash } from 'node:crypto';
import aws4 from 'aws4';
import type { Authentication } from './deployed-api.ts';
import type { AwsAccess } from './target.ts';

export type Credentials = NonNullable<AwsAccess['credentials']>;

export interface Call {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * Adds authentication to a call: the given headers, the API key, then a SigV4 signature for `execute-api`
 * (docs/facts/gateway.md#callers).
 * @param credentials called for each request that is signed with the run's own credentials, since these may expire and
 * be renewed.
 */
export async function authenticate<T extends Call>(
  call: T,
  { iam, apiKey, headers: further = {} }: Authentication,
  credentials: () => Promise<Credentials>,
): Promise<T> {
  const headers: Record<string, string> = {
    ...call.headers,
    ...further,
    ...(apiKey !== undefined && { 'x-api-key': apiKey }),
  };
  if (iam === undefined) return { ...call, headers };
  const own = iam.credentials ?? (await credentials());
  return sign({ ...call, headers }, own, { region: iam.region, service: 'execute-api' });
}

/**
 * Signs a call with SigV4, including all its headers and its body.
 * @param scope the region and service of the signature's credential scope; `at` is the signing time, by default now.
 */
export function sign<T extends Call>(
  call: T,
  credentials: Credentials,
  scope: { readonly region: string; readonly service: string; readonly at?: Date },
): T {
  const { headers } = call;
  const { host, pathname, search } = new URL(call.url);
  const own = Object.keys(headers).find((name) => name.toLowerCase() === 'host');
  // Pass the hash rather than the body: given a body, aws4 adds a Content-Type header where the call has none.
  const hash = createHash('sha256')
    .update(call.body ?? '')
    .digest('hex');
  const signed = aws4.sign(
    {
      host: own === undefined ? host : String(headers[own]),
      method: call.method,
      path: pathname + search,
      headers: {
        ...headers,
        'X-Amz-Content-Sha256': hash,
        ...(scope.at && { 'X-Amz-Date': scope.at.toISOString().replace(/[-:]|\.\d{3}/g, '') }),
      },
      service: scope.service,
      region: scope.region,
    },
    credentials,
  );
  return { ...call, headers: signed.headers };
}
