import { NotObservable } from '../../infra/errors.ts';
import { authenticate, type Call, type Credentials, sign } from '../../infra/targets/authenticate.ts';
import type { Authentication } from '../../infra/targets/deployed-api.ts';

/** What a run's client has to be let in with. */
export interface Means {
  readonly authentication: Authentication | undefined;
  /** The run's own, for where its client is no user that the run made. */
  readonly credentials: () => Promise<Credentials>;
}

/** As whom a client calls. */
export interface Guise {
  /** False for one that is to be turned away. */
  readonly isWelcome: boolean;
  /** The call as it is sent. */
  dress<T extends Call>(call: T, means: Means): Promise<T>;
}

/** With all that the run's client has. */
export const ITSELF: Guise = {
  isWelcome: true,
  dress: async (call, { authentication, credentials }) =>
    authentication ? authenticate(call, authentication, credentials) : call,
};

/** Without anything that authenticates it. */
export const NOBODY: Guise = { isWelcome: false, dress: async (call) => call };

/** With an API key that nobody gave out. */
export const ANOTHER_KEY: Guise = {
  isWelcome: false,
  dress: async (call, { authentication, credentials }) =>
    authenticate(call, { ...authentication, apiKey: 'nobody-gave-out-this-key-0000000000' }, credentials),
};

/** Longer than clocks are apart with which a run begins, and than a signature is good: milliseconds. */
const HOUR = 3_600_000;

/** A signature that is not as it should be, by the words of a step: "the client calls … signed …". */
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
export function signedGuise(
  signature: Signature,
  session: (own: Credentials, region: string) => Promise<Credentials>,
): Guise {
  const isWelcome = signature === 'by its user' || signature === 'by a session of its user';
  return {
    isWelcome,
    async dress(call, { authentication, credentials }) {
      const { iam } = authentication ?? {};
      if (iam === undefined)
        throw new NotObservable('calls are not signed in this run; give --auth iam to have them signed');
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
          // What the call asks for stays the same, so that a gateway that does not look lets it through.
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
