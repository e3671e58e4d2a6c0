import { selectedResponse, selects } from '../../embedded/apigateway/dataplane/integration-response.ts';
import type { IntegrationResponse } from '../../embedded/apigateway/model.ts';
import { inWords } from '../left-out.ts';
import { type Answers, ERRORS } from './answers.ts';
import type { KinesisMethod } from './methods.ts';
import type { Call, Weakness } from './types.ts';
import { TELLS } from './weak-names.ts';

/** The status that shows whether the client or the server is at fault (SAFE-2). */
const TELLING: Readonly<Record<string, number>> = {
  ResourceNotFoundException: 404,
  ResourceInUseException: 409,
  AccessDeniedException: 403,
  InvalidArgumentException: 400,
  ProvisionedThroughputExceededException: 429,
  LimitExceededException: 429,
};
/** Errors that only some actions can return, or that a run has only of them. */
const ONLY: Readonly<Record<string, (action: string) => boolean>> = {
  ResourceNotFoundException: (action) => !/^(?:ListStreams|CreateStream|GetRecords)$/.test(action),
  ResourceInUseException: (action) => action === 'CreateStream',
  InvalidArgumentException: (action) => action === 'GetRecords',
  ProvisionedThroughputExceededException: (action) => /^(?:Put|Get)/.test(action),
};
/** Kinesis's own failures. */
const FAILURES: ReadonlySet<string> = new Set(['InternalFailure', 'ServiceUnavailable']);

type Found = Omit<Weakness, 'where'>;

/** Lists the weaknesses of a call that its integration responses have: what becomes of Kinesis's errors. */
export function* weakResponses(call: Call, method: KinesisMethod, answers: Answers): Generator<Found> {
  yield* statuses(call, method, answers);
  if (answers.passed.length > 0)
    yield {
      what: "Kinesis's own text",
      why: `the client reads Kinesis's text of ${listed(answers.passed)}, which may name the account, the stream's ARN and the role`,
      clauses: ['SAFE-3'],
    };
  if (call.action === 'PutRecords' && answers.partly === answers.success)
    yield {
      what: 'partly stored batch as success',
      why: `a batch of which Kinesis refused records is answered ${answers.partly}, as one that is stored whole`,
      clauses: ['SAFE-4'],
    };
  if (answers.passesTextOfRecords)
    yield {
      what: "Kinesis's text of refused records",
      why: 'the answer to a batch that is stored in part has the ErrorMessage of each refused record, which names the account and the stream; print its ErrorCode only',
      clauses: ['SAFE-3'],
    };
  if (answers.untyped.length > 0)
    yield {
      what: 'errors without a type',
      why: `the answer to ${inWords(answers.untyped)} has no field whose value names the error and differs from that of other errors`,
      clauses: ['SAFE-3'],
    };
  // A put may be answered with nothing: its status says that the record is stored.
  const told = TELLS[call.action];
  if (answers.blank && told !== undefined)
    yield {
      what: 'blank answer',
      why: `the response template of a success prints nothing, and clients of ${call.action} need what Kinesis answers`,
      clauses: told,
    };
  if (answers.breaksByKey)
    yield {
      what: 'unescaped value in the answer',
      why: "a quote in a record's PartitionKey breaks the JSON of the answer; print the key by $input.json",
      clauses: ['SAFE-17'],
    };
  for (const { why } of answers.undetermined)
    yield {
      what: 'answer that is not JSON',
      why: `in the response template of a success, ${why}`,
      clauses: TELLS[call.action] ?? [],
    };
  yield* origins(call, method, answers);
}

function* statuses(call: Call, method: KinesisMethod, { unbuilt }: Answers): Generator<Found> {
  const responses = Object.values(method.integration.integrationResponses ?? {});
  const told = Object.entries(call.statuses);
  const successes = told.filter(([, status]) => status < 400).map(([type]) => type);
  const refusals = successes.filter((type) => !FAILURES.has(type));
  const [first] = [...refusals, ...successes];
  if (first !== undefined)
    yield {
      what: 'errors as success',
      why: `${successes.length === 1 ? `${first} is` : `${successes.length} kinds of Kinesis's errors, such as ${first}, are`} answered ${call.statuses[first]}${since(responses, successes)}`,
      clauses: refusals.length > 0 ? ['SAFE-1', 'SAFE-2'] : ['SAFE-2'],
    };
  const vague = told.flatMap(([type, status]): (readonly [type: string, text: string])[] => {
    const isRight = FAILURES.has(type) ? status >= 500 : status === (TELLING[type] ?? status);
    if (status < 400 || isRight || ONLY[type]?.(call.action) === false) return [];
    const wanted = FAILURES.has(type) ? '5xx' : TELLING[type];
    return [[type, `${type} is answered ${status} instead of ${wanted}`]];
  });
  const reasons = new Set(vague.flatMap(([type]) => unbuilt[type] ?? []));
  const unmatched = vague.flatMap(([type]) => {
    const status = String(ERRORS[type]);
    return responses.some(matching(status)) ? [] : [status];
  });
  if (unmatched.length > 0)
    reasons.add(`no selection pattern matches the status ${alternatives([...new Set(unmatched)])}`);
  if (vague.length > 0)
    yield {
      what: 'statuses that do not tell',
      why: [vague.map(([, text]) => text).join(', '), ...reasons].join('; '),
      clauses: ['SAFE-2'],
    };
  yield* patterns(responses, successes.length > 0);
}

