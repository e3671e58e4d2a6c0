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
 * A call with the headers that its authentication adds: those given, the API key, then a SigV4 signature for `execute-api`
 * (docs/facts/gateway.md#callers).
 * @param credentials asked for only where the call is to be signed with the run's own, since they may expire and be
 * renewed.
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
 * A call with a SigV4 signature of all its headers and its body.
 * @param scope what the signature says that it is for, and when it was made: now, unless it says so.
 */
export function sign<T extends Call>(
  call: T,
  credentials: Credentials,
  scope: { readonly region: string; readonly service: string; readonly at?: Date },
): T {
  const { headers } = call;
  const { host, pathname, search } = new URL(call.url);
  const own = Object.keys(headers).find((name) => name.toLowerCase() === 'host');
  // A hash instead of the body: aws4 would add a media type to a body that names none.
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
