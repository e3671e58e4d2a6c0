import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeResults } from './merge.ts';
import type { ClauseResult, Results, ScenarioOutcome, ScenarioResult } from './results.ts';
import { summarize } from './results.ts';

const TODAY = '2026-06-15';

function scenario(id: string, result: ScenarioOutcome): ScenarioResult {
  return {
    id,
    name: id,
    feature: 'features/x.feature',
    line: 1,
    clauses: ['A-1'],
    result,
    durationMs: 5,
    exchanges: [],
    observations: [],
  };
}

function shard(part: string | undefined, scenarios: ScenarioResult[], more: Partial<Results> = {}): Results {
  const clauses: ClauseResult[] = [
    {
      id: 'A-1',
      level: 'core',
      grade: 'T',
      statement: 's',
      result: 'passed',
      gating: true,
      scenarios: scenarios.map(({ id }) => id),
    },
  ];
  return {
    schemaVersion: 1,
    suite: { version: '1', commit: 'c' },
    startedAt: '2026-06-15T00:00:00.000Z',
    durationMs: 10,
    target: {
      kind: 'embedded',
      name: 'e',
      version: '1',
      endpoint: 'http://127.0.0.1:1',
      region: 'us-east-1',
      capabilities: [],
      details: {},
    },
    definition: { name: 'tutorial', sha256: 'a'.repeat(64) },
    contract: 'current',
    selection: {
      description: `core${part ? `, shard ${part}` : ''}`,
      complete: part === undefined,
      levels: ['core'],
      size: 2,
      ...(part && { shard: part }),
    },
    verdict: 'conformant',
    because: '',
    summary: summarize({ clauses, scenarios }),
    clauses,
    scenarios,
    divergences: [],
    ...more,
  };
}

test('shards are merged into one run, which is judged as a whole', () => {
  const whole = mergeResults(
    [shard('2/2', [scenario('b', 'passed')]), shard('1/2', [scenario('a', 'passed')])],
    ['A-1'],
    TODAY,
  );
  assert.equal(whole.verdict, 'conformant');
  assert.equal(whole.selection.complete, true);
  assert.equal(whole.selection.shard, undefined);
  assert.deepEqual(whole.clauses[0]?.scenarios.toSorted(), ['a', 'b']);
  assert.equal(whole.summary.scenarios.passed, 2);
});

test('the retries of the shards are added up', () => {
  const first = { throttled: 1, serverErrors: 0, lostConnections: 2, repeated: { ListStreams: 3 } };
  const second = {
    throttled: 4,
    serverErrors: 1,
    lostConnections: 0,
    repeated: { GetStage: 1, ListStreams: 4 },
  };
  const whole = mergeResults(
    [
      { ...shard('1/2', [scenario('a', 'passed')]), throttling: first },
      { ...shard('2/2', [scenario('b', 'passed')]), throttling: second },
    ],
    ['A-1'],
    TODAY,
  );
  const repeated = { GetStage: 1, ListStreams: 7 };
  assert.deepEqual(whole.throttling, { throttled: 5, serverErrors: 1, lostConnections: 2, repeated });
});

test('a failure in one shard fails the whole', () => {
  const whole = mergeResults(
    [shard('1/2', [scenario('a', 'passed')]), shard('2/2', [scenario('b', 'failed')])],
    ['A-1'],
    TODAY,
  );
  assert.equal(whole.verdict, 'not-conformant');
  assert.equal(whole.clauses[0]?.result, 'failed');
});

test('a divergence that looks stale in one shard is judged over all shards', () => {
  const entry = { clause: 'A-1', reason: 'r', link: 'l', expires: '2027-01-01' };
  const stale = shard('1/2', [scenario('a', 'passed')], {
    divergences: [{ ...entry, status: 'stale' }],
    verdict: 'not-conformant',
  });
  const needed = shard('2/2', [scenario('b', 'diverged')], {
    divergences: [{ ...entry, status: 'expected' }],
  });
  const whole = mergeResults([stale, needed], ['A-1'], TODAY);
  assert.equal(whole.verdict, 'conformant', whole.because);
  assert.equal(whole.divergences[0]?.status, 'expected');
});

for (const [status, verdict, whole] of [
  ['undecided', 'not-conformant', 'stale'],
  ['unneeded', 'conformant', 'unneeded'],
] as const)
  test(`a divergence that passes in every shard, there ${status}, is ${whole}`, () => {
    const entry = { clause: 'A-1', reason: 'r', link: 'l', expires: '2027-01-01', status };
    const shards = ['a', 'b'].map((id, index) =>
      shard(`${index + 1}/2`, [scenario(id, 'passed')], { divergences: [entry] }),
    );
    const merged = mergeResults(shards, ['A-1'], TODAY);
    assert.equal(merged.verdict, verdict, merged.because);
    assert.equal(merged.divergences[0]?.status, whole);
  });

