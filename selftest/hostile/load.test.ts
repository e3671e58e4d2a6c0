import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { readResult } from '../../bench/measure/result.ts';
import { ROOT } from '../../support/run/suite.ts';

test('5,000 calls on 64 connections: each answer is right, each record stored once, no stream left', async (t) => {
  const results = mkdtempSync(path.join(tmpdir(), 'kpc-load-'));
  t.after(() => rmSync(results, { recursive: true }));
  const soak = ['support/cli/main.mjs', 'soak', '--calls', '5000', '--minutes', '1', '--results', results];
  await promisify(execFile)(process.execPath, soak, { cwd: ROOT });
  const { failures, series } = readResult(results, 'soak');
  assert.deepEqual(failures, []);
  const { labels } = series.find(({ measure }) => measure === 'rate') ?? {};
  assert.ok(Number(labels?.calls) >= 5_000, 'the soak ended before it had made its calls');
  assert.equal(labels?.connections, 64);
});
