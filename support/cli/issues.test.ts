import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { toJson } from '../report/json.ts';
import { sampleResults } from '../report/testing/sample.ts';
import { ROOT } from '../run/suite.ts';

test('the command opens an issue through GitHub, once, and closes it', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'kpc-issues-'));
  const issues: { number: number; body: string; state: string }[] = [];
  const calls: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const sent = JSON.parse(Buffer.concat(chunks).toString() || '{}') as { body?: string; state?: string };
    calls.push(`${request.method} ${request.url?.split('?')[0]} ${request.headers.authorization}`);
    const number = Number(/\/issues\/(\d+)$/.exec(request.url ?? '')?.[1]);
    if (request.method === 'POST' && request.url?.endsWith('/issues'))
      issues.push({ number: issues.length + 1, body: String(sent.body), state: 'open' });
    if (request.method === 'PATCH') Object.assign(issues[number - 1] ?? {}, sent);
    response.end(JSON.stringify(issues.filter(({ state }) => state === 'open')));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });
  const file = path.join(folder, 'conformance.json');
  const run = () =>
    new Promise<string>((resolve, reject) => {
      const env = {
        ...process.env,
        GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        GITHUB_REPOSITORY: 'o/r',
        GITHUB_TOKEN: 'planted-token-of-github',
      };
      execFile(
        process.execPath,
        ['support/cli/main.mjs', 'issues', file],
        { cwd: ROOT, env },
        (error, stdout, stderr) => (error ? reject(new Error(stdout + stderr)) : resolve(stdout)),
      );
    });
  const failing = sampleResults();
  writeFileSync(file, toJson(failing));
  assert.match(await run(), /^open +LIST-1/);
  assert.match(await run(), /^update +LIST-1 +#1/);
  assert.equal(issues.length, 1);
  const clauses = failing.clauses.map((clause) => ({ ...clause, result: 'passed' as const }));
  const summary = { ...failing.summary, clauses: { ...failing.summary.clauses, passed: 2, failed: 0 } };
  writeFileSync(file, toJson({ ...failing, verdict: 'conformant', clauses, summary }));
  assert.match(await run(), /^close +LIST-1 +#1/);
  assert.equal(issues[0]?.state, 'closed');
  assert.ok(calls.every((call) => call.endsWith('Bearer planted-token-of-github')));
});
