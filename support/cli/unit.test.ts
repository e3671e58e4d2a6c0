import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../run/suite.ts';
import { StatusLine } from './progress.ts';
import { unitTestFiles } from './unit-tests.ts';

test('failed tests and files that do not load are reported and counted; skipped tests do not count as passed', (t) => {
  const root = mkdtempSync(path.join(tmpdir(), 'kpc-unit-'));
  t.after(() => rmSync(root, { recursive: true }));
  mkdirSync(path.join(root, 'infra'));
  const file = (name: string, text: string) => writeFileSync(path.join(root, 'infra', name), text);
  file(
    'mixed.test.ts',
    `import { suite, test } from 'node:test';
     suite('s', () => test('good', () => {}));
     test('bad', () => { throw new Error('the reason'); });
     test('skipped', { skip: 'the reason' }, () => {});`,
  );
  file('broken.test.ts', "import './nothing.ts';");
  file('no-test.ts', "throw new Error('this is not a test file');");
  const main = path.join(root, 'main.mjs');
  const module = JSON.stringify(new URL('unit-tests.ts', import.meta.url).href);
  writeFileSync(
    main,
    `const { runUnitTests, unitTestFiles } = await import(${module});
     const root = import.meta.dirname;
     const seen = [];
     const line = { show: (share, text) => seen.push(share + ' ' + text), clear: () => undefined };
     console.log(JSON.stringify([await runUnitTests(root, unitTestFiles(root), { line }), seen]));`,
  );
  // In a separate process, without the variable by which node:test refuses to run nested.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { stdout } = spawnSync(process.execPath, [main], { env, encoding: 'utf8' });
  const lines = stdout.trimEnd().split('\n');
  const [{ failures, ...counts }, seen] = JSON.parse(lines.pop() ?? '') as [{ failures: string[] }, string[]];
  assert.deepEqual(counts, { passed: 1, failed: 2, skipped: 1 }, stdout);
  assert.equal(failures.length, 2);
  for (const failure of failures) assert.ok(stdout.includes(failure), failure);
  assert.equal(lines.pop(), 'failed unit tests: 1 passed, 2 failed, 1 skipped');
  assert.match(lines.join('\n'), /mixed\.test\.ts:3 bad\n +Error: the reason/);
  assert.match(lines.join('\n'), /^ {2}not run: 1 test of infra\/mixed\.test\.ts: the reason$/m);
  assert.match(lines.join('\n'), /broken\.test\.ts:1 /);
  assert.equal(seen.at(-1), '1 2 of 2 files, 1 passed, 1 failed');
});

test('a pattern is part of a path', () => {
  const all = unitTestFiles(ROOT);
  assert.ok(all.includes('support/cli/unit.test.ts'));
  assert.deepEqual(unitTestFiles(ROOT, ['./support/cli/unit.', 'cli/issues']), [
    'support/cli/issues.test.ts',
    'support/cli/unit.test.ts',
  ]);
  assert.throws(() => unitTestFiles(ROOT, ['no-such-file']), /no test file's path contains "no-such-file"/);
});

test('a status line never wraps, and is not redrawn in a log', () => {
  const written: string[] = [];
  const write = (text: string) => written.push(text);
  const lineOf = (columns: number) => {
    new StatusLine({ isTTY: true, columns, write }).show(0.5, '1 of 2 files');
    return written.pop();
  };
  assert.equal(lineOf(80), `\r\u001b[2K[${'#'.repeat(15)}${' '.repeat(15)}] 1 of 2 files`);
  assert.equal(lineOf(45), '\r\u001b[2K1 of 2 files');
  assert.equal(lineOf(10), '\r\u001b[2K1 of 2 fi');
  const log = new StatusLine({ write });
  log.show(0.5, '1 of 2 files');
  log.clear();
  assert.deepEqual(written, []);
});
