import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { XMLParser } from 'fast-xml-parser';
import { type Results, summarize } from '../run/results.ts';
import { compareResults } from './compare.ts';
import { writeReports } from './folder.ts';
import { toMarkdown } from './github.ts';
import { planIssues } from './issues.ts';
import { readResults, toJson } from './json.ts';
import { toJunit } from './junit.ts';
import { clauseByTarget } from './target-table.ts';
import { sampleResults } from './testing/sample.ts';
import { toText } from './text.ts';

/** Clauses that a run does not judge: the API has no such call, or the user excluded them. */
const folder = mkdtempSync(path.join(tmpdir(), 'kpc-unjudged-'));
after(() => rmSync(folder, { recursive: true }));

const REASON = 'internal <network> only, see `wiki` | page';
const judged = conformant({});
const unjudged = conformant({ isInapplicable: true, exclusions: [{ clause: 'SAFE-14', reason: REASON }] });

function conformant(how: {
  isInapplicable?: boolean;
  exclusions?: NonNullable<Results['exclusions']>;
}): Results {
  const all = sampleResults();
  const [first, second] = all.clauses;
  assert.ok(first && second);
  const other = how.isInapplicable
    ? { ...second, result: 'not-applicable' as const, scenarios: [] }
    : { ...second, result: 'passed' as const };
  const scenarios = how.isInapplicable
    ? all.scenarios.slice(0, 1)
    : all.scenarios.map((row) => ({ ...row, result: 'passed' as const }));
  const clauses = [{ ...first, result: 'passed' as const }, other];
  return {
    ...all,
    verdict: 'conformant',
    because: 'it is',
    clauses,
    scenarios,
    summary: summarize({ clauses, scenarios }),
    ...(how.exclusions && { exclusions: how.exclusions }),
  };
}

const inapplicable = String(unjudged.clauses[1]?.id);

test('results with inapplicable clauses and exclusions can be written and read', () => {
  const file = path.join(folder, 'r.json');
  writeFileSync(file, toJson(unjudged));
  assert.deepEqual(readResults(file).exclusions, [{ clause: 'SAFE-14', reason: REASON }]);
  const twice = { ...unjudged, exclusions: [{ clause: inapplicable, reason: 'x' }] };
  writeFileSync(file, JSON.stringify(twice));
  assert.throws(() => readResults(file), /is excluded and judged/);
  assert.throws(() => toJson({ ...unjudged, exclusions: [{ clause: 'A-1', reason: '' }] }), /exclusions/);
});

test('JUnit skips a test case for each, with the reason, and counts it', () => {
  const { testsuites } = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' }).parse(
    toJunit(unjudged),
  );
  assert.equal(testsuites.failures, '0');
  assert.equal(testsuites.skipped, '2');
  const [, one, other] = testsuites.testsuite;
  assert.match(one.testcase.name, new RegExp(`^${inapplicable} `));
  assert.match(one.testcase.skipped.message, /^not applicable: the API offers none/);
  assert.equal(other.testcase.name, 'SAFE-14');
  assert.equal(other.testcase.skipped.message, `excluded: ${REASON}`);
});

