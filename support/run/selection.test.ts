import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { loadDefinition } from '../../infra/definition/definition.ts';
import type { Interface } from '../../infra/definition/interface/types.ts';
import { UsageError } from '../../infra/errors.ts';
import { loadCatalogue } from './catalogue.ts';
import { recordedDurations } from './durations.ts';
import { mergeResults } from './merge.ts';
import { parseOptions } from './options.ts';
import { readScenarios } from './plan.ts';
import { type Results, type ScenarioRun, summarize } from './results.ts';
import { type Selection, select } from './selection.ts';
import { ROOT } from './suite.ts';
import { judge } from './verdict.ts';

const catalogue = loadCatalogue(path.join(ROOT, 'features/catalogue.yaml'));
const all = readScenarios(ROOT);
const folder = mkdtempSync(path.join(tmpdir(), 'kpc-selection-'));
after(() => rmSync(folder, { recursive: true }));

const selectBy = (argv: readonly string[]) =>
  select(parseOptions(argv, {}, folder), catalogue, all, undefined);

function shardsOf(argv: readonly string[], count: number): Selection[] {
  return Array.from({ length: count }, (_, index) => selectBy([...argv, '--shard', `${index + 1}/${count}`]));
}

test('a shard covers exactly the clauses that its scenarios decide', () => {
  const whole = selectBy([]);
  const shards = shardsOf([], 5);
  for (const { clauses, scenarios, size, complete } of shards) {
    const decided = new Set(scenarios.flatMap((scenario) => scenario.clauses));
    for (const { id } of clauses) assert.ok(decided.has(id), id);
    assert.equal(size, whole.size);
    assert.equal(complete, false);
  }
  assert.deepEqual(
    new Set(shards.flatMap(({ clauses }) => clauses.map(({ id }) => id))),
    new Set(whole.clauses.map(({ id }) => id)),
  );
});

test('a scenario of a shard lists its clauses that other shards decide too', () => {
  const [first, second] = shardsOf([], 2);
  const elsewhere = new Set(second?.scenarios.flatMap(({ clauses }) => clauses));
  assert.ok(first?.scenarios.some(({ sharedClauses = [] }) => sharedClauses.length > 0));
  for (const { clauses, sharedClauses } of first?.scenarios ?? [])
    assert.deepEqual(
      sharedClauses,
      clauses.filter((id) => elsewhere.has(id)),
    );
});

test('shards are balanced on targets with recorded durations', () => {
  for (const target of ['embedded', 'localstack'] as const) {
    const durations = recordedDurations(ROOT, target);
    const shards = shardsOf(['--target', target], 4).map(({ scenarios }) =>
      scenarios.reduce((sum, { id }) => sum + (durations[id] ?? 0), 0),
    );
    const mean = shards.reduce((sum, duration) => sum + duration) / shards.length;
    assert.ok(Math.max(...shards) <= 1.1 * mean, `${target}: ${shards.join(', ')} ms`);
  }
});

test('the durations of a given earlier run are used; a run of other scenarios is refused', () => {
  const scenarios = selectBy([]).scenarios.map(({ id }, position) => ({
    id,
    result: 'passed',
    durationMs: position === 0 ? 1_000_000 : 1,
  }));
  const file = path.join(folder, 'earlier.json');
  writeFileSync(file, JSON.stringify({ scenarios }));
  const alone = selectBy(['--shard', '1/2', '--durations', file]).scenarios;
  assert.deepEqual(
    alone.map(({ id }) => id),
    [scenarios[0]?.id],
  );
  writeFileSync(file, JSON.stringify({ scenarios: [{ ...scenarios[0], id: 'another' }] }));
  assert.throws(() => selectBy(['--shard', '1/2', '--durations', file]), UsageError);
});

test('a selection that matches nothing gives empty shards, and one of too few scenarios none', () => {
  const [first, second] = shardsOf(['--tags', '@none'], 2);
  assert.equal(first?.size, 0);
  assert.deepEqual(second?.scenarios, []);
  assert.throws(() => shardsOf(['--clause', 'DEF-1'], 2), /the highest n is 1/);
});

