import { callBounded } from '../bounds/http.ts';
import type { Interface } from '../definition/interface/types.ts';
import { messageOf, TargetError } from '../errors.ts';
import { authenticate } from './authenticate.ts';
import type { Authentication } from './deployed-api.ts';
import { isReading, probePathOf, THREE_WAYS } from './offered.ts';

/** Calls that change nothing; an API of the tutorial answers at least one of them otherwise than as unknown. */
const PATHS = ['/streams', '/streams/kpc-probe', '/streams/kpc-probe/records'];
/** Calls at most. */
const MAX_PROBES = 3;

/** Paths to GET, and whether each has a method: what no method stands at is called to see that there is a stage. */
interface Probes {
  readonly paths: readonly string[];
  readonly areOffered: boolean;
}

function probesOf(offered: Interface | undefined): Probes {
  if (offered === undefined) return { paths: PATHS, areOffered: true };
  const paths = offered.calls
    .filter(({ method, action, anyMethod }) => method === 'GET' && isReading(action) && !anyMethod)
    .map(probePathOf)
    .slice(0, MAX_PROBES);
  if (paths.length > 0) return { paths, areOffered: true };
  // Where a method takes whatever path there is, no call is known to change nothing.
  const isGreedy = offered.calls.some(({ path }) => path.includes('+}'));
  return { paths: isGreedy ? [] : ['/kpc-probe'], areOffered: false };
}

interface Seen {
  readonly status: number;
  readonly body: string;
  readonly errorType: string;
}

/**
 * Calls a stage as the run will, before anything else is done, and changes nothing.
 * @param api.offered undefined where nobody knows; then it is taken for the tutorial's.
 * @returns the names in its list of streams; undefined where it gives none, which is for the run to judge.
 * @throws TargetError where nothing answers, it is not a stage, or the calls are not let in; the message tells which.
 */
export async function probeStage(
  url: string,
  { offered, authentication }: { offered: Interface | undefined; authentication: Authentication },
  credentials: Parameters<typeof authenticate>[2],
): Promise<readonly string[] | undefined> {
  const seen: Seen[] = [];
  const { paths, areOffered } = probesOf(offered);
  for (const path of paths) {
    const answer = await call(url + path, authentication, credentials);
    seen.push(answer);
    if (!isUnknownPath(answer)) break;
  }
  const [first, last] = [seen[0], seen.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  // A method that nobody has is what a stage is expected to say of it.
  if (!areOffered && (isUnknownPath(last) || isUnreadable(last))) return undefined;
  const problem = isUnknownPath(last)
    ? unknown(authentication, offered)
    : refusal(last, { authentication, offered });
  if (problem !== undefined)
    throw new TargetError(
      `${url}${paths[seen.length - 1]} answers ${last.status} ${quote(last.body)}: ${problem}`,
    );
  return namesIn(first.body);
}

async function call(
  url: string,
  authentication: Authentication,
  credentials: Parameters<typeof authenticate>[2],
): Promise<Seen> {
  const signed = await authenticate({ method: 'GET', url, headers: {} }, authentication, credentials);
  try {
    const answer = await callBounded(url, { headers: signed.headers, deadlineMs: 40_000 });
    return {
      status: answer.status,
      body: answer.body,
      errorType: String(answer.headers['x-amzn-errortype'] ?? ''),
    };
  } catch (error) {
    throw new TargetError(
      `nothing answers at ${url} (${messageOf(error)}); correct --url, or see whether the API is private`,
      { cause: error },
    );
  }
}

/**
 * What a stage says of a path without a method, and a gateway of a URL without a stage (docs/facts/gateway.md#errors).
 */
function isUnknownPath({ status, body }: Seen): boolean {
  return status === 403 && body.includes('Missing Authentication Token');
}

/**
 * What a gateway says of a header Authorization that is not a signature, on a path without a method
 * (docs/facts/gateway.md#errors).
 */
function isUnreadable({ status, body }: Seen): boolean {
  return status === 403 && body.includes('in Authorization header');
}

function unknown({ iam }: Authentication, offered: Interface | undefined): string {
  const signed = iam ? '' : ', or the API wants signed calls (--auth iam)';
  if (offered !== undefined)
    return `the stage has no such method, although ${offered.source} names it: correct that file or --url, which ends in the stage${signed}`;
  return `this is not the stage URL of a Kinesis proxy of the tutorial's shape (it ends in the stage, such as /test)${signed}, or it has another shape; ${THREE_WAYS}`;
}

/** Why a call was not let in; undefined where it was, whatever it did then. */
function refusal(
  { status, body, errorType }: Seen,
  {
    authentication: { iam, apiKey, headers },
    offered,
  }: { authentication: Authentication; offered: Interface | undefined },
): string | undefined {
  // What an authorizer guards is not observable without its token, and the rest of such an API may be.
  if (status === 401 && offered !== undefined) return undefined;
  if (status === 401)
    return headers === undefined
      ? 'an authorizer wants a token (--auth header:NAME=VALUE)'
      : 'the authorizer does not take the header that --auth gives';
  if (status === 404 || (status >= 300 && status < 400))
    return 'there is no stage at this URL; correct --url';
  if (status !== 403) return body.trimStart().startsWith('<') ? 'this is a web page, no stage' : undefined;
  if (/signature|security token|not authorized|IncompleteSignature/i.test(`${errorType} ${body}`))
    return iam
      ? 'the signed call is refused; check the AWS credentials, their right to execute-api:Invoke, and --region'
      : 'the API wants calls that are signed by who may make them (--auth iam)';
  if (/"message"\s*:\s*"Forbidden"/.test(body))
    return apiKey === undefined
      ? 'there is no such stage, or the API wants an API key (KPC_API_KEY)'
      : 'there is no such stage, or the API key is not of a usage plan of it';
  return 'the call is not let in, perhaps by a resource policy or a firewall';
}

function namesIn(body: string): readonly string[] | undefined {
  try {
    const { StreamNames } = JSON.parse(body) as { StreamNames?: unknown };
    return Array.isArray(StreamNames) ? StreamNames.map(String) : undefined;
  } catch {
    return undefined;
  }
}

function quote(body: string): string {
  return body.slice(0, 160).replace(/\s+/g, ' ').trim();
}
