import { callBounded } from '../bounds/http.ts';
import type { Interface } from '../definition/interface/types.ts';
import { messageOf, TargetError } from '../errors.ts';
import { authenticate } from './authenticate.ts';
import type { Authentication } from './deployed-api.ts';
import { HOW_TO_DESCRIBE_THE_API, isReading, probePathOf } from './offered.ts';

/** Paths to GET, which changes nothing; an API of the tutorial's shape has a method at one of them at least. */
const PATHS = ['/streams', '/streams/kpc-probe', '/streams/kpc-probe/records'];
/** The maximum number of calls. */
const MAX_PROBES = 3;

/** Paths to GET, and whether the API has methods there. A path without a method still shows that the stage exists. */
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
  // A greedy path may match any call, so no call is known to be safe.
  const isGreedy = offered.calls.some(({ path }) => path.includes('+}'));
  return { paths: isGreedy ? [] : ['/kpc-probe'], areOffered: false };
}

interface Seen {
  readonly status: number;
  readonly body: string;
  readonly errorType: string;
}

/**
 * Before the run starts, calls the stage as the run will, changing nothing.
 * @param api.offered undefined when unknown; then the API is assumed to have the tutorial's shape.
 * @returns the stream names that the API lists; undefined if it lists none, which the run judges later.
 * @throws TargetError when nothing answers, the URL is not a stage, or it refuses the calls; the message says which.
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
  // The path has no method, so a stage is expected to answer that it does not know it.
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
      `nothing answers at ${url} (${messageOf(error)}); correct --url, or check whether the API is private`,
      { cause: error },
    );
  }
}

/**
 * A stage answers this for a path without a method, and a gateway for a URL without a stage
 * (docs/facts/gateway.md#errors).
 */
function isUnknownPath({ status, body }: Seen): boolean {
  return status === 403 && body.includes('Missing Authentication Token');
}

/**
 * On a path without a method, a gateway answers this to an Authorization header that is not a signature
 * (docs/facts/gateway.md#errors).
 */
function isUnreadable({ status, body }: Seen): boolean {
  return status === 403 && body.includes('in Authorization header');
}

function unknown({ iam }: Authentication, offered: Interface | undefined): string {
  const signed = iam ? '' : ', or the API requires signed calls (--auth iam)';
  if (offered !== undefined)
    return `the stage has no such method, although ${offered.source} lists it: correct that file or --url, which ends in the stage${signed}`;
  return `this is not the stage URL of a Kinesis proxy of the tutorial's shape (it ends in the stage, such as /test)${signed}, or it has another shape; ${HOW_TO_DESCRIBE_THE_API}`;
}

/** Why the gateway refused a call; undefined if the call got through, whatever it did then. */
function refusal(
  { status, body, errorType }: Seen,
  {
    authentication: { iam, apiKey, headers },
    offered,
  }: { authentication: Authentication; offered: Interface | undefined },
): string | undefined {
  // Methods behind an authorizer are not observable without its token, but other methods of the API may be.
  if (status === 401 && offered !== undefined) return undefined;
  if (status === 401)
    return headers === undefined
      ? 'an authorizer requires a token (--auth header:NAME=VALUE)'
      : 'the authorizer rejects the header that --auth gives';
  if (status === 404 || (status >= 300 && status < 400))
    return 'there is no stage at this URL; correct --url';
  if (status !== 403) return body.trimStart().startsWith('<') ? 'this is a web page, not a stage' : undefined;
  if (/signature|security token|not authorized|IncompleteSignature/i.test(`${errorType} ${body}`))
    return iam
      ? 'the signed call is refused; check the AWS credentials, their permission for execute-api:Invoke, and --region'
      : 'the API requires calls signed with credentials that may invoke it (--auth iam)';
  if (/"message"\s*:\s*"Forbidden"/.test(body))
    return apiKey === undefined
      ? 'there is no such stage, or the API requires an API key (KPC_API_KEY)'
      : 'there is no such stage, or no usage plan of it includes the API key';
  return 'the call is refused, perhaps by a resource policy or a firewall';
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
