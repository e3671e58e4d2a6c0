import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Tally } from '../report.ts';
import { type Comparison, type Difference, search, staleOf } from './search.ts';

const explanation = { kind: 'even', reason: 'r', fact: 'f' };

function comparison(differences: (value: number) => readonly (typeof explanation | undefined)[]) {
  const found = (value: number): Difference[] =>
    differences(value).map((explanation) => ({ input: `${value}`, expected: 'e', actual: 'a', explanation }));
  return {
    fixed: [1, 2],
    generated: fc.nat(),
    differences: async (value: number) => found(value),
  } satisfies Comparison<number>;
}

test('an unexplained difference is shrunk as far as possible', async () => {
  const large = comparison((value) => (value > 100 ? [undefined] : []));
  const [first] = await search(large, { cases: 50, seed: 1 }, new Tally());
  assert.equal(first?.input, '101');
});

test('an explained difference does not hide an unexplained one', async () => {
  const found = await search(
    comparison(() => [explanation, undefined]),
    { cases: 1, seed: 1 },
    new Tally(),
  );
  assert.deepEqual(
    found.map(({ input }) => input),
    ['1', '2', '0'],
  );
});

test('explained differences are counted, except during shrinking', async () => {
  const tally = new Tally();
  const mixed = comparison((value) => (value === 2 ? [explanation] : []));
  assert.deepEqual(await search(mixed, { cases: 10, seed: 1 }, tally), []);
  assert.deepEqual([tally.cases, tally.explained[0]?.count], [12, 1]);
});

test('an explanation is stale when its witness no longer differs, or when another explains it', async () => {
  const entry = (witness: number) => ({ ...explanation, witness });
  const [even, odd, other] = [entry(4), entry(5), entry(4)];
  const { differences } = comparison((value) => (value % 2 === 0 ? [even] : []));
  assert.deepEqual(await staleOf([even], differences), []);
  assert.match((await staleOf([odd], differences))[0]?.input ?? '', /^explanation even, at its witness 5/);
  assert.equal((await staleOf([other], differences)).length, 1);
});