test('clauses and scenarios are in the order of a whole run', () => {
  const clause = (id: string): ClauseResult => ({
    id,
    level: 'core',
    grade: 'T',
    statement: 's',
    result: 'passed',
    gating: true,
    scenarios: [],
  });
  const at = (id: string, line: number) => ({ ...scenario(id, 'passed'), clauses: [id], line });
  const whole = mergeResults(
    [
      shard('1/2', [at('C-1', 30), at('A-1', 10)], { clauses: [clause('C-1'), clause('A-1')] }),
      shard('2/2', [at('B-1', 20)], {
        clauses: [clause('B-1')],
        selection: {
          description: 'core, shard 2/2',
          complete: false,
          levels: ['core'],
          size: 2,
          shard: '2/2',
        },
      }),
    ].map((part) => ({ ...part, selection: { ...part.selection, size: 3 } })),
    ['A-1', 'B-1', 'C-1'],
    TODAY,
  );
  assert.deepEqual(
    whole.clauses.map(({ id }) => id),
    ['A-1', 'B-1', 'C-1'],
  );
  assert.deepEqual(
    whole.scenarios.map(({ line }) => line),
    [10, 20, 30],
  );
});

const inferred = (result: ClauseResult['result'], gating: boolean, inference?: ClauseResult['inference']) => [
  {
    id: 'A-1',
    level: 'core' as const,
    grade: 'I' as const,
    statement: 's',
    result,
    gating,
    ...(inference && { inference }),
    scenarios: [],
  },
];
const behindUrl = { ...shard('1/2', []).target, kind: 'url' as const };

test("an inferred clause affects the verdict on an emulator's URL, which cannot confirm or refute it", () => {
  const whole = mergeResults(
    [
      shard('1/2', [scenario('a', 'passed')], { target: behindUrl, clauses: inferred('passed', true) }),
      shard('2/2', [scenario('b', 'failed')], { target: behindUrl, clauses: inferred('failed', true) }),
    ],
    ['A-1'],
    TODAY,
  );
  assert.equal(whole.verdict, 'not-conformant');
  assert.equal(whole.clauses[0]?.inference, undefined);
});

test('an inferred clause is refuted on AWS if one shard refutes it, without affecting the verdict', () => {
  const whole = mergeResults(
    [
      shard('1/2', [scenario('a', 'passed')], {
        target: behindUrl,
        clauses: inferred('passed', false, 'confirmed'),
      }),
      shard('2/2', [scenario('b', 'failed')], {
        target: behindUrl,
        clauses: inferred('failed', false, 'refuted'),
      }),
    ],
    ['A-1'],
    TODAY,
  );
  assert.equal(whole.clauses[0]?.inference, 'refuted');
  assert.equal(whole.clauses[0]?.gating, false);
  assert.notEqual(whole.verdict, 'not-conformant');
});

test('a broken or incomplete shard gives no verdict', () => {
  const broken = shard('2/2', [scenario('b', 'passed')], { verdict: 'error', because: 'the target died' });
  assert.equal(
    mergeResults([shard('1/2', [scenario('a', 'passed')]), broken], ['A-1'], TODAY).verdict,
    'error',
  );
  assert.equal(
    mergeResults([shard('1/2', [scenario('a', 'passed')]), shard('2/2', [])], ['A-1'], TODAY).verdict,
    'error',
  );
});

const a = scenario('a', 'passed');
const b = scenario('b', 'passed');
const REFUSED: readonly [string, Results[], RegExp][] = [
  ['nothing', [], /nothing to merge/],
  ['a gap', [shard('1/3', [a]), shard('3/3', [b])], /shard 2\/3 is missing/],
  ['the same shard twice', [shard('1/2', [a]), shard('1/2', [b])], /given twice/],
  ['shards of different counts', [shard('1/2', [a]), shard('2/3', [b])], /different counts/],
  ['an overlap', [shard('1/2', [a]), shard('2/2', [a])], /two shards ran "a"/],
  ['a whole run', [shard(undefined, [a]), shard(undefined, [b])], /from a whole run/],
  [
    'another suite',
    [shard('1/2', [a]), shard('2/2', [b], { suite: { version: '2', commit: 'c' } })],
    /differ in their suite/,
  ],
  [
    'another definition',
    [shard('1/2', [a]), shard('2/2', [b], { definition: { name: 'x', sha256: 'b'.repeat(64) } })],
    /differ in their definition/,
  ],
  [
    'other exclusions',
    [shard('1/2', [a], { exclusions: [{ clause: 'Z-1', reason: 'one' }] }), shard('2/2', [b])],
    /differ in their exclusions \(Z-1 \(one\); none\)/,
  ],
];

test('a clause that applies in no shard does not apply, and exclusions stay', () => {
  const exclusions = [{ clause: 'Z-1', reason: 'one' }];
  const inapplicable = {
    id: 'N-1',
    level: 'core',
    grade: 'T',
    statement: 's',
    result: 'not-applicable',
    gating: true,
    scenarios: [],
  } as const;
  const one = shard('1/2', [a], { exclusions });
  const other = shard('2/2', [b], { exclusions });
  const merged = mergeResults([{ ...one, clauses: [...one.clauses, inapplicable] }, other], ['A-1'], TODAY);
  assert.equal(merged.clauses.find(({ id }) => id === 'N-1')?.result, 'not-applicable');
  assert.deepEqual(merged.exclusions, exclusions);
  assert.match(merged.because, /^(1 clause passed|all .*); 1 not applicable; excluded: Z-1 \(one\)$/);
});

for (const [what, shards, message] of REFUSED)
  test(`refused: ${what}`, () => assert.throws(() => mergeResults(shards, ['A-1'], TODAY), message));
