import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { UsageError } from '../../infra/errors.ts';
import { command } from './site.ts';

const refused = (argv: string[], cause: RegExp) =>
  assert.rejects(
    () => command.run(argv),
    (error) => error instanceof UsageError && cause.test(error.message) && !error.message.includes('\n'),
  );

test('a folder with other files is left unchanged', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'kpc-site-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(path.join(folder, 'mine.txt'), 'mine');
  await refused(['--out', folder], /contains other files, which would be lost; give an empty or new folder/);
  assert.equal(readFileSync(path.join(folder, 'mine.txt'), 'utf8'), 'mine');
});

test('the error for a folder that cannot be written has its cause', () =>
  refused(['--out', '/dev/null/site'], /cannot be written .*; name a folder that can/));

test('a file is not a folder', () => refused(['--out', import.meta.filename], /is a file; name a folder/));

test('what it does not take is refused', async () => {
  await refused(['--outt', 'x'], /there is no option --outt; did you mean --out\?/);
  await refused(['x'], /takes no name/);
  await refused(['--out', ''], /--out is empty/);
});
