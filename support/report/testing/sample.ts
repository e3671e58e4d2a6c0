import { type Results, type ScenarioResult, summarize } from '../../run/results.ts';

/**
 * For tests: a run in which one scenario passed and one failed, with secrets in places where a careless target may put
 * them.
 */
export function sampleResults(more: Partial<Results> = {}): Results {
  const scenarios: ScenarioResult[] = [
    scenario('streams/create.feature: Five shards #1', 'passed', ['CREATE-1']),
    {
      ...scenario('streams/list.feature: Names are listed', 'failed', ['LIST-1']),
      reason:
        'AssertionError [ERR_ASSERTION]: expected StreamNames, and the answer has none\n    at steps/x.ts:1:1',
      failedStep: { text: 'the answer lists the stream', line: 12 },
      exchanges: [
        {
          request: {
            method: 'GET',
            url: 'http://127.0.0.1:1/test/streams',
            headers: {
              Authorization: 'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/x',
            },
          },
          response: {
            status: 200,
            headers: { 'Content-Type': 'application/json' },
            body: '{"StreamARN":"arn:aws:kinesis:us-east-1:123456789012:stream/x"}',
          },
          durationMs: 3.5,
        },
      ],
      observations: ['Kinesis holds the stream arn:aws:kinesis:us-east-1:123456789012:stream/x'],
    },
  ];
  const clauses: Results['clauses'] = [
    {
      id: 'CREATE-1',
      level: 'core',
      grade: 'T',
      statement: 'Without a count there are five shards.',
      result: 'passed',
      gating: true,
      scenarios: ['streams/create.feature: Five shards #1'],
    },
    {
      id: 'LIST-1',
      level: 'core',
      grade: 'T',
      statement: 'The list holds names.',
      result: 'failed',
      gating: true,
      scenarios: ['streams/list.feature: Names are listed'],
    },
  ];
  return {
    schemaVersion: 1,
    suite: { version: '0.1.0', commit: 'unknown' },
    startedAt: '2026-06-15T00:00:00.000Z',
    durationMs: 1500,
    target: {
      kind: 'embedded',
      name: 'embedded AWS',
      version: '0.1.0',
      endpoint: 'http://127.0.0.1:1',
      region: 'us-east-1',
      capabilities: [],
      details: {},
    },
    definition: { name: 'tutorial', sha256: 'a'.repeat(64) },
    contract: 'current',
    selection: { description: 'core', complete: true, levels: ['core'], size: 2 },
    verdict: 'not-conformant',
    because: 'failed: LIST-1',
    summary: summarize({ clauses, scenarios }),
    clauses,
    scenarios,
    divergences: [],
    ...more,
  };
}

function scenario(id: string, result: ScenarioResult['result'], clauses: string[]): ScenarioResult {
  const [feature = '', name = ''] = id.split(': ');
  return {
    id,
    name: name.replace(/ #\d+$/, ''),
    feature: `features/${feature}`,
    line: 8,
    clauses,
    result,
    durationMs: 5,
    exchanges: [],
    observations: [],
  };
}
