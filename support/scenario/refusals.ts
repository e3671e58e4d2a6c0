import { nameOfCall } from '../../infra/definition/interface/describe.ts';
import { hasType as hasTypeIn, untold } from '../../infra/definition/interface/error-types.ts';
import type { Call } from '../../infra/definition/interface/types.ts';
import { NotObservable } from '../../infra/errors.ts';
import { expect } from '../expect/expect.ts';
import type { ProxyWorld } from '../world.ts';
import { MAX_BATCH } from './batch-size.ts';
import { setKinesisConditions } from './conditions.ts';
import { type Attempt, answered } from './offered.ts';
import { callsAction } from './production.ts';

/** Twelve digits, but not the last group of a UUID, such as a request id. */
const ACCOUNT = /(?<![-\w])\d{12}(?!\w)/;
/** A member that only a successful answer of Kinesis has. Creation and deletion have none. */
const DONE: Readonly<Record<string, string>> = {
  ListStreams: 'StreamNames',
  DescribeStream: 'StreamDescription/StreamName',
  PutRecord: 'SequenceNumber',
  PutRecords: 'Records/*/SequenceNumber',
  GetShardIterator: 'ShardIterator',
  GetRecords: 'Records',
};

/** Whether Kinesis succeeded: such an answer may contain other words, none of which is an error type. */
export function isDone(attempt: Pick<Attempt, 'answer' | 'call'>): boolean {
  const done = DONE[attempt.call.action];
  return attempt.answer.succeeded && done !== undefined && answered(attempt, done).length > 0;
}

/** Whether an error has its type in a separate member: one word or a URI, not a sentence. */
export function hasType({ answer }: Pick<Attempt, 'answer'>): boolean {
  return hasTypeIn(answer.json);
}

/** What Kinesis answers to calls whose errors a client has to tell apart, by the errors' types. */
const KINDS = ['AccessDeniedException', 'throttling', 'InternalFailure'] as const;

/** Calls an action three times under a role without permissions: Kinesis denies it, throttles it, and fails. */
export async function meetsErrors(world: ProxyWorld, action: string): Promise<void> {
  const throttling = /^(?:Put|Get)/.test(action)
    ? 'ProvisionedThroughputExceededException'
    : 'LimitExceededException';
  for (const kind of KINDS) {
    if (kind !== 'AccessDeniedException')
      await setKinesisConditions(world, { failing: { [action]: kind === 'throttling' ? throttling : kind } });
    await callsAction(world, action);
  }
}

/**
 * Asserts that each call's errors have types that differ. An error whose status is wrong is not looked at: SAFE-1 and
 * SAFE-2 tell that.
 */
export function tellsErrorsApart({ offered: { attempts } }: ProxyWorld): void {
  for (const [, errors] of Map.groupBy(attempts, ({ call }) => call)) {
    const byKind = new Map(
      KINDS.flatMap((kind, at) => {
        const error = errors[at];
        return error && isOfItsKind(kind, error) ? [[kind as string, error]] : [];
      }),
    );
    const [kind] = untold(new Map([...byKind].map(([name, error]) => [name, error.answer.json])));
    if (kind !== undefined)
      expect.fail(
        `expected a field with the type of the error, which tells ${kind} from other errors, and ${byKind.get(kind)?.answer}`,
      );
  }
}

function isOfItsKind(kind: (typeof KINDS)[number], { answer: { status } }: Attempt): boolean {
  return kind === 'InternalFailure' ? status >= 500 : status >= 400 && status < 500;
}

/** Failures that are Kinesis's own (docs/facts/kinesis.md#errors). */
const FAILURES = ['InternalFailure', 'ServiceUnavailable'];

/** @returns the failures of Kinesis that a call's definition does not report as server errors, with their statuses. */
export function failuresTold({ statuses }: Pick<Call, 'statuses'>): string[] {
  return FAILURES.flatMap((type) => {
    const status = statuses[type];
    return status === undefined || status >= 500 ? [] : [`${type} is answered ${status}`];
  });
}

/** @returns the internal details that an error reveals; empty if there are none. */
export function internalDetails({ answer }: Pick<Attempt, 'answer'>, roleNames: readonly string[]): string[] {
  return detailsIn(answer.text, roleNames);
}

