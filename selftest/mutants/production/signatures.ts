import { createHash } from 'node:crypto';
import { OWN_KEYS } from '../../../infra/embedded/embedded-aws.ts';
import { type HttpResponse, headerValue } from '../../../infra/embedded/http.ts';
import { sign } from '../../../infra/targets/authenticate.ts';
import type { Change, Mutant } from '../../changes/change.ts';
import { gateway, gatewayAnswers, type Invocation, made } from '../../changes/gateway.ts';
import { OPEN, on } from './row.ts';

/** Longer than a signature is good: milliseconds. */
const TOLERANCE = 5 * 60_000;

const type = (answer: HttpResponse) => headerValue(answer.headers, 'x-amzn-errortype');
const named = (call: Invocation, name: string) => headerValue(call.headers, name) ?? '';
/** Key, day, region and service that a signature names. */
const scope = (call: Invocation) =>
  /Credential=([^/]+)\/(\d+)\/([^/]+)\/([^/]+)\//.exec(named(call, 'authorization'))?.slice(1) ?? [];
const isScoped = (call: Invocation) => {
  const [, , region, service] = scope(call);
  return region === 'us-east-1' && service === 'execute-api';
};
const age = (call: Invocation) =>
  Date.now() -
  Date.parse(named(call, 'x-amz-date').replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'));
const isTimely = (call: Invocation) => Math.abs(age(call)) < TOLERANCE;
const hasItsBody = (call: Invocation) =>
  createHash('sha256').update(call.body).digest('hex') === named(call, 'x-amz-content-sha256');

/** The call as the account itself would make it. */
function signedAnew(call: Invocation): Invocation {
  const dropped = /^(authorization|x-amz-(date|security-token|content-sha256)|content-length|host)$/i;
  const kept = Object.fromEntries(call.headers.filter(([name]) => !dropped.test(name)));
  const signed = sign(
    {
      method: call.method,
      url: `http://${named(call, 'host')}${call.target}`,
      headers: { ...kept, Host: named(call, 'host') },
      body: call.body.toString('utf8'),
    },
    OWN_KEYS,
    { region: 'us-east-1', service: 'execute-api' },
  );
  return { ...call, headers: Object.entries(signed.headers) };
}

/** Lets in what the gateway refuses with one type, where nothing but this is wrong with it. */
function forgives(errorType: string, what: (call: Invocation) => boolean): Change {
  return gateway(() => async (call, pass) => {
    const answer = await pass(call);
    return type(answer) === errorType && what(call) ? pass(signedAnew(call)) : answer;
  });
}

const MISMATCH = 'InvalidSignatureException';
const REFUSED = 'AccessDeniedException';

/** Gateways that do not look at all of a signature, or at none. */
export const signatures: readonly Mutant[] = [
  ...on(
    OPEN,
    'signatures-not-compared',
    'SAFE-14',
    'The secret is not checked: the id of a key is enough.',
    forgives(MISMATCH, (call) => isScoped(call) && isTimely(call) && hasItsBody(call)),
  ),
  ...on(
    OPEN,
    'bodies-not-signed',
    'SAFE-14',
    'What is between the client and the gateway may write its own records.',
    forgives(MISMATCH, (call) => !hasItsBody(call)),
  ),
  ...on(
    OPEN,
    'regions-not-compared',
    'SAFE-14',
    'A signature for one region is good in all.',
    forgives(MISMATCH, (call) => scope(call)[2] !== 'us-east-1'),
  ),
  ...on(
    OPEN,
    'services-not-compared',
    'SAFE-14',
    'A signature for another service can be played back here.',
    forgives(MISMATCH, (call) => scope(call)[3] !== 'execute-api'),
  ),
  ...on(
    OPEN,
    'signatures-never-expire',
    'SAFE-14',
    'A call that was overheard can be repeated for ever.',
    forgives(MISMATCH, (call) => age(call) > TOLERANCE),
  ),
  ...on(
    OPEN,
    'signatures-of-the-future',
    'SAFE-14',
    'A clock that is wrong makes signatures that last.',
    forgives(MISMATCH, (call) => age(call) < -TOLERANCE),
  ),
  ...on(
    OPEN,
    'unknown-keys-let-in',
    'SAFE-14',
    'An emulator that takes any key for an account.',
    forgives(REFUSED, (call) => scope(call)[0]?.startsWith('AKIA') === true),
  ),
  ...on(
    OPEN,
    'tokens-not-asked-for',
    'SAFE-14',
    'Temporary keys are good without the token that goes with them.',
    forgives(
      REFUSED,
      (call) => scope(call)[0]?.startsWith('ASIA') === true && named(call, 'x-amz-security-token') === '',
    ),
  ),
  ...on(
    OPEN,
    'unsigned-let-in',
    'SAFE-14',
    'The authorization type is only written down.',
    forgives('MissingAuthenticationTokenException', () => true),
  ),
  ...on(
    OPEN,
    'sessions-turned-away',
    'SAFE-14',
    'Signatures of an assumed role are refused.',
    gateway(
      () => async (call, pass) =>
        named(call, 'x-amz-security-token') === ''
          ? pass(call)
          : made(403, { message: 'Forbidden' }, [['x-amzn-ErrorType', 'ForbiddenException']]),
    ),
  ),
  ...on(
    OPEN,
    'users-turned-away',
    'SAFE-14',
    'The API has a resource policy that nobody fits.',
    gateway(
      () => async (call, pass) =>
        scope(call)[0]?.startsWith('AKIA') !== true || named(call, 'x-amz-security-token') !== ''
          ? pass(call)
          : made(403, { message: 'Forbidden' }, [['x-amzn-ErrorType', 'ForbiddenException']]),
    ),
  ),
  ...on(
    OPEN,
    'refusals-of-one-type',
    'SAFE-14',
    'Clients cannot tell a clock that is wrong from a right that they lack.',
    gatewayAnswers(
      () => true,
      (answer) => ({
        ...answer,
        headers: answer.headers.map(([name, value]) =>
          name.toLowerCase() === 'x-amzn-errortype' ? [name, 'ForbiddenException'] : [name, value],
        ),
      }),
    ),
  ),
  ...on(
    ['intake'],
    'any-key-let-in',
    'SAFE-14',
    'A proxy in front looks whether there is a key, and adds its own.',
    anyKeyLetIn(),
  ),
  ...on(
    ['intake'],
    'refused-keys-are-unknown-paths',
    'SAFE-14',
    'A key that is wrong is told as a path that is.',
    gatewayAnswers(
      () => true,
      (answer) => ({
        ...answer,
        headers: answer.headers.map(([name, value]) =>
          value === 'ForbiddenException' ? [name, 'MissingAuthenticationTokenException'] : [name, value],
        ),
      }),
    ),
  ),
];

/** It has seen the key being made. */
function anyKeyLetIn(): Change {
  return {
    middleware: () => {
      let good = '';
      return {
        port: (serve) => async (request) => {
          const answer = await serve(request);
          if (request.method === 'POST' && request.target.split('?')[0] === '/apikeys')
            good = String((JSON.parse(String(answer.body)) as { value?: unknown }).value);
          const isRefused = answer.status === 403 && headerValue(request.headers, 'x-api-key') !== undefined;
          if (!isRefused) return answer;
          const headers = request.headers.filter(([name]) => name.toLowerCase() !== 'x-api-key');
          return serve({ ...request, headers: [...headers, ['x-api-key', good]] });
        },
      };
    },
  };
}
