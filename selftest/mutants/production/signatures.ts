import { createHash } from 'node:crypto';
import { OWN_KEYS } from '../../../infra/embedded/embedded-aws.ts';
import { type HttpResponse, headerValue } from '../../../infra/embedded/http.ts';
import { sign } from '../../../infra/targets/authenticate.ts';
import type { Change, Mutant } from '../../changes/change.ts';
import { gateway, gatewayAnswers, type Invocation, made } from '../../changes/gateway.ts';
import { OPEN, on } from './row.ts';

/** How far the time of a signature may be off: milliseconds. */
const TOLERANCE = 5 * 60_000;

const type = (answer: HttpResponse) => headerValue(answer.headers, 'x-amzn-errortype');
const named = (call: Invocation, name: string) => headerValue(call.headers, name) ?? '';
/** The key, day, region and service in the credential scope of a signature. */
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

/** Signs the call again, with the keys of the account itself. */
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

/** Accepts the calls that the gateway refuses with one error type, where the predicate finds the one defect to forgive. */
function forgives(errorType: string, what: (call: Invocation) => boolean): Change {
  return gateway(() => async (call, pass) => {
    const answer = await pass(call);
    return type(answer) === errorType && what(call) ? pass(signedAnew(call)) : answer;
  });
}

const MISMATCH = 'InvalidSignatureException';
const REFUSED = 'AccessDeniedException';

/** Gateways that check a signature only in part, or not at all. */
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
    'The signature of the body is not checked, so a proxy in between could change records.',
    forgives(MISMATCH, (call) => !hasItsBody(call)),
  ),
  ...on(
    OPEN,
    'regions-not-compared',
    'SAFE-14',
    'A signature for another region is accepted.',
    forgives(MISMATCH, (call) => scope(call)[2] !== 'us-east-1'),
  ),
  ...on(
    OPEN,
    'services-not-compared',
    'SAFE-14',
    'A signature for another service is accepted.',
    forgives(MISMATCH, (call) => scope(call)[3] !== 'execute-api'),
  ),
  ...on(
    OPEN,
    'signatures-never-expire',
    'SAFE-14',
    'A signature never expires, so a recorded call can be repeated.',
    forgives(MISMATCH, (call) => age(call) > TOLERANCE),
  ),
  ...on(
    OPEN,
    'signatures-of-the-future',
    'SAFE-14',
    'A signature from the future is accepted.',
    forgives(MISMATCH, (call) => age(call) < -TOLERANCE),
  ),
  ...on(
    OPEN,
    'unknown-keys-let-in',
    'SAFE-14',
    'Any access key id is accepted.',
    forgives(REFUSED, (call) => scope(call)[0]?.startsWith('AKIA') === true),
  ),
  ...on(
    OPEN,
    'tokens-not-asked-for',
    'SAFE-14',
    'Temporary keys are accepted without their session token.',
    forgives(
      REFUSED,
      (call) => scope(call)[0]?.startsWith('ASIA') === true && named(call, 'x-amz-security-token') === '',
    ),
  ),
  ...on(
    OPEN,
    'unsigned-let-in',
    'SAFE-14',
    'The authorization type is set, but not enforced.',
    forgives('MissingAuthenticationTokenException', () => true),
  ),
  ...on(
    OPEN,
    'sessions-turned-away',
    'SAFE-14',
    'Valid signatures of an assumed role are refused.',
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
    'The API’s resource policy refuses every user.',
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
    'All refusals have one type, so clients cannot tell a wrong clock from a missing permission.',
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
    'A proxy in front replaces any API key by a valid one.',
    anyKeyLetIn(),
  ),
  ...on(
    ['intake'],
    'refused-keys-are-unknown-paths',
    'SAFE-14',
    'A wrong API key is answered as an unknown path.',
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

/** Learns a valid API key from the call that creates it. */
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