function detailsIn(text: string, roleNames: readonly string[]): string[] {
  return [
    ...(ACCOUNT.test(text) ? ['account id'] : []),
    ...(/arn:aws[\w-]*:/.test(text) ? ['ARN'] : []),
    ...roleNames.filter((name) => text.includes(name)).map((name) => `name of the role ${name}`),
    ...(/\$input|\$util|#set\(/.test(text) ? ['text of a template'] : []),
  ];
}

/**
 * The same of the answer to a batch that Kinesis stored in part, apart from what it tells of stored records: their
 * shards may be printed by their numbers, which have twelve digits, and their stream by its ARN.
 */
export function internalDetailsOfRefused(
  { answer }: Pick<Attempt, 'answer'>,
  roleNames: readonly string[],
): string[] {
  if (answer.json === undefined) return internalDetails({ answer }, roleNames);
  return detailsIn(JSON.stringify(withoutStored(answer.json)), roleNames);
}

/** A sequence number (docs/facts/kinesis.md#records). */
const SEQUENCE_NUMBER = /^\d{50,}$/;
const SHARD_NUMBER = /^\d{12}$/;

function withoutStored(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !isOfStored(item)).map(withoutStored);
  if (typeof value === 'string') return SHARD_NUMBER.test(value) ? '' : value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withoutStored(member)]));
}

function isOfStored(item: unknown): boolean {
  const values = typeof item === 'object' && item !== null ? Object.values(item) : [item];
  return values.some((value) => SEQUENCE_NUMBER.test(String(value)));
}

/**
 * The positions of the records that an answer reports as refused, by how it differs from that of a fully stored batch:
 * a list of positions that was empty there, or elements of another shape than those of stored records.
 * @returns undefined if it names none.
 */
export function refusedIn({ answer }: Attempt, whole: Attempt, count: number): readonly number[] | undefined {
  const before = listsIn(whole.answer.json);
  const told = [...listsIn(answer.json)].flatMap(([at, list]) => {
    const stored = before.get(at) ?? [];
    if (list.length > 0 && stored.length === 0) {
      const positions = positionsIn(list, count);
      return positions === undefined ? [] : [positions];
    }
    const shapes = new Set(stored.map(shapeOf));
    const byShape = list.flatMap((item, position) => (shapes.has(shapeOf(item)) ? [] : [position]));
    const positions = byShape.length > 0 ? byShape : otherFates(list, stored);
    return list.length === count && positions.length > 0 && stored.length > 0 ? [positions] : [];
  });
  const [first, ...others] = told;
  for (const other of others)
    if (!isSameBut(first ?? [], other))
      expect.fail(`expected lists that agree on which records failed, and ${answer}`);
  return first;
}

/** One list may count from one. */
function isSameBut(one: readonly number[], other: readonly number[]): boolean {
  const by = (other[0] ?? 0) - (one[0] ?? 0);
  return (
    one.length === other.length && Math.abs(by) <= 1 && one.every((at, index) => other[index] === at + by)
  );
}

/** All lists in a JSON value, by their pointers. */
function listsIn(json: unknown): Map<string, readonly unknown[]> {
  const lists = new Map<string, readonly unknown[]>();
  const walk = (value: unknown, at: string): void => {
    if (Array.isArray(value)) lists.set(at, value);
    else if (typeof value === 'object' && value !== null)
      for (const [name, member] of Object.entries(value)) walk(member, `${at}/${name}`);
  };
  walk(json, '');
  return lists;
}
/** The number of different results of records: stored, or one of a few types of error. */
const MAX_FATES = 5;

/** @returns whether an answer says of some records of a batch, and not of others, that they failed. */
export function tellsWhichFailed({ answer }: Pick<Attempt, 'answer'>, count = MAX_BATCH): boolean {
  const lists: unknown[][] = [];
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) lists.push(value);
    if (typeof value === 'object' && value !== null) Object.values(value).forEach(walk);
  };
  walk(answer.json);
  return lists.some((list) => arePositions(list, count) || (list.length === count && tellsFates(list)));
}

