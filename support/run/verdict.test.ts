import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Divergence } from './divergences.ts';
import type { ScenarioRun } from './results.ts';
import { type JudgedClause, judge, type RunFacts } from './verdict.ts';

const TODAY = '2026-06-15';

function clause(id: string, more: Partial<JudgedClause> = {}): JudgedClause {
  return { id, level: 'core', grade: 'T', statement: `${id} holds`, gating: true, ...more };
}

function run(id: string, clauses: string[], outcome: ScenarioRun['outcome']): ScenarioRun {
  return {
    id,
    name: id,
    feature: 'features/x.feature',
    line: 1,
    clauses,
    outcome,
    durationMs: 1,
    exchanges: [],
    observations: [],
    ...(outcome === 'passed' ? {} : { reason: `${id} ${outcome}` }),
  };
}

function divergence(subject: { clause: string } | { scenario: string }, expires = '2027-01-01'): Divergence {
  return { ...subject, reason: 'known', link: 'a report', expires };
}

function facts(more: Partial<RunFacts>): RunFacts {
  const runs = more.runs ?? [];
  return {
    clauses: [clause('A-1')],
    runs,
    selected: runs.map(({ id, clauses }) => ({ id, clauses })),
    divergences: [],
    today: TODAY,
    target: 'embedded',
    failure: undefined,
    ...more,
  };
}

const a = (outcome: ScenarioRun['outcome'], id = 's1') => run(id, ['A-1'], outcome);

