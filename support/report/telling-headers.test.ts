import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { readInterface } from '../../infra/definition/interface/file.ts';
import type { Exchange } from '../client/exchange.ts';
import { loadCatalogue } from '../run/catalogue.ts';
import type { Results, ScenarioResult } from '../run/results.ts';
import { ROOT } from '../run/suite.ts';
import { toPage } from './page/page.ts';
import { CLAUSES_WITH_HEADERS } from './telling-headers.ts';
import { sampleResults } from './testing/sample.ts';
import { toText } from './text.ts';

const CALL: Exchange = {
  request: { method: 'PUT', url: 'http://x/test/a', headers: { 'content-type': 'text/xml', 'X-Mine': 'a' } },
  response: {
    status: 415,
    headers: {
      'content-type': 'text/html',
      'X-Amzn-ErrorType': 'UnsupportedMediaTypeException',
      'x-amzn-requestid': '1',
      date: 'today',
    },
    body: 'no',
  },
  durationMs: 1,
};

/** A run in which a scenario of the clause failed. */
function failing(id: string, more: Partial<ScenarioResult> = {}): Results {
  const results = sampleResults();
  const scenarios = results.scenarios.map((row) =>
    row.result === 'failed' ? { ...row, clauses: [id], exchanges: [CALL], ...more } : row,
  );
  const clauses = results.clauses.map((clause) => (clause.result === 'failed' ? { ...clause, id } : clause));
  return { ...results, scenarios, clauses };
}

function lines(results: Results): string[] {
  return toText(results, { color: false })
    .split('\n')
    .filter((line) => /^ {2}(request|answer)/.test(line));
}

test('a failure shows the headers that its clause is about, present or not', () => {
  assert.deepEqual(lines(failing('SAFE-12')), [
    '  request   PUT http://x/test/a (Content-Type: text/xml) (no body)',
    '  answer    415 (Content-Type: text/html, X-Amzn-ErrorType: UnsupportedMediaTypeException) no',
  ]);
  assert.match(lines(failing('SAFE-15'))[0] ?? '', /\(no Origin\)/);
  assert.match(
    lines(failing('SAFE-15'))[1] ?? '',
    /\(no Access-Control-Allow-Origin, no Access-Control-Allow-M/,
  );
});

test('a failure shows only the headers that its reason or clause names', () => {
  assert.deepEqual(lines(failing('PUT-1', { reason: 'expected no header x-amzn-RequestId: PUT' })), [
    '  request   PUT http://x/test/a (no body)',
    '  answer    415 (x-amzn-requestid: 1, X-Amzn-ErrorType: UnsupportedMediaTypeException) no',
  ]);
  const quiet = { ...CALL, response: { ...CALL.response, headers: { date: 'today' } } };
  assert.deepEqual(lines(failing('PUT-1', { exchanges: [quiet] })), [
    '  request   PUT http://x/test/a (no body)',
    '  answer    415 no',
  ]);
});

test('a failure shows the headers in which the API takes values', () => {
  const results = {
    ...failing('PUT-1'),
    interface: readInterface(
      "calls: [{ action: GetRecords, method: PUT, path: '/{name}', iterator: { from: header, name: x-mine } }]",
      'test',
    ),
  };
  assert.equal(lines(results)[0], '  request   PUT http://x/test/a (x-mine: a) (no body)');
});

test('the page shows the same of the answer outside its fold', () => {
  const page = toPage(failing('SAFE-15'), []);
  assert.match(page, /no Access-Control-Allow-Origin/);
});

test('the clauses with headers of their own are in the catalogue', () => {
  const catalogue = loadCatalogue(path.join(ROOT, 'features/catalogue.yaml'));
  for (const id of CLAUSES_WITH_HEADERS) assert.ok(catalogue.get(id), id);
});
