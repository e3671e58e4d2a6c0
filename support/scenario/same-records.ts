import { expect } from '../expect/expect.ts';

/** The number of records that a failure lists. */
const MAX_TOLD = 5;

/** A record as a failure shows it. */
export interface Shown {
  readonly data: string;
  readonly partitionKey?: string;
}

/** A record of a stream. */
export interface Held extends Shown {
  /** The key as it is stored, which is not the expected text where the gateway puts a value into it. */
  readonly storedUnder?: string;
}

/** Asserts that a stream holds these records, in order within a key, and names what it lacks or holds besides. */
export function holdsSame(name: string, held: readonly Held[], expected: readonly Shown[]): void {
  const [lacking, more] = [lackingIn(expected, held), lackingIn(held, expected)];
  if (lacking.length > 0 || more.length > 0)
    expect.fail(
      `expected ${name} to hold what was put, and it ${[
        ...(lacking.length > 0 ? [`lacks ${listed(lacking)}`] : []),
        ...(more.length > 0 ? [`holds ${listed(more)}`] : []),
      ].join(' and ')}${lacking.length > 0 ? '' : ' besides'}`,
    );
  const places = Map.groupBy(expected.keys(), (at) => inWordsOf(expected[at] as Shown));
  for (const [key, records] of ofOneKey(held)) {
    const first = (record: Shown) => places.get(inWordsOf(record))?.[0] ?? 0;
    const inOrder = isInOrder(records, places) ? records : records.toSorted((a, b) => first(a) - first(b));
    expect(dataOf(records), `${name}, under the key ${key},`).to.hold(dataOf(inOrder));
  }
}

function listed(records: readonly Shown[]): string {
  const told = records.slice(0, MAX_TOLD).map(inWordsOf).join(', ');
  return records.length > MAX_TOLD ? `${told} and ${records.length - MAX_TOLD} more` : told;
}

function inWordsOf({ data, partitionKey }: Shown): string {
  return `${JSON.stringify(data)}${partitionKey === undefined ? '' : ` under the key ${JSON.stringify(partitionKey)}`}`;
}

/** The records of the first list that the second lacks; a record that occurs twice counts twice. */
function lackingIn(records: readonly Shown[], others: readonly Shown[]): Shown[] {
  const left = others.map(inWordsOf);
  return records.filter((record) => {
    const at = left.indexOf(inWordsOf(record));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** Grouped by key, since shards have no order among them. Records without a known key have none. */
function ofOneKey(records: readonly Held[]): [string, Held[]][] {
  const known = records.filter(({ partitionKey }) => partitionKey !== undefined);
  const groups = Map.groupBy(known, ({ partitionKey, storedUnder = partitionKey }) =>
    JSON.stringify(storedUnder),
  );
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** @param places where each record is among the expected ones: several where it occurs more than once. */
function isInOrder(records: readonly Shown[], places: ReadonlyMap<string, readonly number[]>): boolean {
  let last = -1;
  for (const record of records) {
    const next = places.get(inWordsOf(record))?.find((at) => at > last);
    if (next === undefined) return false;
    last = next;
  }
  return true;
}

function dataOf(records: readonly Shown[]): string[] {
  return records.map(({ data }) => data);
}
