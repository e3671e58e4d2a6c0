import { sampleResults } from '../../support/report/testing/sample.ts';
import { type Results, type ScenarioResult, summarize } from '../../support/run/results.ts';
import { hostileResults } from '../hostile/hostile-text.ts';

/** One run of every kind that the page has to show. */
export function pages() {
  const all = sampleResults();
  return {
    conformant: withClauses(all, 'conformant', ['passed', 'passed']),
    failures: failing(),
    divergences: {
      ...withClauses(all, 'not-conformant', ['diverged', 'failed']),
      because: 'failed: LIST-1; the divergence of CREATE-1 expired on 2026-01-01',
      divergences: (['expected', 'stale', 'expired', 'undecided'] as const).map((status) => ({
        clause: 'CREATE-1',
        reason: 'LocalStack answers DescribeStream with a shard count of its own while the stream is made',
        link: 'https://example.org/issues/1',
        expires: '2026-01-01',
        status,
      })),
    },
    partial: {
      ...withClauses(all, 'partial', ['not-observable', 'not-applicable']),
      because: 'inconclusive: CREATE-1 (not-observable)',
      exclusions: [{ clause: 'SAFE-14', reason: 'internal network only' }],
    },
    error: {
      ...withClauses(all, 'error', ['not-run', 'not-run']),
      because: 'nothing answers at http://127.0.0.1:9; start the emulator or correct --endpoint',
    },
    hostile: hostileResults(),
  } satisfies Record<string, Results>;
}

function withClauses(
  all: Results,
  verdict: Results['verdict'],
  results: readonly Results['clauses'][number]['result'][],
): Results {
  const clauses = all.clauses.map((clause, at) => ({ ...clause, result: results[at] ?? clause.result }));
  const scenarios = all.scenarios.map((scenario, at): ScenarioResult => {
    const result = results[at];
    return result === 'passed' || result === 'failed' || result === 'diverged'
      ? { ...scenario, result }
      : { ...scenario, result: 'skipped', reason: 'not observable on this target' };
  });
  const because = verdict === 'conformant' ? 'all 2 clauses passed' : 'it is so';
  return { ...all, verdict, because, clauses, scenarios, summary: summarize({ clauses, scenarios }) };
}

/** A failure with every optional part, and with long texts that cannot be wrapped. */
function failing(): Results {
  const all = sampleResults();
  const endless = 'A'.repeat(400);
  const [, failed] = all.scenarios as [ScenarioResult, ScenarioResult];
  const [exchange] = failed.exchanges;
  if (exchange === undefined) throw new Error('the sample has no exchange');
  const long = {
    ...exchange,
    request: {
      ...exchange.request,
      method: 'PUT',
      url: `${exchange.request.url}/${endless}`,
      body: `{"a":"${endless}"}`,
    },
    response: { ...exchange.response, body: `{"ShardIterator":"${endless}"}` },
  };
  const scenarios: ScenarioResult[] = [
    {
      ...all.scenarios[0],
      result: 'failed',
      reason: `expected ${endless} to equal ${endless}`,
    } as ScenarioResult,
    {
      ...failed,
      exchanges: [exchange, long],
      reason: `PUT ${long.request.url} answered 200 {}: expected [ 1, 2 ] to deeply equal []\n    + expected - actual\n\n    -[\n    -  1\n    -  2\n    -]\n    +[]`,
      observations: [`the stream ${endless} is ACTIVE and has 2 shards\nnew records: []`],
      executionLogs: [`Execution log for request 1\n${endless}`],
      mapped: {
        action: 'PutRecord',
        body: '{"StreamName":"a","StreamName":"b"}',
        broken: 'not a JSON object',
      },
      weaknesses: ['a quote breaks the request to Kinesis'],
    },
  ];
  const clauses = all.clauses.map((clause) => ({
    ...clause,
    result: 'failed' as const,
    source: 'tutorial, List streams; docs/facts/tutorial.md#methods',
    remedy: 'Escape every value of the client inside the JSON of the template.',
  }));
  return {
    ...all,
    because: 'failed: CREATE-1, LIST-1',
    target: { ...all.target, details: { edition: 'community' } },
    definition: {
      ...all.definition,
      leftOut: [{ what: 'a Lambda function', place: 'x', why: 'no run deploys it' }],
    },
    clauses,
    scenarios,
    summary: summarize({ clauses, scenarios }),
  };
}
