import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { readFileBounded } from './file.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kpc-file-'));
after(() => rmSync(folder, { recursive: true }));
const file = path.join(folder, 'x');

test('a whole file is read, up to the limit', () => {
  for (const length of [0, 1, 4095, 4096, 4097, 100_000]) {
    const bytes = Buffer.alloc(length, 'é');
    writeFileSync(file, bytes);
    assert.deepEqual(readFileBounded(file, 100_000), bytes);
  }
  appendFileSync(file, 'x');
  assert.throws(() => readFileBounded(file, 100_000), /^Error: it has 100001 bytes, and at most/);
});

test('a folder, a device and an endless file are refused', () => {
  assert.throws(() => readFileBounded(folder, 100), /EISDIR|not a file/);
  if (process.platform === 'win32') return;
  assert.throws(() => readFileBounded('/dev/zero', 100), /not a file/);
  if (process.platform === 'linux')
    assert.throws(() => readFileBounded('/proc/self/maps', 100), /it has more, and at most/);
});