test('text, job summary, page and table list them', async () => {
  const text = toText(unjudged, { color: false });
  assert.ok(text.includes(`  SAFE-14: ${REASON}`), text);
  assert.match(text, /1 not applicable/);
  assert.match(text, /^verdict +conformant with exclusions: /m);
  assert.doesNotMatch(toText({ ...unjudged, verdict: 'partial' }, { color: false }), /with exclusions/);
  assert.doesNotMatch(toText(judged, { color: false }), /excluded|not applicable/);
  const markdown = toMarkdown(unjudged);
  assert.match(markdown, /: conformant with exclusions$/m);
  assert.match(markdown, /\| SAFE-14 \| `*internal/);
  assert.match(markdown, new RegExp(`no such call: ${inapplicable}`));
  assert.doesNotMatch(markdown, new RegExp(`\\| ${inapplicable} \\|`), 'it is not among the failures');
  const message = { testRunStarted: { timestamp: { seconds: 0, nanos: 0 } } };
  await writeReports(folder, { results: unjudged, messages: [message], left: [], targetLogs: undefined });
  const page = readFileSync(path.join(folder, 'report.html'), 'utf8');
  assert.match(page, /<h1>Conformant with exclusions<\/h1>\s*<p class="lead">It is\.</);
  assert.match(page, /SAFE-14<\/b> <span class="mark quiet">excluded<\/span> internal &lt;network&gt; only/);
  assert.match(
    page,
    new RegExp(`<span class="mark quiet">not applicable</span> <span class="id">${inapplicable}<`),
  );
  const { rows } = clauseByTarget([
    { label: 'one', results: unjudged },
    { label: 'two', results: judged },
  ]);
  assert.deepEqual(rows[0], ['clause', 'one', 'two']);
  assert.deepEqual(rows[1], ['verdict', 'conformant with exclusions', 'conformant']);
  const { definition, target } = judged;
  const hardened = { ...judged, definition: { ...definition, name: 'hardened' } };
  const pair = [judged, hardened].map((results) => ({ label: undefined, results }));
  const label = `${target.name} ${target.version}`;
  assert.deepEqual(clauseByTarget(pair).rows[0], [
    'clause',
    `${label}, ${definition.name}`,
    `${label}, hardened`,
  ]);
  assert.deepEqual(
    rows.find(([id]) => id === inapplicable),
    [inapplicable, 'not-applicable', 'passed'],
  );
});

test('a comparison distinguishes them, and reports none as failing', () => {
  const [first] = judged.clauses;
  assert.ok(first);
  const kinds = (before: Results, now: Results) =>
    compareResults(before, now).changes.map(({ id, kind }) => [id, kind]);
  const excluded = {
    ...judged,
    clauses: judged.clauses.slice(1),
    exclusions: [{ clause: first.id, reason: 'r' }],
  };
  const smaller = { ...judged, clauses: judged.clauses.slice(1) };
  assert.deepEqual(kinds(judged, unjudged), [[inapplicable, 'no-longer-applicable']]);
  assert.deepEqual(kinds(unjudged, judged), [[inapplicable, 'newly-passing']]);
  assert.deepEqual(kinds(judged, excluded), [[first.id, 'newly-excluded']]);
  assert.deepEqual(kinds(judged, smaller), [[first.id, 'no-longer-judged']]);
  for (const now of [unjudged, excluded, smaller]) assert.deepEqual(compareResults(judged, now).worse, []);
  assert.match(compareResults(judged, excluded).excluded, /\(r\)$/);
  const open = {
    ...judged,
    clauses: [{ ...first, result: 'not-observable' as const }, ...judged.clauses.slice(1)],
  };
  assert.deepEqual(
    compareResults(judged, open).worse.map(({ kind }) => kind),
    ['lost'],
  );
});

test('the issue of a clause that is no longer judged is closed, with the reason', () => {
  const failing = {
    ...judged,
    verdict: 'not-conformant' as const,
    clauses: judged.clauses.map((clause) => ({ ...clause, result: 'failed' as const })),
  };
  const run = { url: undefined, today: '2026-06-15' };
  const opened = planIssues(failing, [], run);
  const open = opened.map((action, index) => ({
    number: index + 1,
    body: 'body' in action ? action.body : '',
  }));
  const first = String(judged.clauses[0]?.id);
  const now = {
    ...unjudged,
    clauses: unjudged.clauses.slice(1),
    exclusions: [{ clause: first, reason: 'not ours' }],
  };
  const closed = planIssues(now, open, run);
  assert.deepEqual(
    closed.map(({ kind, subject }) => [kind, subject]),
    [
      ['close', first],
      ['close', inapplicable],
    ],
  );
  assert.match(JSON.stringify(closed[0]), /excluded \(not ours\)/);
  assert.match(JSON.stringify(closed[1]), /not applicable any more/);
});

test('a long second line of a part of a failure stays below its text', () => {
  const { scenarios } = sampleResults();
  const observed = scenarios.map((row) => ({
    ...row,
    observations: [`first\nsecond ${'word '.repeat(30)}`],
  }));
  const lines = toText(sampleResults({ scenarios: observed }), { color: false, columns: 40 }).split('\n');
  const first = lines.findIndex((line) => line.startsWith('  Kinesis   first'));
  const own = lines.slice(first + 1, first + 6);
  for (const line of own) assert.match(line, /^ {12}\S/);
});

test('a run that ended as an error counts what ran before, not what was skipped', () => {
  const { scenarios } = sampleResults();
  const told = (result: 'passed' | 'skipped') =>
    toText(
      sampleResults({
        verdict: 'error',
        because: 'why',
        scenarios: scenarios.map((scenario) => ({ ...scenario, result })),
      }),
      { color: false },
    );
  assert.match(told('passed'), /^before +2 scenarios ran, 0 of them failed$/m);
  assert.doesNotMatch(told('skipped'), /before/);
});
