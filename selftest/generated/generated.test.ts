import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { loadDefinition } from '../../infra/definition/definition.ts';
import { curlLine } from '../../support/client/curl.ts';
import type { Change } from '../changes/change.ts';
import { inTemplate, integration, tutorial } from '../changes/definition.ts';
import { tryProperties } from './generated.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'generated-'));
after(() => rmSync(folder, { recursive: true }));

function definitionOf(change: Change) {
  const file = path.join(folder, 'changed.json');
  writeFileSync(file, JSON.stringify(change.definition?.(tutorial())));
  return loadDefinition(file);
}

const ENCODED = "$util.base64Encode($input.json('$.Data'))";

/** The named property finds each defect within the given number of runs. */
const MUTANTS: readonly [mutant: string, property: string, runs: number, change: Change][] = [
  ['base64Encode left out', 'data', 20, inTemplate('put a record', ENCODED, "$input.json('$.Data')")],
  ['an extra comma', 'batch', 20, inTemplate('put records', '#if($foreach.hasNext),#end', ',')],
  ['four shards by default', 'shard-count', 80, inTemplate('create a stream', ' 5 ', ' 4 ')],
  [
    'a name in lower case',
    'stream-name',
    60,
    inTemplate(
      'create a stream',
      "$input.params('stream-name')",
      "$input.params('stream-name').toLowerCase()",
    ),
  ],
  [
    'DELETE describes',
    'sequences',
    60,
    integration('delete a stream', (own) => {
      own.uri = 'arn:aws:apigateway:us-east-1:kinesis:action/DescribeStream';
    }),
  ],
];

for (const [mutant, property, runs, change] of MUTANTS)
  test(`${mutant}: a small counterexample, with its calls`, async () => {
    const [report] = await tryProperties(definitionOf(change), { runs, seed: 1, only: [property] });
    assert.ok(report?.failure, `${property} found nothing`);
    assert.ok(report.failure.counterexample.length < 100, report.failure.counterexample);
    const [first] = report.failure.exchanges;
    assert.match(first ? curlLine(first) : '', /^curl -sS -X (?:PUT|POST) 'http:\/\/127\.0\.0\.1/);
  });

test("the tutorial's own API has every property", async () => {
  const reports = await tryProperties(loadDefinition('tutorial'), { runs: 6, seed: 1 });
  assert.deepEqual(
    reports.filter(({ failure }) => failure).map(({ property, failure }) => [property.name, failure?.reason]),
    [],
  );
  assert.equal(reports.length, 6);
});
