import { UsageError } from '../../infra/errors.ts';

/** `index` counts from 1 to `count`. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/**
 * The part of a selection that one machine runs. Every scenario is in exactly one shard, and no shard is empty. The
 * longest scenario is assigned first, each to the shard with the least time so far (LPT), so the longest shard takes
 * at most the mean plus one scenario. The result depends on the arguments only, so every machine computes the same
 * shards.
 * @param durationOf milliseconds, at least 0.
 * @returns its scenarios, in the order in which they were given.
 * @throws UsageError where there are more shards than scenarios; an empty selection gives empty shards.
 */
export function shardOf<Scenario extends { readonly id: string }>(
  scenarios: readonly Scenario[],
  { index, count }: Shard,
  durationOf: (scenario: Scenario) => number,
): Scenario[] {
  if (scenarios.length > 0 && count > scenarios.length)
    throw new UsageError(
      `--shard ${index}/${count} splits the selection into more shards than it has scenarios; the highest n is ${scenarios.length}`,
    );
  const loads = Array.from({ length: count }, () => ({ durationMs: 0, scenarios: new Set<Scenario>() }));
  const longestFirst = scenarios
    .map((scenario) => ({ scenario, durationMs: durationOf(scenario) }))
    .sort((a, b) => b.durationMs - a.durationMs || (a.scenario.id < b.scenario.id ? -1 : 1));
  for (const { scenario, durationMs } of longestFirst) {
    // Among equal shards, the one with fewer scenarios: else all scenarios without a duration would go to one shard.
    const least = loads.reduce((best, load) =>
      load.durationMs < best.durationMs ||
      (load.durationMs === best.durationMs && load.scenarios.size < best.scenarios.size)
        ? load
        : best,
    );
    least.durationMs += durationMs;
    least.scenarios.add(scenario);
  }
  return scenarios.filter((scenario) => loads[index - 1]?.scenarios.has(scenario));
}