/** The results of a selection's runs. */
function results(
  selection: Selection,
  shard: string | undefined,
  outcomes: ReadonlyMap<string, ScenarioRun['outcome']>,
  diverging: readonly string[],
): Results {
  const runs = selection.scenarios.map(({ id, name, feature, line, clauses }) => ({
    ...{ id, name, feature, line, clauses, durationMs: 1, exchanges: [], observations: [] },
    outcome: outcomes.get(id) ?? 'passed',
  }));
  const judgement = judge({
    clauses: selection.clauses,
    runs,
    selected: selection.scenarios,
    divergences: diverging.map((clause) => ({ clause, reason: 'r', link: 'l', expires: '2027-01-01' })),
    today: '2026-06-15',
    target: 'embedded',
    failure: undefined,
  });
  const { description, complete, levels, size } = selection;
  return {
    schemaVersion: 1,
    suite: { version: '1', commit: 'c' },
    startedAt: '2026-06-15T00:00:00.000Z',
    durationMs: 10,
    target: {
      ...{ kind: 'embedded', name: 'e', version: '1', endpoint: '', region: 'us-east-1' },
      ...{ capabilities: [], details: {} },
    },
    definition: { name: 'tutorial', sha256: 'a'.repeat(64) },
    contract: 'current',
    selection: { description, complete, levels, size, ...(shard && { shard }) },
    summary: summarize(judgement),
    ...judgement,
  };
}

/** The divergences are in the order of the list, and merged ones in the order of the shards. */
function inOrder({ divergences, because, ...rest }: Results) {
  const subjects = divergences.toSorted((a, b) => ((a.clause ?? '') < (b.clause ?? '') ? -1 : 1));
  return { ...rest, because: because.split('; ').sort(), divergences: subjects };
}

const OUTCOMES = ['failed', 'skipped', 'flaky', 'error'] as const;
const SELECTIONS: readonly (readonly string[])[] = [
  [],
  ['--level', 'all'],
  ['--clause', 'CREATE-1', '--clause', 'CREATE-7'],
  ['--tags', '@PUT-3 or @CREATE-3 or @ROLE-6'],
];

test('merged shards get the same verdict as one whole run, whatever happens in them', () => {
  const cases = fc.constantFrom(...SELECTIONS).chain((argv) => {
    const { scenarios } = selectBy(argv);
    return fc.record({
      argv: fc.constant(argv),
      count: fc.integer({ min: 1, max: Math.min(8, scenarios.length) }),
      bad: fc.array(
        fc.tuple(fc.constantFrom(...scenarios.map(({ id }) => id)), fc.constantFrom(...OUTCOMES)),
        {
          maxLength: 6,
        },
      ),
      allSkipped: fc.boolean(),
      needed: fc.boolean(),
      diverging: fc.uniqueArray(fc.constantFrom(...scenarios.flatMap(({ clauses }) => clauses)), {
        maxLength: 4,
      }),
    });
  });
  fc.assert(
    fc.property(cases, ({ argv, count, bad, allSkipped, needed, diverging }) => {
      const whole = selectBy(argv);
      const outcomes = new Map<string, ScenarioRun['outcome']>([
        ...(allSkipped ? whole.scenarios.slice(1).map(({ id }) => [id, 'skipped'] as const) : []),
        ...bad,
        // Each listed clause fails in one scenario, so that no entry is stale.
        ...(needed ? diverging : []).flatMap((clause) =>
          whole.scenarios
            .filter(({ clauses }) => clauses.every((id) => id === clause))
            .slice(0, 1)
            .map(({ id }) => [id, 'failed'] as const),
        ),
      ]);
      const expected = results(whole, undefined, outcomes, diverging);
      const shards = shardsOf(argv, count).map((shard, index) =>
        results(shard, `${index + 1}/${count}`, outcomes, diverging),
      );
      const merged = mergeResults(
        shards,
        catalogue.clauses.map(({ id }) => id),
        '2026-06-15',
      );
      assert.deepEqual(inOrder(merged), inOrder(expected));
      // No shard of a conformant run fails, and only stale divergences show up first in the merged run.
      const isGreen = shards.every(({ verdict }) => verdict === 'conformant');
      const stale = merged.divergences.some(({ status }) => status === 'stale');
      assert.equal(isGreen, merged.verdict === 'conformant' || (isGreen && stale));
    }),
    { numRuns: 60 },
  );
});

