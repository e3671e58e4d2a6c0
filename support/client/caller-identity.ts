import { NotObservable } from '../../infra/errors.ts';
import { authenticate, type Call, type Credentials, sign } from '../../infra/targets/authenticate.ts';
import type { Authentication } from '../../infra/targets/deployed-api.ts';

/** The credentials of a run's client. */
export interface ClientCredentials {
  readonly authentication: Authentication | undefined;
  /** The run's own credentials, used unless the run created a user for its client. */
  readonly credentials: () => Promise<Credentials>;
}

/** The identity under which a client calls. */
export interface CallerIdentity {
  /** False if the proxy must refuse the call. */
  readonly isAuthorized: boolean;
  /** Returns the call with the headers or the signature of this identity. */
  applyTo<T extends Call>(call: T, clientCredentials: ClientCredentials): Promise<T>;
}

/** The run's client, with all its credentials. */
export const OWN_IDENTITY: CallerIdentity = {
  isAuthorized: true,
  applyTo: async (call, { authentication, credentials }) =>
    authentication ? authenticate(call, authentication, credentials) : call,
};

/** A client that sends no authentication. */
export const ANONYMOUS: CallerIdentity = { isAuthorized: false, applyTo: async (call) => call };

/** A client with an API key that does not exist. */
export const UNKNOWN_API_KEY: CallerIdentity = {
  isAuthorized: false,
  applyTo: async (call, { authentication, credentials }) =>
    authenticate(call, { ...authentication, apiKey: 'nobody-gave-out-this-key-0000000000' }, credentials),
};

/** Longer than the clock skew that a run accepts, and than a signature is valid: milliseconds. */
const HOUR = 3_600_000;

/** How a call can be signed, in the words of the step "the client calls … signed …". */
export const SIGNATURES = [
  'by nobody',
  'by its user',
  'by a session of its user',
  'by a session without its token',
  'with an unknown access key',
  'with a wrong secret',
  'for another region',
  'for another service',
  'an hour ago',
  'an hour ahead of time',
  'before its body was changed',
  'before a header was changed',
  'before its query was changed',
] as const;
export type Signature = (typeof SIGNATURES)[number];

/** @param session temporary credentials of the client's user. */
export function signedIdentity(
  signature: Signature,
  session: (own: Credentials, region: string) => Promise<Credentials>,
): CallerIdentity {
  const isAuthorized = signature === 'by its user' || signature === 'by a session of its user';
  return {
    isAuthorized,
    async applyTo(call, { authentication, credentials }) {
      const { iam } = authentication ?? {};
      if (iam === undefined)
        throw new NotObservable('calls are not signed in this run; sign them with --auth iam');
      const own = iam.credentials ?? (await credentials());
      const { region } = iam;
      const scope = { region, service: 'execute-api' };
      const { iam: _, ...others } = authentication ?? {};
      const plain = await authenticate(call, others, credentials);
      switch (signature) {
        case 'by nobody':
          return plain;
        case 'by its user':
          return sign(plain, own, scope);
        case 'by a session of its user':
          return sign(plain, await session(own, region), scope);
        case 'by a session without its token': {
          const { sessionToken: _, ...untold } = await session(own, region);
          return sign(plain, untold, scope);
        }
        case 'with an unknown access key':
          return sign(plain, { ...own, accessKeyId: 'AKIA2222222222222222' }, scope);
        case 'with a wrong secret':
          return sign(plain, { ...own, secretAccessKey: 'not-the-secret' }, scope);
        case 'for another region':
          return sign(plain, own, { ...scope, region: region === 'us-east-1' ? 'us-west-2' : 'us-east-1' });
        case 'for another service':
          return sign(plain, own, { ...scope, service: 'kinesis' });
        case 'an hour ago':
          return sign(plain, own, { ...scope, at: new Date(Date.now() - HOUR) });
        case 'an hour ahead of time':
          return sign(plain, own, { ...scope, at: new Date(Date.now() + HOUR) });
        case 'before its body was changed': {
          const signed = sign(plain, own, scope);
          // The call has the same meaning, so a gateway that does not verify the signature accepts it.
          return { ...signed, body: `${signed.body ?? ''}\n` };
        }
        case 'before a header was changed': {
          const signed = sign({ ...plain, headers: { ...plain.headers, 'X-Signed': 'one' } }, own, scope);
          return { ...signed, headers: { ...signed.headers, 'X-Signed': 'another' } };
        }
        case 'before its query was changed': {
          const signed = sign(plain, own, scope);
          return { ...signed, url: `${signed.url}${signed.url.includes('?') ? '&' : '?'}added=1` };
        }
      }
    },
  };
}
