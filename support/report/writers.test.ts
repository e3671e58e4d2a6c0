import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { XMLParser } from 'fast-xml-parser';
import { exitCodeOf } from '../cli/conformance.ts';
import type { Results, ScenarioResult, Verdict } from '../run/results.ts';
import { summarize } from '../run/results.ts';
import { prepareFolder, writeReports } from './folder.ts';
import { toAnnotations, toMarkdown } from './github.ts';
import { toJson } from './json.ts';
import { toJunit } from './junit.ts';
import { sampleResults } from './testing/sample.ts';
import { toText } from './text.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kpc-reports-'));
after(() => rmSync(folder, { recursive: true }));

/** Runs of every kind: each verdict, each result. */
const RUNS: Record<string, Results> = {
  'not conformant': sampleResults(),
  conformant: onlyPassing('conformant'),
  partial: withResult('skipped', 'not-observable', 'partial'),
  flaky: withResult('flaky', 'flaky', 'partial'),
  diverged: withResult('diverged', 'diverged', 'conformant'),
  broken: withResult('error', 'not-run', 'error'),
  'nothing executed': {
    ...onlyPassing('error'),
    scenarios: [],
    clauses: [],
    summary: summarize({ clauses: [], scenarios: [] }),
  },
  stale: {
    ...onlyPassing('not-conformant'),
    divergences: [{ clause: 'CREATE-1', reason: 'r', link: 'l', expires: '2027-01-01', status: 'stale' }],
  },
};

function onlyPassing(verdict: Verdict): Results {
  const all = sampleResults();
  const clauses = all.clauses.slice(0, 1);
  const scenarios = all.scenarios.slice(0, 1);
  return {
    ...all,
    verdict,
    because: `it is ${verdict}`,
    clauses,
    scenarios,
    summary: summarize({ clauses, scenarios }),
  };
}

function withResult(
  result: ScenarioResult['result'],
  clause: Results['clauses'][number]['result'],
  verdict: Verdict,
): Results {
  const all = sampleResults();
  const scenarios = all.scenarios.map((row, index) => (index === 1 ? { ...row, result } : row));
  const clauses = all.clauses.map((row, index) => (index === 1 ? { ...row, result: clause } : row));
  return {
    ...all,
    verdict,
    because: `it is ${verdict}`,
    clauses,
    scenarios,
    summary: summarize({ clauses, scenarios }),
  };
}

for (const [kind, results] of Object.entries(RUNS))
  test(`all reports of a run agree: ${kind}`, () => {
    const text = toText(results, { color: false });
    const json = JSON.parse(toJson(results)) as Results;
    const junit = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' }).parse(
      toJunit(results),
    ).testsuites;
    const bad = Number(junit.failures) + Number(junit.errors);
    assert.equal(json.verdict, results.verdict);
    assert.match(text, new RegExp(`^verdict +${results.verdict}: `, 'm'));
    assert.ok(toMarkdown(results).includes(`: ${results.verdict}`));
    assert.equal(bad > 0, exitCodeOf(results.verdict, false) !== 0, 'JUnit and exit code');
    assert.equal(toAnnotations(results) === '', results.verdict === 'conformant');
    for (const { id, result } of results.scenarios)
      if (result === 'failed')
        assert.ok(text.includes(id.slice(id.indexOf(': ') + 2)), `the text names ${id}`);
  });

test('exit code 0 if and only if the run is conformant, or partial if accepted', () => {
  const codes = (['conformant', 'partial', 'not-conformant', 'error'] as const).map((verdict) => [
    exitCodeOf(verdict, false),
    exitCodeOf(verdict, true),
  ]);
  assert.deepEqual(codes, [
    [0, 0],
    [1, 0],
    [1, 1],
    [2, 2],
  ]);
});

test('a failure has its clause, statement, location, step, observations, exchange and curl line', () => {
  const text = toText(sampleResults({ options: ['--definition', "it's.yaml"] }), {
    color: false,
    isKept: true,
  });
  for (const part of [
    'LIST-1 (core, tutorial): The list holds names.',
    'features/streams/list.feature:8',
    'the answer lists the stream',
    'expected StreamNames, and the answer has none',
    'GET http://127.0.0.1:1/test/streams',
    'Kinesis holds the stream',
    'curl -sS',
    `npm run conformance -- --definition 'it'\\''s.yaml' --clause LIST-1`,
  ])
    assert.ok(text.includes(part), `${part}\n${text}`);
  assert.ok(!text.includes('steps/x.ts'), 'no stack');
});

test('a call with a long body is not offered as a line to paste', () => {
  const results = sampleResults();
  const scenarios = results.scenarios.map((scenario) => ({
    ...scenario,
    exchanges: scenario.exchanges.map((exchange) => ({
      ...exchange,
      request: { ...exchange.request, body: 'heavy '.repeat(2_000) },
    })),
  }));
  const text = toText({ ...results, scenarios }, { color: false, isKept: true });
  assert.match(text, /^ {2}call +the body is too long to paste; conformance\.json/m);
  assert.ok(text.split('\n').every((line) => line.length < 1_000));
});

test('a run without a verdict says why, and lists no clause', () => {
  const all = sampleResults();
  const clauses = all.clauses.map((clause) => ({ ...clause, result: 'not-run' as const, scenarios: [] }));
  const error = { ...all, clauses, scenarios: [], verdict: 'error' as const, because: 'nothing answers' };
  assert.equal(toText(error, { color: false }), 'verdict    error: nothing answers\n');
  assert.match(
    toText({ ...error, verdict: 'partial' }, { color: false }),
    /^ {2}CREATE-1, LIST-1: not run, no scenario ran for it$/m,
  );
});