test('an excluded clause is not judged, and scenarios that decide only excluded clauses do not run', () => {
  const whole = selectBy([]);
  const one = selectBy(['--exclude', 'CREATE-1=not ours']);
  const decided = (selection: Selection) => new Set(selection.scenarios.flatMap(({ clauses }) => clauses));
  assert.deepEqual(one.exclusions, [{ clause: 'CREATE-1', reason: 'not ours' }]);
  assert.ok(!one.clauses.some(({ id }) => id === 'CREATE-1'));
  assert.equal(one.clauses.length, whole.clauses.length - 1);
  const gone = whole.scenarios.filter(({ id }) => !one.scenarios.some((other) => other.id === id));
  assert.ok(gone.length > 0);
  for (const { clauses } of gone) assert.deepEqual(clauses, ['CREATE-1']);
  assert.ok([...decided(whole)].every((id) => id === 'CREATE-1' || decided(one).has(id)));
  assert.equal(one.complete, false);
  assert.match(one.description, /without CREATE-1$/);
  // It belongs to another level, so it excludes nothing.
  assert.deepEqual(selectBy(['--exclude', 'SAFE-14=x']).exclusions, []);
  assert.equal(selectBy(['--exclude', 'SAFE-14=x']).complete, true);
  assert.throws(() => selectBy(['--exclude', 'NOPE-1=x']), /--exclude NOPE-1 is unknown/);
  assert.throws(() => selectBy(['--clause', 'PUT-1', '--exclude', 'PUT-1=x']), /both name PUT-1/);
});

test('an API is judged by the calls that it offers', () => {
  const offering = (file: string) => loadDefinition(path.join(ROOT, file)).interface();
  const tutorials = offering('infra/proxy/tutorial.yaml');
  const other = offering('selftest/corpus/serverless-collector.json');
  const levels = (argv: readonly string[], offered: Interface | undefined) =>
    select(parseOptions(argv, {}, folder), catalogue, all, offered).levels.join(' ');
  const url = ['--url', 'https://a.example/test'];
  assert.equal(levels([], tutorials), 'core extended');
  assert.equal(levels(['--level', 'all'], tutorials), 'core extended');
  assert.equal(levels(['--definition', 'a.yaml'], tutorials), 'core');
  assert.equal(levels(['--definition', 'a.yaml', '--level', 'all'], tutorials), 'core extended');
  assert.equal(levels(['--definition', 'a.yaml', '--level', 'all'], other), 'production');
  assert.equal(levels(['--definition', 'hardened', '--level', 'all'], tutorials), 'production');
  assert.equal(levels(url, undefined), 'core extended');
  assert.equal(levels(url, tutorials), 'core extended');
  assert.equal(levels(url, other), 'production');
  assert.equal(levels([...url, '--level', 'core'], other), 'core');
});

test('every clause applies to a call that could not be understood', () => {
  const { calls, ...offered } = loadDefinition(path.join(ROOT, 'infra/proxy/hardened.yaml')).interface();
  const put = calls.find(({ action }) => action === 'PutRecord');
  assert.ok(put);
  const { data: _, partitionKey: _key, stream: _stream, ...broken } = put;
  const selectedFor = (call: typeof put) => {
    const options = parseOptions(['--level', 'production'], {}, folder);
    return select(options, catalogue, all, { ...offered, calls: [call] });
  };
  const [sound, silent, unknown] = [
    selectedFor(put),
    selectedFor(broken),
    selectedFor({ ...broken, undetermined: [{ what: 'request', why: 'it renders no JSON' }] }),
  ];
  for (const id of ['SAFE-6', 'SAFE-7', 'SAFE-10', 'SAFE-13']) {
    assert.ok(!sound.notApplicable.has(id), id);
    assert.ok(silent.notApplicable.has(id) || id === 'SAFE-13', id);
    assert.ok(!unknown.notApplicable.has(id), id);
  }
  // Facts that do not depend on a template are known nevertheless.
  const { cors: _cors, ...closed } = broken;
  const without = selectedFor({ ...closed, undetermined: [{ what: 'request', why: 'x' }] });
  assert.ok(without.notApplicable.has('SAFE-15'));
});
