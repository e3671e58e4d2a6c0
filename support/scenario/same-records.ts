import { expect } from '../expect/expect.ts';

/** The number of records that a failure lists. */
const MAX_TOLD = 5;

/** A record as a failure shows it. */
export interface Shown {
  readonly data: string;
  readonly partitionKey?: string;
}

/** Asserts that a stream holds these records, in order within a key, and names what it lacks or holds besides. */
export function holdsSame(name: string, held: readonly Shown[], expected: readonly Shown[]): void {
  const [lacking, more] = [lackingIn(expected, held), lackingIn(held, expected)];
  if (lacking.length > 0 || more.length > 0)
    expect.fail(
      `expected ${name} to hold what was put, and it ${[
        ...(lacking.length > 0 ? [`lacks ${listed(lacking)}`] : []),
        ...(more.length > 0 ? [`holds ${listed(more)}`] : []),
      ].join(' and ')}${lacking.length > 0 ? '' : ' besides'}`,
    );
  const wanted = byKey(expected);
  for (const [key, list] of Object.entries(byKey(held)))
    expect(list, `${name}, under the key ${key},`).to.hold(wanted[key] ?? []);
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

/** Grouped by key, since shards have no order among them; without keys by their data. */
function byKey<T extends { data: string; partitionKey?: string | undefined }>(
  records: readonly T[],
): Record<string, string[]> {
  const groups: Record<string, string[]> = {};
  for (const { data, partitionKey } of records) {
    const key = JSON.stringify(partitionKey ?? null);
    groups[key] = [...(groups[key] ?? []), data];
  }
  for (const [key, list] of Object.entries(groups)) if (key === 'null') list.sort();
  return Object.fromEntries(Object.entries(groups).sort(([a], [b]) => (a < b ? -1 : 1)));
}