test('lines fit the terminal, except those to paste', () => {
  const results = sampleResults({ options: ['--definition', `${'long/'.repeat(40)}x.yaml`] });
  for (const columns of [10, 40, 80, 200, 1_000]) {
    const width = Math.min(Math.max(columns, 40), 200);
    const lines = toText(results, { color: true, columns }).split('\n');
    const long = lines.filter((line) => stripVTControlCharacters(line).length > width);
    assert.deepEqual(
      long.filter((line) => !line.startsWith('  reproduce ') && line.trim().includes(' ')),
      [],
    );
  }
});

test('retries are reported if there were any', () => {
  const repeated = { throttled: 3, serverErrors: 1, lostConnections: 2, repeated: { ListStreams: 6 } };
  const told = toText({ ...sampleResults(), throttling: repeated }, { color: false });
  assert.match(told, /^repeated +3 throttled, 1 with server errors, 2 with lost connections$/m);
  assert.deepEqual(JSON.parse(toJson({ ...sampleResults(), throttling: repeated })).throttling, repeated);
  const none = { throttled: 0, serverErrors: 0, lostConnections: 0, repeated: {} };
  for (const results of [sampleResults(), { ...sampleResults(), throttling: none }])
    assert.doesNotMatch(toText(results, { color: false }), /^repeated/m);
});

test('JUnit has the clause with its statement, and the step, without a stack trace', () => {
  const { testsuites } = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' }).parse(
    toJunit(sampleResults()),
  );
  const { failure } = testsuites.testsuite[1].testcase;
  assert.equal(
    failure.message,
    'LIST-1: The list holds names. expected StreamNames, and the answer has none',
  );
  assert.equal(
    failure['#text'],
    `LIST-1: The list holds names.
features/streams/list.feature:8: the answer lists the stream
expected StreamNames, and the answer has none`,
  );
});

test('JUnit escapes characters that XML forbids', () => {
  const results = sampleResults();
  const scenarios = results.scenarios.map((row) => ({ ...row, reason: 'a \u0000 \u0007 <b> & "c" ]]>' }));
  const parsed = new XMLParser({ ignoreAttributes: false }).parse(toJunit({ ...results, scenarios }));
  assert.match(parsed.testsuites.testsuite.at(-1).testcase.failure['#text'], /<b> & "c" \]\]>/);
});

test('no report contains a planted secret or account id', async () => {
  process.env.AWS_SECRET_ACCESS_KEY = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
  const results = sampleResults({ because: `failed with ${process.env.AWS_SECRET_ACCESS_KEY}` });
  const body = 'secret wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY of 123456789012, AKIAIOSFODNN7EXAMPLE';
  const attachment = { body, mediaType: 'text/plain', contentEncoding: 'IDENTITY' as never };
  prepareFolder(folder)();
  await writeReports(folder, { results, messages: [{ attachment }], left: [], targetLogs: body });
  delete process.env.AWS_SECRET_ACCESS_KEY;
  const files = readdirSync(folder);
  assert.deepEqual(files.toSorted(), [
    'badge.json',
    'conformance.json',
    'cucumber.html',
    'junit.xml',
    'messages.ndjson',
    'report.html',
    'target.log',
  ]);
  for (const file of files) {
    const text = readFileSync(path.join(folder, file), 'utf8');
    for (const secret of ['wJalrXUtnFEMI', 'AKIAIOSFODNN7EXAMPLE', '123456789012'])
      assert.ok(!text.includes(secret), `${file} holds ${secret}`);
  }
});

test('a failure shows the exchange that it speaks of, and no difference twice', () => {
  const results = sampleResults();
  const failed = results.scenarios[1] as ScenarioResult;
  const [first] = failed.exchanges;
  assert.ok(first);
  const last = {
    ...first,
    request: { ...first.request, method: 'DELETE', url: 'http://127.0.0.1:1/test/other' },
  };
  const reason =
    'AssertionError [ERR_ASSERTION]: GET http://127.0.0.1:1/test/streams answered 200 {}\n    + expected - actual\n\n    -false\n    +true\n';
  const text = toText(
    { ...results, scenarios: [{ ...failed, reason, exchanges: [first, last] }] },
    { color: false },
  );
  assert.match(text, /request {3}GET /);
  assert.doesNotMatch(text, /DELETE|expected - actual/);
  const telling = '5 shards\n    + expected - actual\n\n    -4\n    +5\n';
  assert.match(
    toText({ ...results, scenarios: [{ ...failed, reason: telling }] }, { color: false }),
    /-4\n\s+\+5/,
  );
});

test('divergences of one cause are one line', () => {
  const divergence = {
    reason: 'not enforced',
    link: 'l',
    expires: '2027-01-01',
    status: 'expected' as const,
  };
  const text = toText(
    {
      ...onlyPassing('conformant'),
      divergences: [
        { ...divergence, scenario: 'one' },
        { ...divergence, scenario: 'two' },
        { ...divergence, scenario: 'three', reason: 'another' },
      ],
    },
    { color: false },
  );
  assert.match(text, /\n {2}one, and 1 more: not enforced \(l; until 2027-01-01\)\n {2}three: another /);
});
