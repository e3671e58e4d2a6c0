import { createContext } from '../../embedded/apigateway/dataplane/context.ts';
import type { Value, VtlMap } from '../../embedded/apigateway/dataplane/vtl/value.ts';
import type { Budget } from './rendering.ts';
import { buildBody, Shape } from './shape.ts';
import { type Asked, type Trial, traceReads } from './trace.ts';

/** Enough for any real template; stops for templates that read something new in each round. */
const MAX_ROUNDS = 8;
/** The maximum number of trials of one input with one literal; a template with more conditions is not tried fully. */
const MAX_LITERAL_TRIALS = 60;

export function nothingAsked(): Asked {
  return { params: new Set(), root: new Shape(), context: new Set(), stageVariables: new Set() };
}

/**
 * Finds what a template reads: with all inputs, without each of them, and with each at each literal it compares with.
 */
export function discover(
  template: string,
  asked: Asked,
  stageVariables: Readonly<Record<string, string>>,
  budget: Budget,
): void {
  // This omits path parameters too: a client cannot, but it does no harm.
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const trials: Trial[] = [{}, ...literalTrials(template, asked)];
    if (/#(?:\{?)(?:if|elseif)/.test(template))
      trials.push(...inputNames(asked).map((absent) => ({ absent })));
    if (/parse(?:Int|Long|Float|Double)|valueOf/.test(template)) trials.push({ numeric: true });
    const changes = trials.map((trial) =>
      budget.isSpent
        ? false
        : budget.run(() =>
            // A template may change its context, and set each override once.
            traceReads(template, asked, trial, { context: contextOf(new Map()), stageVariables }),
          ),
    );
    if (!changes.includes(true)) return;
  }
}

/** The names of all inputs, as in `Trial`. */
function inputNames(asked: Asked): string[] {
  const { leaves } = buildBody(asked.root, () => '');
  return [...asked.params, ...new Set(leaves.map(({ pattern }) => `body:${pattern}`))];
}

function literalTrials(template: string, asked: Asked): Trial[] {
  const literals = comparedLiterals(template);
  if (literals.length === 0) return [];
  return inputNames(asked)
    .flatMap((name) => literals.map((literal): Trial => ({ given: [name, literal] })))
    .slice(0, MAX_LITERAL_TRIALS);
}

/** The string literals with which a template compares something. */
export function comparedLiterals(template: string): string[] {
  const found = template.matchAll(
    /[!=]=\s*(?:'([^']+)'|"([^"$]+)")|(?:'([^']+)'|"([^"$]+)")\s*[!=]=|\.(?:equals|equalsIgnoreCase)\(\s*(?:'([^']+)'|"([^"$]+)")/g,
  );
  return [...new Set([...found].map((match) => match.slice(1).find((text) => text !== undefined) ?? ''))];
}

/** The `$context` of a rendering: AWS's members with distinguishable values, and the given ones. */
export function contextOf(values: ReadonlyMap<string, string>): VtlMap {
  const context = createContext({
    account: { id: '123456789012', region: 'us-east-1', partition: 'aws', now: () => TIME },
    ids: { requestId: '', extendedRequestId: '' },
    apiId: '',
    stageName: '',
    httpMethod: '',
    path: '',
    host: undefined,
    userAgent: undefined,
    sourceIp: '',
    time: TIME,
  });
  for (const [name, value] of values) {
    const steps = name.split('.');
    let at: VtlMap = context;
    for (const step of steps.slice(0, -1)) {
      const next: Value = at.get(step) ?? new Map();
      at.set(step, next);
      if (!(next instanceof Map)) break;
      at = next;
    }
    at.set(steps.at(-1) ?? '', /^\d+$/.test(value) ? Number(value) : value);
  }
  return context;
}

const TIME = Date.UTC(2020, 0, 1);

/** Members of `$context` that differ between calls or between clients. */
export const CONTEXT_NAMES = [
  'accountId',
  'apiId',
  'domainName',
  'domainPrefix',
  'extendedRequestId',
  'httpMethod',
  'identity.accessKey',
  'identity.accountId',
  'identity.apiKey',
  'identity.apiKeyId',
  'identity.caller',
  'identity.cognitoIdentityId',
  'identity.sourceIp',
  'identity.user',
  'identity.userAgent',
  'identity.userArn',
  'path',
  'protocol',
  'requestId',
  'requestTime',
  'requestTimeEpoch',
  'resourceId',
  'resourcePath',
  'stage',
] as const;
