import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UsageError } from '../../infra/errors.ts';
import { shardOf } from './shard.ts';

interface Timed {
  readonly id: string;
  readonly durationMs: number;
}

const durationOf = ({ durationMs }: Timed) => durationMs;

/** A selection of scenarios, each with a duration, and a number of shards that it can fill. */
const selections = fc
  .array(fc.record({ id: fc.string({ unit: 'binary' }), durationMs: fc.nat(10_000) }), {
    minLength: 1,
    maxLength: 60,
  })
  .map((rows) => [...new Map(rows.map((row) => [row.id, row])).values()])
  .chain((scenarios) => fc.tuple(fc.constant(scenarios), fc.integer({ min: 1, max: scenarios.length })));

function shards(scenarios: readonly Timed[], count: number): Timed[][] {
  return Array.from({ length: count }, (_, position) =>
    shardOf(scenarios, { index: position + 1, count }, durationOf),
  );
}

const total = (scenarios: readonly Timed[]) => scenarios.reduce((sum, { durationMs }) => sum + durationMs, 0);

test('every scenario is in exactly one shard, in the order of the selection, and no shard is empty', () => {
  fc.assert(
    fc.property(selections, ([scenarios, count]) => {
      const all = shards(scenarios, count);
      for (const shard of all) {
        assert.ok(shard.length > 0);
        const positions = shard.map((scenario) => scenarios.indexOf(scenario));
        assert.deepEqual(
          positions,
          positions.toSorted((a, b) => a - b),
        );
      }
      assert.equal(all.flat().length, scenarios.length);
      assert.equal(new Set(all.flat()).size, scenarios.length);
    }),
  );
});

test('a machine that reads the scenarios in another order computes the same shards', () => {
  const shuffled = selections.chain(([scenarios, count]) =>
    fc.tuple(
      fc.constant(scenarios),
      fc.constant(count),
      fc.shuffledSubarray(scenarios, { minLength: scenarios.length }),
    ),
  );
  fc.assert(
    fc.property(shuffled, ([scenarios, count, elsewhere]) => {
      const idsOf = (all: Timed[][]) => all.map((shard) => shard.map(({ id }) => id).sort());
      assert.deepEqual(idsOf(shards(elsewhere, count)), idsOf(shards(scenarios, count)));
    }),
  );
});

test('no shard takes longer than the mean of all and the longest scenario together', () => {
  fc.assert(
    fc.property(selections, ([scenarios, count]) => {
      const longest = Math.max(...scenarios.map(durationOf));
      for (const shard of shards(scenarios, count))
        assert.ok(total(shard) <= total(scenarios) / count + longest);
    }),
  );
});

test('the longest scenarios are spread first', () => {
  const scenarios = [8, 7, 6, 5, 4].map((durationMs) => ({ id: `takes ${durationMs}`, durationMs }));
  assert.deepEqual(
    shards(scenarios, 2).map((shard) => shard.map(durationOf)),
    [
      [8, 5, 4],
      [7, 6],
    ],
  );
});

test('more shards than scenarios are refused in every shard, an empty selection in none', () => {
  const scenarios = [{ id: 'a', durationMs: 1 }];
  for (const index of [1, 2])
    assert.throws(
      () => shardOf(scenarios, { index, count: 2 }, durationOf),
      (error) => error instanceof UsageError && /the highest n is 1/.test(error.message),
    );
  assert.deepEqual(shardOf([], { index: 2, count: 2 }, durationOf), []);
});