const ROWS: readonly {
  name: string;
  given: Partial<RunFacts>;
  verdict: string;
  clause?: string;
  because?: RegExp;
}[] = [
  { name: 'all passed', given: { runs: [a('passed')] }, verdict: 'conformant', clause: 'passed' },
  {
    name: 'one passed, another could not be tried on demand',
    given: { runs: [a('passed'), { ...a('skipped', 's2'), untried: true }] },
    verdict: 'conformant',
    clause: 'passed',
  },
  {
    name: 'one passed, another was not observable',
    given: { runs: [a('passed'), a('skipped', 's2'), { ...a('skipped', 's3'), untried: true }] },
    verdict: 'partial',
    clause: 'not-observable',
  },
  {
    name: 'one diverged as listed, another could not be tried on demand',
    given: {
      runs: [a('failed'), { ...a('skipped', 's2'), untried: true }],
      divergences: [divergence({ clause: 'A-1' })],
    },
    verdict: 'conformant',
    clause: 'diverged',
  },
  {
    name: 'only scenarios that could not be tried on demand',
    given: { runs: [{ ...a('skipped'), untried: true }] },
    verdict: 'error',
    clause: 'not-observable',
  },
  {
    name: 'one failed',
    given: { runs: [a('passed'), a('failed', 's2')] },
    verdict: 'not-conformant',
    clause: 'failed',
    because: /A-1/,
  },
  {
    name: 'one skipped, one passed',
    given: { runs: [a('passed'), a('skipped', 's2')] },
    verdict: 'partial',
    clause: 'not-observable',
  },
  {
    name: 'all skipped',
    given: { runs: [a('skipped')] },
    verdict: 'error',
    clause: 'not-observable',
    because: /nothing selected can be observed/,
  },
  {
    name: 'nothing selected',
    given: { runs: [] },
    verdict: 'error',
    clause: 'not-run',
    because: /matched no scenario/,
  },
  {
    name: 'selected but never started',
    given: {
      runs: [a('passed')],
      selected: [
        { id: 's1', clauses: ['A-1'] },
        { id: 's2', clauses: ['A-1'] },
      ],
    },
    verdict: 'partial',
    clause: 'not-run',
  },
  {
    name: 'a clause without a scenario',
    given: { runs: [a('passed')], clauses: [clause('A-1'), clause('B-1')] },
    verdict: 'partial',
    clause: 'passed',
    because: /B-1 \(not-run\)/,
  },
  { name: 'flaky', given: { runs: [a('flaky')] }, verdict: 'partial', clause: 'flaky' },
  {
    name: 'flaky and failed',
    given: { runs: [a('flaky'), a('failed', 's2')] },
    verdict: 'not-conformant',
    clause: 'failed',
  },
  {
    name: 'a scenario broke',
    given: { runs: [a('passed'), a('error', 's2')] },
    verdict: 'error',
    clause: 'not-run',
    because: /s2/,
  },
  {
    name: 'a scenario broke and another failed',
    given: { runs: [a('failed'), a('error', 's2')] },
    verdict: 'error',
    clause: 'failed',
  },
  {
    name: 'the target died',
    given: { runs: [a('passed')], failure: 'the target died' },
    verdict: 'error',
    clause: 'passed',
    because: /the target died/,
  },
  {
    name: 'the target died after a failure',
    given: { runs: [a('failed')], failure: 'the target died' },
    verdict: 'error',
  },
  {
    name: 'diverged by clause',
    given: { runs: [a('failed')], divergences: [divergence({ clause: 'A-1' })] },
    verdict: 'conformant',
    clause: 'diverged',
    because: /diverged as listed/,
  },
  {
    name: 'diverged by scenario',
    given: { runs: [a('failed')], divergences: [divergence({ scenario: 's1' })] },
    verdict: 'conformant',
    clause: 'diverged',
  },
  {
    name: 'a listed scenario and an unlisted one fail',
    given: { runs: [a('failed'), a('failed', 's2')], divergences: [divergence({ scenario: 's1' })] },
    verdict: 'not-conformant',
    clause: 'failed',
  },
  {
    name: 'stale by clause',
    given: { runs: [a('passed')], divergences: [divergence({ clause: 'A-1' })] },
    verdict: 'not-conformant',
    clause: 'passed',
    because: /stale/,
  },
  {
    name: 'stale by scenario',
    given: {
      runs: [a('passed'), a('failed', 's2')],
      divergences: [divergence({ scenario: 's1' }), divergence({ scenario: 's2' })],
    },
    verdict: 'not-conformant',
    clause: 'diverged',
    because: /"s1" is stale/,
  },
  {
    name: 'a clause divergence that one of its scenarios needs is not stale',
    given: { runs: [a('passed'), a('failed', 's2')], divergences: [divergence({ clause: 'A-1' })] },
    verdict: 'conformant',
    clause: 'diverged',
  },
  {
    name: 'a clause divergence that passes in one shard is not stale while other shards try the clause',
    given: {
      runs: [a('passed')],
      selected: [{ id: 's1', clauses: ['A-1'], sharedClauses: ['A-1'] }],
      divergences: [divergence({ clause: 'A-1' })],
    },
    verdict: 'conformant',
    clause: 'passed',
  },
  {
    name: 'a shard whose scenarios are all skipped is partial, since other shards may execute theirs',
    given: {
      runs: [a('skipped')],
      selected: [{ id: 's1', clauses: ['A-1'], sharedClauses: [] }],
    },
    verdict: 'partial',
    clause: 'not-observable',
  },
  {
    name: 'a scenario divergence that passes is stale, whatever other shards try',
    given: {
      runs: [a('passed')],
      selected: [{ id: 's1', clauses: ['A-1'], sharedClauses: ['A-1'] }],
      divergences: [divergence({ scenario: 's1' })],
    },
    verdict: 'not-conformant',
    because: /"s1" is stale/,
  },
  {
    name: 'a divergence that passes with an API that the list was not made for is not stale',
    given: {
      runs: [a('passed'), a('failed', 's2')],
      divergences: [divergence({ scenario: 's1' }), divergence({ scenario: 's2' })],
      isForeign: true,
    },
    verdict: 'conformant',
    clause: 'diverged',
  },
  {
    name: 'a divergence of an API that the list was not made for still expires',
    given: {
      runs: [a('failed')],
      divergences: [divergence({ clause: 'A-1' }, '2026-06-14')],
      isForeign: true,
    },
    verdict: 'not-conformant',
    because: /expired/,
  },
  {
    name: 'a flaky scenario with a listed divergence is stale',
    given: { runs: [a('flaky')], divergences: [divergence({ clause: 'A-1' })] },
    verdict: 'not-conformant',
    clause: 'flaky',
  },
  {
    name: 'expired',
    given: { runs: [a('failed')], divergences: [divergence({ clause: 'A-1' }, '2026-06-14')] },
    verdict: 'not-conformant',
    clause: 'failed',
    because: /expired on 2026-06-14/,
  },
  {
    name: 'its last day still counts',
    given: { runs: [a('failed')], divergences: [divergence({ clause: 'A-1' }, TODAY)] },
    verdict: 'conformant',
    clause: 'diverged',
  },
  {
    name: 'stale and expired is stale',
    given: { runs: [a('passed')], divergences: [divergence({ clause: 'A-1' }, '2026-01-01')] },
    verdict: 'not-conformant',
    because: /stale/,
  },
  {
    name: 'a divergence of a skipped scenario is not reported',
    given: {
      runs: [a('skipped'), run('s2', ['B-1'], 'passed')],
      clauses: [clause('A-1'), clause('B-1')],
      divergences: [divergence({ clause: 'A-1' })],
    },
    verdict: 'partial',
    clause: 'not-observable',
  },
  {
    name: 'a divergence of an unselected scenario is not reported',
    given: { runs: [a('passed')], divergences: [divergence({ clause: 'Z-9' })] },
    verdict: 'conformant',
  },
  {
    name: 'a divergence does not excuse a broken run',
    given: { runs: [a('error')], divergences: [divergence({ clause: 'A-1' })] },
    verdict: 'error',
  },
  {
    name: 'one listed clause does not excuse a scenario of two',
    given: {
      runs: [run('s1', ['A-1', 'B-1'], 'failed')],
      clauses: [clause('A-1'), clause('B-1')],
      divergences: [divergence({ clause: 'A-1' })],
    },
    verdict: 'not-conformant',
    clause: 'failed',
  },
  {
    name: 'a clause that does not gate does not affect the verdict',
    given: {
      runs: [a('failed'), run('s2', ['B-1'], 'passed')],
      clauses: [clause('A-1', { gating: false }), clause('B-1')],
    },
    verdict: 'conformant',
    clause: 'failed',
  },
  {
    name: 'a failure without a judged clause still counts',
    given: { runs: [run('s1', ['Z-1'], 'failed'), a('passed', 's2')] },
    verdict: 'not-conformant',
  },
];

