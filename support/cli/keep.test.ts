import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { expect } from 'chai';
import { request } from 'undici';
import { ROOT } from '../run/suite.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kpc-keep-'));
let child: ChildProcess | undefined;
after(() => {
  child?.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

test('with --keep the embedded AWS serves on what a failing scenario left, until it is interrupted', async () => {
  const definition = path.join(folder, 'four-shards.yaml');
  const tutorial = readFileSync(path.join(ROOT, 'infra/proxy/tutorial.yaml'), 'utf8');
  writeFileSync(definition, tutorial.replace("== '') 5", "== '') 4"));
  child = spawn(
    process.execPath,
    [
      path.join(ROOT, 'support/cli/main.mjs'),
      'conformance',
      ...[
        '--keep',
        '--clause',
        'CREATE-1',
        '--definition',
        definition,
        '--report',
        path.join(folder, 'report'),
      ],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, GITHUB_ACTIONS: '' } },
  );
  let printed = '';
  for await (const chunk of child.stdout as NodeJS.ReadableStream) {
    printed += String(chunk);
    if (/^serving .*\n/m.test(printed)) break;
  }
  expect(printed).to.match(/^verdict +not-conformant: failed: CREATE-1$/m);
  const [, url] = /^kept +(http:\S+)$/m.exec(printed) ?? [];
  const [, stream] = /^ {2}request +POST \S+\/(kpc-\S+)/m.exec(printed) ?? [];
  const { statusCode, body } = await request(`${url}/streams/${stream}`);
  expect(statusCode).to.equal(200);
  expect(await body.text()).to.contain(`"StreamName":"${stream}"`);
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  expect(await ended).to.deep.equal([130, null]);
});