/** Why Kinesis's errors of some types get the response that they get. */
function since(responses: readonly IntegrationResponse[], types: readonly string[]): string {
  const sent = [...new Set(types.map((type) => String(ERRORS[type])))];
  const taken = sent.flatMap((status) => {
    const pattern = selectedResponse(responses, Number(status))?.selectionPattern;
    return pattern ? [`the selection pattern ${pattern} takes ${status}`] : [];
  });
  const free = sent.filter((status) => !responses.some(matching(status)));
  return [
    ...(free.length > 0 ? [`no selection pattern matches the status ${alternatives(free)}`] : []),
    ...taken,
  ]
    .map((reason) => `; ${reason}`)
    .join('');
}

function matching(status: string) {
  return ({ selectionPattern }: IntegrationResponse) =>
    selectionPattern !== undefined && selectionPattern !== '' && selects(selectionPattern, status);
}

function listed([first, ...others]: readonly string[]): string {
  return others.length === 0
    ? `${first}`
    : `${first} and ${others.length} other${others.length === 1 ? '' : 's'}`;
}

const STATUSES = Array.from({ length: 500 }, (_, index) => String(100 + index));

function* patterns(responses: readonly IntegrationResponse[], hidesErrors: boolean): Generator<Found> {
  const idle = responses.flatMap(({ selectionPattern }) =>
    selectionPattern && !STATUSES.some((status) => selects(selectionPattern, status))
      ? [selectionPattern]
      : [],
  );
  if (idle.length > 0)
    yield {
      what: 'pattern that never matches',
      why: `the selection pattern ${idle.join(' and ')} is compared with Kinesis's status, such as 400, and matches none`,
      clauses: hidesErrors ? ['SAFE-1', 'SAFE-2'] : [],
    };
  const shared = responses.find(({ statusCode }, at) =>
    responses.some((other, index) => index < at && other.statusCode === statusCode),
  );
  if (shared !== undefined)
    yield {
      what: 'responses of one status',
      why: `two integration responses have the status ${shared.statusCode}, and a method keeps one for each status; give one of them another status`,
      clauses: ['SAFE-1', 'SAFE-2', 'SAFE-5'],
    };
  for (const status of [...new Set(['200', ...Object.values(ERRORS).map(String)])]) {
    const rivals = responses.filter(matching(status));
    if (rivals.length < 2) continue;
    const named = rivals.map(({ selectionPattern }) => selectionPattern).join(' and ');
    yield {
      what: 'patterns that overlap',
      why: `the selection patterns ${named} match the status ${status} alike, and AWS documents no order`,
      clauses: ['SAFE-2'],
    };
    return;
  }
}

/** What pages of another origin cannot read, although the preflight lets them call. */
function* origins({ cors }: Call, { preflightGuard }: KinesisMethod, answers: Answers): Generator<Found> {
  if (preflightGuard !== undefined)
    yield {
      what: 'guarded preflight',
      why: `OPTIONS demands ${preflightGuard}, and browsers send no credentials with a preflight`,
      clauses: ['SAFE-15'],
    };
  const allowed = cors?.preflightOrigin;
  if (!cors?.preflight || allowed === undefined || answers.errors === 'as-200') return;
  const others = Map.groupBy(Object.entries(answers.origins), ([, origin]) => origin);
  for (const [origin, types] of others) {
    if (origin === allowed || origin === '*') continue;
    const named = types.map(([type]) => type);
    const which = `the answer to ${listed(named)}`;
    yield {
      what: 'errors that a page cannot read',
      why:
        origin === undefined
          ? `${which} allows no origin`
          : `${which} allows the origin ${origin}, and the preflight ${allowed}`,
      clauses: ['SAFE-15'],
    };
  }
}

/** `a, b or c`. */
export function alternatives(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
