import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { prepareFolder, writeReports } from './folder.ts';
import { LAST_JUDGED_FILE, readResults } from './json.ts';
import { sampleResults } from './testing/sample.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kpc-report-folder-'));
after(() => rmSync(folder, { recursive: true }));

const NOTHING_ELSE = { messages: [], left: [], targetLogs: undefined };

test('an earlier report stays until a new one replaces the whole of it, and other files stay', async () => {
  const attachment = { body: 'x', mediaType: 'text/plain', contentEncoding: 'IDENTITY' as never };
  const earlier = { ...NOTHING_ELSE, messages: [{ attachment }], targetLogs: 'log' };
  await writeReports(folder, { ...earlier, results: sampleResults() });
  writeFileSync(path.join(folder, 'mine.txt'), 'x');
  writeFileSync(path.join(folder, '.junit.xml.1.abcd.tmp'), 'half');
  const before = readdirSync(folder).filter((name) => !name.endsWith('.tmp'));
  prepareFolder(folder)();
  assert.deepEqual(readdirSync(folder), before);

  await writeReports(folder, { ...NOTHING_ELSE, results: sampleResults({ because: 'anew' }) });
  const files = ['badge.json', 'conformance.json', 'junit.xml', 'mine.txt', 'report.html'];
  assert.deepEqual(readdirSync(folder).toSorted(), files);
  assert.equal(readResults(folder).because, 'anew');
});

test('where one report cannot be written, the earlier ones stay', async () => {
  await writeReports(folder, { ...NOTHING_ELSE, results: sampleResults() });
  const before = readdirSync(folder).map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]);
  mkdirSync(path.join(folder, 'target.log'));
  const run = { ...NOTHING_ELSE, results: sampleResults({ because: 'anew' }), targetLogs: 'log' };
  await assert.rejects(writeReports(folder, run), /there is no verdict/);
  rmdirSync(path.join(folder, 'target.log'));
  const after = readdirSync(folder).map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]);
  assert.deepEqual(after, before);
});

test('the results of the last judged run stay beside those of runs that ended as errors', async () => {
  const error = sampleResults({ verdict: 'error', because: 'the target failed' });
  await writeReports(folder, { ...NOTHING_ELSE, results: sampleResults() });
  for (const results of [error, error]) {
    await writeReports(folder, { ...NOTHING_ELSE, results });
    assert.equal(readResults(folder).verdict, 'error');
    assert.equal(readResults(path.join(folder, LAST_JUDGED_FILE)).verdict, 'not-conformant');
  }
  await writeReports(folder, { ...NOTHING_ELSE, results: sampleResults() });
  assert.ok(!existsSync(path.join(folder, LAST_JUDGED_FILE)));
});

test('a report folder that cannot be one is a usage error', () => {
  writeFileSync(path.join(folder, 'file'), 'x');
  assert.throws(() => prepareFolder(path.join(folder, 'file')), /cannot be written.*--report/);
});

test('a folder lost in mid-run leaves no verdict', async () => {
  const lost = path.join(folder, 'lost');
  const run = { ...NOTHING_ELSE, results: sampleResults() };
  await assert.rejects(writeReports(lost, run), /there is no verdict/);
});
