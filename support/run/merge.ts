import { UsageError } from '../../infra/errors.ts';
import type { RetryCounts } from '../../infra/retry/rate-limit.ts';
import { listed } from './exclusions.ts';
import { type ClauseResult, type Results, type ScenarioRun, summarize } from './results.ts';
import { judge } from './verdict.ts';

/**
 * Merges the shards of one selection and judges them as one run.
 * @param order the clause ids in the order of a whole run. Other clauses follow.
 * @param today `YYYY-MM-DD`, to compare with the last days of divergences.
 * @throws UsageError when shards overlap, are missing, or do not belong together.
 */
export function mergeResults(shards: readonly Results[], order: readonly string[], today: string): Results {
  const [first] = shards;
  if (!first) throw new UsageError("there is nothing to merge; name the shards' results");
  for (const shard of shards) assertSame(first, shard);
  assertWhole(shards);
  const runs = shards.flatMap(({ scenarios }) => scenarios).map(toRun);
  assertDisjoint(runs);
  // Judging the merged runs finds broken scenarios again.
  const broken = shards.find(
    ({ verdict, scenarios }) => verdict === 'error' && scenarios.every(({ result }) => result !== 'error'),
  )?.because;
  const short = runs.length < first.selection.size;
  const judgement = judge({
    clauses: clausesOf(shards, order),
    runs,
    selected: runs,
    notApplicable: notApplicableIn(shards),
    ...(first.exclusions && { exclusions: first.exclusions }),
    divergences: unique(
      shards.flatMap(({ divergences }) => divergences),
      subject,
    ),
    // Only a shard with a foreign list gives this status.
    isForeign: shards.some(({ divergences }) => divergences.some(({ status }) => status === 'unneeded')),
    today,
    // The shards' own `gating` and `inference` already reflect the kind of target.
    target: 'embedded',
    failure:
      broken ?? (short ? `the shards ran ${runs.length} of ${first.selection.size} scenarios` : undefined),
  });
  const { shard: _, ...selection } = first.selection;
  const description = withoutShard(first);
  return {
    ...first,
    startedAt: shards.map(({ startedAt }) => startedAt).sort()[0] as string,
    durationMs: Math.max(...shards.map(({ durationMs }) => durationMs)),
    selection: { ...selection, complete: description === selection.levels.join(' and '), description },
    ...(first.throttling && { throttling: together(shards.map(({ throttling }) => throttling)) }),
    ...judgement,
    clauses: withInference(judgement.clauses, shards),
    summary: summarize(judgement),
  };
}

/** The clauses that are not applicable in every shard that has them. */
function notApplicableIn(shards: readonly Results[]): Set<string> {
  const all = shards.flatMap(({ clauses }) => clauses);
  const others = new Set(all.filter(({ result }) => result !== 'not-applicable').map(({ id }) => id));
  return new Set(all.map(({ id }) => id).filter((id) => !others.has(id)));
}

function clausesOf(shards: readonly Results[], order: readonly string[]): ClauseResult[] {
  const place = new Map(order.map((id, position) => [id, position]));
  return unique(
    shards.flatMap(({ clauses }) => clauses),
    ({ id }) => id,
  ).sort((a, b) => (place.get(a.id) ?? order.length) - (place.get(b.id) ?? order.length));
}

/** If the shards ran on AWS itself, an inferred clause is confirmed or refuted by all of them together. */
function withInference(clauses: readonly ClauseResult[], shards: readonly Results[]): ClauseResult[] {
  const isAws = shards.some((shard) => shard.clauses.some(({ inference }) => inference !== undefined));
  return clauses.map((clause) => {
    const { grade, result } = clause;
    if (!isAws || grade !== 'I' || (result !== 'passed' && result !== 'failed')) return clause;
    return { ...clause, inference: result === 'passed' ? 'confirmed' : 'refuted' };
  });
}

/** Adds up the retries of all shards. */
function together(all: readonly Results['throttling'][]): Results['throttling'] {
  const sum = (of: (counts: RetryCounts) => number) =>
    all.reduce((total, counts) => total + (counts ? of(counts) : 0), 0);
  const actions = new Set(all.flatMap((counts) => Object.keys(counts?.repeated ?? {})));
  return {
    throttled: sum(({ throttled }) => throttled),
    serverErrors: sum(({ serverErrors }) => serverErrors),
    lostConnections: sum(({ lostConnections }) => lostConnections),
    repeated: Object.fromEntries(
      [...actions].sort().map((action) => [action, sum(({ repeated }) => repeated[action] ?? 0)]),
    ),
  };
}

function withoutShard({ selection }: Results): string {
  return selection.description.replace(/, shard \d+\/\d+$/, '');
}

function subject({ clause, scenario }: Results['divergences'][number]): string {
  return clause ?? (scenario as string);
}

function unique<T>(rows: readonly T[], key: (row: T) => string): T[] {
  return [...new Map(rows.map((row) => [key(row), row])).values()];
}

function assertDisjoint(runs: readonly ScenarioRun[]): void {
  const seen = new Set<string>();
  for (const { id } of runs) {
    if (seen.has(id)) throw new UsageError(`two shards ran "${id}"; merge each shard once`);
    seen.add(id);
  }
}

function assertSame(first: Results, other: Results): void {
  const facts: [string, (results: Results) => string][] = [
    ['suite', ({ suite }) => `${suite.version} ${suite.commit}`],
    ['definition', ({ definition }) => definition.sha256],
    ['contract', ({ contract }) => contract],
    ['target', ({ target }) => `${target.kind} ${target.name} ${target.version}`],
    ['exclusions', ({ exclusions = [] }) => listed(exclusions) || 'none'],
    ['selection', (results) => `${withoutShard(results)}, ${results.selection.size} scenarios`],
  ];
  for (const [what, of] of facts)
    if (of(first) !== of(other))
      throw new UsageError(
        `the shards differ in their ${what} (${of(first)}; ${of(other)}); merge shards of one run`,
      );
}

function assertWhole(shards: readonly Results[]): void {
  const parts = shards.map(({ selection }) => selection.shard);
  if (parts.includes(undefined))
    throw new UsageError('one of the results is from a whole run; only results of --shard i/n can be merged');
  const total = Number(parts[0]?.split('/')[1]);
  if (parts.some((part) => Number(part?.split('/')[1]) !== total))
    throw new UsageError(`the shards have different counts (${parts.join(', ')}); merge shards of one run`);
  const indices = parts.map((part) => Number(part?.split('/')[0]));
  const twice = indices.find((index, position) => indices.indexOf(index) !== position);
  if (twice !== undefined)
    throw new UsageError(`shard ${twice}/${total} was given twice; merge each shard once`);
  for (let index = 1; index <= total; index += 1)
    if (!indices.includes(index)) throw new UsageError(`shard ${index}/${total} is missing; add its results`);
}

/** Undoes the divergences that a shard applied, since the merged run is judged again. */
function toRun({ result, ...scenario }: Results['scenarios'][number]): ScenarioRun {
  return { ...scenario, outcome: result === 'diverged' ? 'failed' : result };
}
