import { expect } from '../expect/expect.ts';
import { type Attempt, answered } from './offered.ts';
import { MAX_BATCH } from './production.ts';

const ACCOUNT = /\b\d{12}\b/;
const TYPE = /^[A-Za-z][\w.#-]*$/;

/** An error's type has a member of its own: one word, not a sentence. */
export function hasType({ answer }: Attempt): boolean {
  const words = (value: unknown, depth: number): boolean => {
    if (typeof value === 'string') return TYPE.test(value) && value.length > 2;
    if (typeof value !== 'object' || value === null || depth === 0) return false;
    return Object.values(value).some((member) => words(member, depth - 1));
  };
  return typeof answer.json === 'object' && words(answer.json, 2);
}

/** @returns what an error tells that is nobody's business; empty where it tells nothing. */
export function givesAway({ answer }: Attempt, roleNames: readonly string[]): string[] {
  return [
    ...(ACCOUNT.test(answer.text) ? ['an account id'] : []),
    ...(/arn:aws[\w-]*:/.test(answer.text) ? ['an ARN'] : []),
    ...roleNames.filter((name) => answer.text.includes(name)).map((name) => `the role ${name}`),
    ...(/\$input|\$util|#set\(/.test(answer.text) ? ['text of a template'] : []),
  ];
}

/**
 * The positions of the records that an answer says were refused, by how it differs from that of a whole batch: a list of
 * positions that was empty there, or elements of another shape than those of stored records.
 * @returns undefined where it tells none.
 */
export function refusedIn({ answer }: Attempt, whole: Attempt, count: number): readonly number[] | undefined {
  const before = listsIn(whole.answer.json);
  const told = [...listsIn(answer.json)].flatMap(([at, list]) => {
    const stored = before.get(at) ?? [];
    if (list.length > 0 && stored.length === 0 && list.every((item) => Number.isInteger(item)))
      return [list as number[]];
    const shapes = new Set(stored.map(shapeOf));
    const positions = list.flatMap((item, position) => (shapes.has(shapeOf(item)) ? [] : [position]));
    return list.length === count && positions.length > 0 && stored.length > 0 ? [positions] : [];
  });
  const [first, ...others] = told;
  for (const other of others)
    expect(isSameBut(first ?? [], other), `whether ${answer} says the same of its records twice`).to.equal(
      true,
    );
  return first;
}

/** One list may count from one. */
function isSameBut(one: readonly number[], other: readonly number[]): boolean {
  const by = (other[0] ?? 0) - (one[0] ?? 0);
  return (
    one.length === other.length && Math.abs(by) <= 1 && one.every((at, index) => other[index] === at + by)
  );
}

/** All lists in a JSON value, by their places. */
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

/** @returns whether an answer says of some records of a batch, and not of others, that they failed. */
export function tellsWhichFailed({ answer }: Attempt): boolean {
  const lists: unknown[][] = [];
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) lists.push(value);
    if (typeof value === 'object' && value !== null) Object.values(value).forEach(walk);
  };
  walk(answer.json);
  return lists.some((list) => {
    const isPositions = list.length > 0 && list.every((item) => Number.isInteger(item));
    const shapes = new Set(list.map((item) => shapeOf(item)));
    return isPositions || (list.length === MAX_BATCH && shapes.size > 1);
  });
}

/** A value that ends its own text in a JSON document and adds the member once more: Kinesis takes the last. */
export function breakingOut(member: string, value: string): string {
  return `none", "${member}": "${value}`;
}

/** What clients of a reading call are after. */
const WANTED: Readonly<Record<string, string>> = {
  ListStreams: 'StreamNames',
  DescribeStream: 'StreamDescription/StreamName',
  GetShardIterator: 'ShardIterator',
  GetRecords: 'Records/*/Data',
};

/** @returns what an answer to a reading call gives, a status of success among it where the proxy tells errors by others. */
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
