import { inWords } from '../../infra/definition/left-out.ts';
import type { TargetKind } from '../../infra/targets/target.ts';
import type { Exchange } from './exchange.ts';

/** The target of a run, as far as it decides which calls an authorizer lets through. */
export interface AuthorizerTarget {
  readonly kind: TargetKind;
  readonly name: string;
}

const ELSEWHERE = 'judge the deployed API: --target url --url URL --auth header:NAME=VALUE (or KPC_AUTH)';

/**
 * Why a run cannot call methods that are behind an authorizer; undefined if it can. A token is of use only where the
 * authorizer exists: no emulator runs one, since a run deploys neither its function nor its user pool.
 * @param methods such as `POST /notes`.
 */
export function whyShut(
  methods: readonly string[],
  { kind, name }: AuthorizerTarget,
  hasToken: boolean,
): string | undefined {
  const subject = `${inWords(methods)} ${methods.length === 1 ? 'is' : 'are'} behind an authorizer`;
  if (kind === 'url' || kind === 'aws') {
    if (hasToken) return undefined;
    const why = `${subject}, and the run has no token for it; give it by --auth header:NAME=VALUE, or KPC_AUTH`;
    return kind === 'url'
      ? why
      : `${why}; where the file does not contain the authorizer's function, ${ELSEWHERE}`;
  }
  const lacks = doesNotEmulate(name)
    ? `, which ${name} does not emulate`
    : ', and a run deploys none on an emulator';
  return `${subject}${lacks}; ${ELSEWHERE}`;
}

/**
 * Whether a target stops a caller without a token. The embedded AWS does; LocalStack lets everybody pass
 * (docs/facts/localstack.md#integration), and other emulators are not known.
 */
export function stopsAnonymous({ kind, name }: AuthorizerTarget): boolean {
  return kind === 'url' || kind === 'aws' || isEmbedded(name);
}

/** Products that are known not to emulate authorizers (docs/embedded.md, docs/facts/localstack.md#integration). */
function doesNotEmulate(name: string): boolean {
  return isEmbedded(name) || name === 'LocalStack';
}

function isEmbedded(name: string): boolean {
  return name === 'embedded AWS';
}

/**
 * What the embedded AWS lacks that a call needs; undefined if it lacks nothing. AWS never answers 501, so such an
 * answer says nothing about the API.
 */
export function lackOfEmulation({ response }: Exchange): string | undefined {
  if (response.status !== 501 || response.headers['x-amzn-errortype'] !== 'NotImplementedException')
    return undefined;
  // A gateway response of the API may replace the text.
  const [, what] = /does not emulate ([^"]*)/.exec(response.body) ?? [];
  return `the embedded AWS does not emulate ${what ?? 'what this call needs'}; judge the API on AWS: --target aws, or --target url --url URL`;
}
