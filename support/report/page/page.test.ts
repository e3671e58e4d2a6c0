import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { ClauseOutcome, Results } from '../../run/results.ts';
import { failuresOf } from '../failures.ts';
import { sampleResults } from '../testing/sample.ts';
import { formatted, pathBelowStage } from './failure-view.ts';
import { toPage } from './page.ts';
import { pageView } from './view.ts';

const FOLDER = new URL('.', import.meta.url);

test('templates print only escaped values and styles', () => {
  const templates = readdirSync(FOLDER).filter((name) => name.endsWith('.eta'));
  assert.ok(templates.length >= 4);
  for (const name of templates) {
    const text = readFileSync(new URL(name, FOLDER), 'utf8');
    for (const [, raw = ''] of text.matchAll(/<%~([\s\S]*?)%>/g))
      assert.match(raw, /^ (include\('\.\/\w+', \{[^<>]*\}\)|it\.styles) $/, `${name}: ${raw}`);
    // Escaping protects only quoted attributes.
    assert.doesNotMatch(text, /=<%=/, name);
    assert.doesNotMatch(text, /<script|\son\w+=|\sstyle=/i, name);
  }
});

test('the policy allows the styles of the page and nothing else', () => {
  const page = toPage(sampleResults(), []);
  const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
  const [, styles = ''] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? [];
  const hash = createHash('sha256').update(styles).digest('base64');
  assert.equal(
    policy.replaceAll('&#39;', "'"),
    `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
  );
  assert.doesNotMatch(page, /<script|<img|<link|url\(|@import|src=/);
});

test('each result of a clause is shown as a word', () => {
  const [, failed] = sampleResults().clauses;
  assert.ok(failed);
  const outcomes: ClauseOutcome[] = [
    'passed',
    'failed',
    'diverged',
    'flaky',
    'not-observable',
    'not-applicable',
    'not-run',
  ];
  const clauses = outcomes.map((result, at) => ({ ...failed, id: `X-${at}`, result, scenarios: [] }));
  const view = pageView({ ...sampleResults(), clauses }, []);
  assert.deepEqual(
    view.nouns[0]?.clauses.map(({ result }) => result),
    ['passed', 'failed', 'diverged as listed', 'flaky', 'not observable', 'not applicable', 'not run'],
  );
  assert.deepEqual(
    view.unsettled.map(({ id }) => id),
    ['X-3', 'X-4', 'X-6'],
  );
  assert.equal(
    view.counts.reduce((sum, { count }) => sum + count, 0),
    outcomes.length,
  );
});

test('a failure shows what was expected and seen, the call, the mapping, Kinesis, the log and the command', () => {
  const page = toPage(withFailure(), ['cucumber.html']);
  for (const part of [
    'Not conformant',
    '<span class="id">LIST-1</span> The list holds names.',
    'source: tutorial, List streams',
    'the answer lists the stream',
    'to equal 404',
    '<b>ListStreams</b>',
    'The member <code>Limit</code> is there more than once.',
    'Kinesis holds the stream',
    'Execution log for request 1',
    'Change the template.',
    'npm run conformance -- --definition &#39;my api.yaml&#39; --clause LIST-1',
    'curl -sS -X GET',
    '<a href="cucumber.html">',
  ])
    assert.ok(page.includes(part), part);
  assert.match(page, /<details class="failure" open>/);
  assert.match(page, /&quot;StreamARN&quot;: &quot;/, 'bodies are indented');
});

test('if nothing could be judged, only the cause is shown, and the clauses are folded', () => {
  const all = sampleResults();
  const clauses = all.clauses.map((clause) => ({ ...clause, result: 'not-run' as const, scenarios: [] }));
  const page = toPage({ ...all, verdict: 'error', because: 'nothing answers', clauses, scenarios: [] }, []);
  assert.match(page, /<h1>No verdict<\/h1>\s*<p class="lead">Nothing answers\.<\/p>/);
  assert.match(page, /2 clauses have no result/);
  assert.match(page, /<details class="fold">\s*<summary>The 2 clauses/);
  assert.doesNotMatch(page, /All clauses|class="counts"/);
});

test('a divergence links only to web pages', () => {
  const entry = { clause: 'LIST-1', reason: 'r', expires: '2099-01-01', status: 'expected' } as const;
  const page = (link: string) => toPage(sampleResults({ divergences: [{ ...entry, link }] }), []);
  assert.match(
    page('https://example.org/1'),
    /<a href="https:\/\/example\.org\/1" rel="noreferrer noopener">/,
  );
  for (const link of ['javascript:planted()', 'data:text/html,x', 'https://a b', 'https://x\njavascript:'])
    assert.doesNotMatch(page(link), /<a href="(javascript|data|https)/, link);
});

test('formatting changes only white space', () => {
  const twice = '{"a":1,"a":[12345678901234567890],"b":{}}';
  assert.equal(formatted(twice).replace(/\s/g, ''), twice);
  assert.match(formatted(twice), /\n {2}"a": 1,\n {2}"a": \[/);
  for (const text of ['{"a":}', 'plain', '', '{"a":1} // x']) assert.equal(formatted(text), text);
  assert.match(formatted(`"${'x'.repeat(5_000)}"`), /^.{1500}… \(5002 characters/);
});

test('paths are relative to the stage if the URL has a form of API Gateway', () => {
  for (const url of [
    'http://127.0.0.1:1/_aws/execute-api/abc/test/streams/x?y=1',
    'https://abc.execute-api.eu-west-1.amazonaws.com/test/streams/x?y=1',
    'http://localhost:4566/restapis/abc/test/_user_request_/streams/x?y=1',
  ])
    assert.equal(pathBelowStage(url), '/streams/x?y=1', url);
  assert.equal(pathBelowStage('https://api.example.org/x'), 'https://api.example.org/x');
});

function withFailure(): Results {
  const all = sampleResults();
  return {
    ...all,
    options: ['--definition', 'my api.yaml'],
    clauses: all.clauses.map((clause) => ({
      ...clause,
      source: 'tutorial, List streams',
      remedy: 'Change the template.',
    })),
    scenarios: all.scenarios.map((scenario) => ({
      ...scenario,
      reason: 'GET http://127.0.0.1:1/test/streams answered 200 {}: expected 200 to equal 404',
      mapped: { action: 'ListStreams', body: '{"Limit":1,"Limit":2}' },
      executionLogs: ['Execution log for request 1'],
    })),
  };
}

test('failures are in the order of the terminal output, the cause of the others first', () => {
  const results = sampleResults();
  const scenario = results.scenarios.find(({ result }) => result === 'failed');
  const clause = results.clauses.find(({ result }) => result === 'failed');
  assert.ok(scenario && clause);
  const types = { 'DEF-1': 'context', 'LIST-1': 'action', 'PUT-1': 'outcome' } as const;
  const ids = Object.keys(types) as (keyof typeof types)[];
  const failing: Results = {
    ...results,
    clauses: ids.map((id) => ({ ...clause, id, scenarios: [`a.feature: ${id}`] })),
    scenarios: ids.map((id) => ({
      ...scenario,
      id: `a.feature: ${id}`,
      clauses: [id],
      failedStep: { text: 'it holds', line: 3, type: types[id] },
    })),
  };
  const onPage = pageView(failing, []).failed.flatMap(({ clauses }) => clauses);
  const inTerminal = failuresOf(failing).flatMap(({ clauses }) => clauses);
  const order = ['PUT-1', 'LIST-1', 'DEF-1'];
  assert.deepEqual(
    [onPage, inTerminal].map((own) => own.map(({ id }) => id)),
    [order, order],
  );
  assert.deepEqual(
    onPage.map(({ remarks }) => remarks.some((text) => text.startsWith('follows from'))),
    [false, false, true],
  );
});
