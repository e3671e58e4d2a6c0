import { callBounded } from '../bounds/http.ts';
import { messageOf, TargetError } from '../errors.ts';
import { authenticate } from './authenticate.ts';
import type { Authentication } from './deployed-api.ts';

/** Calls that change nothing; an API of the tutorial answers at least one of them otherwise than as unknown. */
const PATHS = ['/streams', '/streams/kpc-probe', '/streams/kpc-probe/records'];

interface Seen {
  readonly status: number;
  readonly body: string;
  readonly errorType: string;
}

/**
 * Calls a stage as the run will, before anything else is done.
 * @returns the names in its list of streams; undefined where it gives none, which is for the run to judge.
 * @throws TargetError where nothing answers, it is no stage, or the calls are not let in; the message tells which.
 */
export async function knock(
  url: string,
  authentication: Authentication,
  credentials: Parameters<typeof authenticate>[2],
): Promise<readonly string[] | undefined> {
  const seen: Seen[] = [];
  for (const path of PATHS) {
    const answer = await call(url + path, authentication, credentials);
    seen.push(answer);
    if (!isUnknownPath(answer)) break;
  }
  const first = seen[0] as Seen;
  const last = seen.at(-1) as Seen;
  const problem = isUnknownPath(last) ? unknown(authentication) : refusal(last, authentication);
  if (problem !== undefined)
    throw new TargetError(
      `${url}${PATHS[seen.length - 1]} answers ${last.status} ${quote(last.body)}: ${problem}`,
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

/** What a stage says of a path without a method, and a gateway of a URL without a stage (facts 3.7). */
function isUnknownPath({ status, body }: Seen): boolean {
  return status === 403 && body.includes('Missing Authentication Token');
}

function unknown({ iam }: Authentication): string {
  return iam
    ? 'this is not the stage URL of a Kinesis proxy; it ends in the stage, such as /test'
    : 'this is not the stage URL of a Kinesis proxy (it ends in the stage, such as /test), or the API wants signed calls (--auth iam)';
}

/** Why a call was not let in; undefined where it was, whatever it did then. */
function refusal({ status, body, errorType }: Seen, { iam, apiKey }: Authentication): string | undefined {
  if (status === 401) return 'an authorizer wants a token, which this suite cannot give';
  if (status === 404 || (status >= 300 && status < 400))
    return 'there is no stage at this URL; correct --url';
  if (status !== 403) return body.trimStart().startsWith('<') ? 'this is a web page, no stage' : undefined;
  if (/signature|security token|not authorized|IncompleteSignature/i.test(`${errorType} ${body}`))
    return iam
      ? 'the signed call is refused; check the AWS credentials, their right to execute-api:Invoke, and --region'
      : 'the API wants calls that are signed by who may make them (--auth iam)';
  if (/"message"\s*:\s*"Forbidden"/.test(body))
    return apiKey === undefined
      ? 'there is no such stage, or the API wants an API key (API_KEY)'
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
