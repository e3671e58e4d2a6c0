import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../run/suite.ts';
import { toPage } from './page/page.ts';
import { sampleResults } from './testing/sample.ts';
import { toText } from './text.ts';

test('terminal, page and guide call the parts of a failure by the same words', () => {
  const results = sampleResults({ options: [] });
  const [, failed] = results.scenarios;
  assert.ok(failed);
  const refused = {
    ...failed,
    reason: 'expected success, and GET http://127.0.0.1:1/test/streams answered 200 AccessDenied',
    exchanges: failed.exchanges.map((exchange) => ({
      ...exchange,
      response: { ...exchange.response, body: 'AccessDenied' },
    })),
  };
  const whole = {
    ...results,
    scenarios: [refused, refused],
    clauses: results.clauses.map((clause) => ({ ...clause, remedy: 'Change the template.' })),
  };
  const text = toText(whole, { color: false, isKept: true });
  const labels = [...text.matchAll(/^ {2}([a-zA-Z]+) +/gm)].map(([, label = '']) => label);
  for (const label of ['cause', 'remedy', 'reproduce', 'call', 'also', 'answer'])
    assert.ok(labels.includes(label), `${label} in ${text}`);
  const guide = readFileSync(path.join(ROOT, 'docs/failures.md'), 'utf8');
  for (const label of labels) assert.match(guide, new RegExp(`^\\| .*\`${label}\`.* \\|`, 'm'));
  const page = toPage(whole, []);
  for (const label of ['Cause', 'Remedy', 'Reproduce']) assert.match(page, new RegExp(`<(b|p)>${label}</`));
});
