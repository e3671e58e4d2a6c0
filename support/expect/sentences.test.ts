import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

const ROOT = path.resolve(import.meta.dirname, '../..');
/** These give failures such as "expected false to equal true". */
const BOOLEAN = /\.to\.(?:not\.)?(?:be\.(?:true|false)\b|(?:be|equal|eql|deep\.equal)\((?:true|false)\))/;

test('no assertion with a visible failure compares with true or false', () => {
  const files = globSync(['steps/*.ts', 'support/{expect,scenario,observe,client}/*.ts', 'support/*.ts'], {
    cwd: ROOT,
  }).filter((file) => !file.endsWith('.test.ts'));
  assert.ok(files.length > 20);
  const found = files.flatMap((file) =>
    readFileSync(path.join(ROOT, file), 'utf8')
      .split('\n')
      .flatMap((line, at) => (BOOLEAN.test(line) ? [`${file}:${at + 1}: ${line.trim()}`] : [])),
  );
  assert.deepEqual(found, []);
  assert.match('expect(isSo).to.equal(true)', BOOLEAN);
});
