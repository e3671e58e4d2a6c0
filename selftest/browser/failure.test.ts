import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../../support/run/suite.ts';
import { suite } from '../hostile/processes.ts';

test('a real failure is reported in full, without colours and without a stack trace', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'kpc-failure-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const definition = path.join(folder, 'copy.yaml');
  const tutorial = readFileSync(path.join(ROOT, 'infra/proxy/tutorial.yaml'), 'utf8');
  writeFileSync(definition, tutorial.replace('"TRIM_HORIZON"', '"LATEST"'));
  const report = path.join(folder, 'report');
  const { exitCode, stdout } = await suite(
    [
      'conformance',
      '--definition',
      definition,
      '--clause',
      'ITER-2',
      '--clause',
      'SAFE-14',
      '--report',
      report,
    ],
    // Force colours without a terminal, as some CI systems do.
    { env: { FORCE_COLOR: '3' } },
  );
  assert.equal(exitCode, 1, stdout);
  const read = (name: string) => readFileSync(path.join(report, name), 'utf8');
  for (const name of ['conformance.json', 'junit.xml', 'report.html']) {
    for (const code of ['\u001b', '\\u001b'])
      assert.ok(!read(name).includes(code), `${name} contains an escape code`);
    assert.doesNotMatch(read(name), /\bat .{0,200}:\d+:\d+\)?|node_modules/, `${name} holds a stack`);
  }
  const page = read('report.html');
  for (const part of [
    'Kinesis reads exactly &quot;first, third&quot; with it',
    '&quot;ShardIteratorType&quot;: &quot;LATEST&quot;',
    'new records in the stream kpc-',
    'copy.yaml --clause ITER-2',
    'source: tutorial, GET on sharditerator, template',
  ])
    assert.ok(page.includes(part), part);
  assert.match(read('junit.xml'), /message="ITER-2: The iterator starts at the oldest record/);
});
