import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { ROOT } from './suite.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kpc-uncaught-'));
after(() => rmSync(folder, { recursive: true }));

/** Runs one clause in a process that throws as soon as the command handles uncaught errors. */
function runThrowing(what: string): Promise<{ code: unknown; stderr: string }> {
  const program = `
    const timer = setInterval(() => {
      if (process.listenerCount('uncaughtException') === 0) return;
      clearInterval(timer);
      ${what};
    }, 1);`;
  const args = ['--import', `data:text/javascript,${encodeURIComponent(program)}`];
  const command = ['support/cli/main.mjs', 'conformance', '--clause', 'CREATE-1', '--report', folder];
  return new Promise((resolve) => {
    execFile(process.execPath, [...args, ...command], { cwd: ROOT }, (error, _stdout, stderr) =>
      resolve({ code: error?.code, stderr }),
    );
  });
}

for (const what of ["throw new Error('nobody caught me')", "Promise.reject(new Error('nobody caught me'))"])
  test(`an uncaught error ends a run with exit code 2 and its cause: ${what}`, async () => {
    const { code, stderr } = await runThrowing(what);
    assert.equal(code, 2);
    assert.match(stderr, /^error: the suite itself failed: Error: nobody caught me$/m);
  });