/** The positions in the batch that a list contains, alone or as members. @returns undefined where it has none. */
function positionsIn(list: readonly unknown[], count: number): number[] | undefined {
  const isPosition = (value: unknown) => Number.isInteger(value) && Number(value) <= count;
  const candidates = [list, ...namesIn(list).map((name) => list.map((item) => memberOf(item, name)))];
  return candidates.find((values) => values.every(isPosition) && new Set(values).size === values.length) as
    | number[]
    | undefined;
}

function arePositions(list: readonly unknown[], count: number): boolean {
  return list.length > 0 && list.length < count && positionsIn(list, count) !== undefined;
}

/** Positions of the items that differ from all items of a fully stored batch: `false` instead of `true`. */
function otherFates(list: readonly unknown[], stored: readonly unknown[]): number[] {
  const values: ((item: unknown) => unknown)[] = [
    (item) => item,
    ...namesIn(stored).map((name) => (item: unknown) => memberOf(item, name)),
  ];
  for (const told of values) {
    const [usual, ...others] = new Set(stored.map((item) => JSON.stringify(told(item))));
    if (others.length > 0) continue;
    const positions = list.flatMap((item, position) =>
      JSON.stringify(told(item)) === usual ? [] : [position],
    );
    if (positions.length > 0) return positions;
  }
  return [];
}

/** Whether the items of a list, one for each record, are of a few kinds: by their members, or the value of one. */
function tellsFates(list: readonly unknown[]): boolean {
  const isTelling = (kinds: readonly unknown[]) => {
    const { size } = new Set(kinds.map((kind) => JSON.stringify(kind)));
    return size > 1 && size <= MAX_FATES;
  };
  return (
    isTelling(list.map(shapeOf)) ||
    isTelling(list) ||
    namesIn(list).some((name) => isTelling(list.map((item) => memberOf(item, name))))
  );
}

function namesIn(list: readonly unknown[]): string[] {
  return [
    ...new Set(list.flatMap((item) => (typeof item === 'object' && item !== null ? Object.keys(item) : []))),
  ];
}

function memberOf(item: unknown, name: string): unknown {
  return typeof item === 'object' && item !== null ? (item as Record<string, unknown>)[name] : undefined;
}

/** A value that ends its own text in a JSON document and adds the member again: Kinesis uses the last one. */
export function breakingOut(member: string, value: string): string {
  return `none", "${member}": "${value}`;
}

/** The member that clients of a call want: of a page its data, since a page without records gives them nothing. */
const WANTED: Readonly<Record<string, string>> = { ...DONE, GetRecords: 'Records/*/Data' };

/**
 * @returns what an answer gives to a client, including a success status where the proxy reports errors by
 * status.
 */
export function given(attempt: Attempt): unknown[] {
  const { call, answer } = attempt;
  const values = answered(attempt, WANTED[call.action] ?? '').flat();
  return [
    ...values.filter((value) => value !== null && value !== ''),
    ...(call.errors === 'mapped' && answer.succeeded ? [answer.status] : []),
  ];
}

/** The members of an object that are not empty. */
function shapeOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.entries(value)
    .filter(([, member]) => member !== null && member !== '')
    .map(([name]) => name)
    .sort()
    .join(' ');
}

/**
 * Asserts that callers are turned away.
 * @throws NotObservable where only what the run does not deploy, such as a resource policy, may do that.
 */
export function isTurnedAway({ offered, deployment }: ProxyWorld): void {
  const admitted = offered.attempts.filter(({ answer }) => answer.status !== 401 && answer.status !== 403);
  const { limitsCallers } = offered.interface;
  const isOurs = deployment.target.kind !== 'url';
  const isLimited = ({ call }: Attempt) =>
    isOurs && limitsCallers !== undefined && call.auth === 'none' && !call.apiKeyRequired;
  for (const attempt of admitted)
    if (!isLimited(attempt)) expect.fail(`expected 401 or 403, and ${attempt.answer}`);
  const [first] = admitted;
  if (first !== undefined)
    throw new NotObservable(
      `${nameOfCall(first.call)} demands no credentials, and ${limitsCallers}, which may turn callers away, is not deployed by a run; judge the deployed API with --url, or let the method demand a signature, a key or an authorizer`,
    );
}
