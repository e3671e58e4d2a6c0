import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../../support/run/suite.ts';
import { inTemporaryFolder, runToEnd } from '../measure/process.ts';
import { CALLS, CUCUMBER, collection, feature, pytestFile } from './twenty.ts';

test('each tool is given the same twenty calls, with one check each', () => {
  const { item } = JSON.parse(collection('http://host/stage'));
  assert.equal(CALLS, 20);
  assert.equal(item.length, 20);
  const urls = item.map(({ request }: { request: { url: string } }) => request.url);
  for (const url of urls) assert.ok(pytestFile('http://host/stage', 1).includes(url));
  assert.equal(feature(1).match(/^ +When /gm)?.length, 20);
  assert.equal(feature(1).match(/^ +Then /gm)?.length, 20);
  assert.equal(feature(3).match(/^ +Then /gm)?.length, 60);
});

test("the feature uses the suite's vocabulary", async () => {
  const { output } = await inTemporaryFolder((folder) => {
    const file = path.join(folder, 'twenty.feature');
    writeFileSync(file, feature(1));
    const command = [process.execPath, CUCUMBER, file, '--dry-run', '--format', 'summary'] as const;
    return runToEnd(command, { cwd: ROOT, timeout: 60_000 });
  });
  assert.match(output, /5 scenarios \(5 skipped\)/);
});