for (const { name, given, verdict, clause: expected, because } of ROWS)
  test(`${name}: ${verdict}`, () => {
    const judged = judge(facts(given));
    assert.equal(judged.verdict, verdict, judged.because);
    if (expected) assert.equal(judged.clauses[0]?.result, expected);
    if (because) assert.match(judged.because, because);
  });

test('an inferred clause is confirmed or refuted on AWS, and does not gate there', () => {
  const clauses = [clause('A-1', { grade: 'I' }), clause('B-1')];
  const other = run('s2', ['B-1'], 'passed');
  const refuted = judge(facts({ clauses, runs: [a('failed'), other], target: 'aws' }));
  assert.equal(refuted.verdict, 'conformant');
  assert.equal(refuted.clauses[0]?.inference, 'refuted');
  const confirmed = judge(facts({ clauses, runs: [a('passed'), other], target: 'aws' }));
  assert.equal(confirmed.clauses[0]?.inference, 'confirmed');
  const rehearsed = judge(facts({ clauses, runs: [a('failed'), other], target: 'aws', isRehearsal: true }));
  assert.equal(rehearsed.verdict, 'conformant');
  assert.equal(rehearsed.clauses[0]?.inference, undefined);
  const elsewhere = judge(facts({ clauses, runs: [a('failed'), other] }));
  assert.equal(elsewhere.verdict, 'not-conformant');
  assert.equal(elsewhere.clauses[0]?.inference, undefined);
});

test('no run with anything undecided, unexecuted or unlisted is conformant', () => {
  const outcomes = ['passed', 'failed', 'skipped', 'flaky', 'error'] as const;
  const lists = [
    [],
    [divergence({ clause: 'A-1' })],
    [divergence({ clause: 'A-1' }, '2020-01-01')],
    [divergence({ scenario: 's1' })],
  ];
  for (const first of outcomes)
    for (const second of outcomes)
      for (const divergences of lists)
        for (const failure of [undefined, 'broken']) {
          const runs = [a(first), a(second, 's2')];
          const { verdict, divergences: judged, scenarios } = judge(facts({ runs, divergences, failure }));
          const excused = scenarios.every(({ result }) => result === 'passed' || result === 'diverged');
          const fit = judged.every(({ status }) => status === 'expected');
          const good = failure === undefined && excused && fit;
          assert.equal(
            verdict === 'conformant',
            good,
            `${first}, ${second}, ${JSON.stringify(divergences)}, ${failure}`,
          );
        }
});

test('scenarios are reported in the order of the features, whatever order they ran in', () => {
  const at = (feature: string, line: number) => ({
    ...run(`${feature}:${line}`, ['A-1'], 'passed'),
    feature,
    line,
  });
  const judged = judge(facts({ runs: [at('b', 2), at('a', 10), at('b', 1), at('a', 9)] }));
  const expected = ['a:9', 'a:10', 'b:1', 'b:2'];
  assert.deepEqual(
    judged.scenarios.map(({ id }) => id),
    expected,
  );
  assert.deepEqual(judged.clauses[0]?.scenarios, expected);
});

test('with exclusions the verdict is conformant at best, and lists them with reasons', () => {
  const exclusions = [{ clause: 'B-1', reason: 'internal only' }];
  const good = judge(facts({ runs: [a('passed')], exclusions }));
  assert.equal(good.verdict, 'conformant');
  assert.equal(good.because, '1 clause passed; excluded: B-1 (internal only)');
  const bad = judge(facts({ runs: [a('failed')], exclusions }));
  assert.equal(bad.verdict, 'not-conformant');
  assert.match(bad.because, /^failed: A-1$/);
});

test('if nothing could be tried, the verdict has the first reason', () => {
  const { verdict, because } = judge(facts({ runs: [a('skipped')] }));
  assert.equal(verdict, 'error');
  assert.match(
    because,
    /^nothing selected can be observed: 1 scenario skipped, the first since .*; give the run .*--clause$/,
  );
});
