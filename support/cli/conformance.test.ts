import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { expect } from 'chai';
import { request } from 'undici';
import type { Results } from '../run/results.ts';
import { ROOT } from '../run/suite.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kpc-conformance-'));
let child: ChildProcess | undefined;
after(() => {
  child?.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

const definition = path.join(folder, 'four-shards.yaml');
const tutorial = readFileSync(path.join(ROOT, 'infra/proxy/tutorial.yaml'), 'utf8');
writeFileSync(definition, tutorial.replace("== '') 5", "== '') 4"));

const argumentsOf = (...flags: string[]) => [
  path.join(ROOT, 'support/cli/main.mjs'),
  'conformance',
  ...['--definition', definition, '--report', path.join(folder, 'report'), ...flags],
];
const env = { ...process.env, GITHUB_ACTIONS: '' };

test('--last-failed runs what failed before, and --json prints the results alone', () => {
  const run = (...flags: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, argumentsOf(...flags), {
      encoding: 'utf8',
      env,
    });
    return { status, stdout, stderr };
  };
  const nothing = run('--last-failed');
  expect(nothing.status).to.equal(3);
  expect(nothing.stderr).to.match(/^error: --last-failed finds no results in .*; run once without it\n$/);

  const first = JSON.parse(run('--json', '--tags', '@CREATE-1 or @LIST-1').stdout) as Results;
  const failed = first.scenarios.filter(({ result }) => result === 'failed').map(({ id }) => id);
  expect(first.scenarios.length).to.be.greaterThan(failed.length);
  const { status, stdout } = run('--json', '--last-failed');
  expect(status).to.equal(1);
  const second = JSON.parse(stdout) as Results;
  expect(second.scenarios.map(({ id }) => id)).to.deep.equal(failed);
  expect(second.selection.complete).to.equal(false);

  const other = run('--last-failed', '--definition', 'tutorial');
  expect(other.status).to.equal(3);
  expect(other.stderr).to.match(
    /^error: --last-failed: .* judged another API \(--definition .*four-shards.yaml\)/,
  );

  // The target stops before anything is tried; what failed before is still known.
  const broken = run('--target', 'endpoint', '--endpoint', 'http://127.0.0.1:9');
  expect(broken.status).to.equal(2);
  const third = run('--json', '--last-failed');
  expect(third.stderr).to.contain(
    '--last-failed: the last run ended as an error; taking the failures of the run of',
  );
  expect((JSON.parse(third.stdout) as Results).scenarios.map(({ id }) => id)).to.deep.equal(failed);

  run('--clause', 'LIST-1');
  const good = run('--last-failed');
  expect(good.status).to.equal(2);
  expect(good.stderr).to.match(/^error: nothing failed in the last run/);
});

test('an interrupted run leaves the report of the last one, and says so', async () => {
  const results = () => readFileSync(path.join(folder, 'report/conformance.json'), 'utf8');
  spawnSync(process.execPath, argumentsOf('--clause', 'CREATE-1'), { env });
  const before = results();
  child = spawn(process.execPath, argumentsOf(), { stdio: ['ignore', 'ignore', 'pipe'], env });
  let printed = '';
  for await (const chunk of child.stderr as NodeJS.ReadableStream) {
    printed += String(chunk);
    if (printed.includes('embedded AWS')) child.kill('SIGTERM');
  }
  expect(printed).to.match(
    /interrupted \(SIGTERM\).*\n.*no new report: .*report keeps that of the run of 20/,
  );
  expect(results()).to.equal(before);
});

test('a simulation in the process leaves nothing behind, and no journal', () => {
  const journal = path.join(folder, 'journal');
  const { stderr, status } = spawnSync(
    process.execPath,
    argumentsOf('--simulate', 'aws:1', '--clause', 'CREATE-1', '--journal', journal),
    { encoding: 'utf8', env: { ...env, KPC_CLOCK_FACTOR: '100' } },
  );
  expect(status).to.equal(1);
  expect(stderr).to.not.contain('left behind');
  expect(existsSync(journal)).to.equal(false);
});

test('--watch runs again what a saved definition touches', async () => {
  const watched = path.join(folder, 'watched.yaml');
  writeFileSync(watched, tutorial);
  child = spawn(
    process.execPath,
    [
      path.join(ROOT, 'support/cli/main.mjs'),
      'conformance',
      ...['--watch', '--definition', watched, '--clause', 'CREATE-1', '--clause', 'LIST-1'],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'], env },
  );
  const verdicts: string[] = [];
  let printed = '';
  for await (const chunk of child.stdout as NodeJS.ReadableStream) {
    printed += String(chunk);
    const told = [...printed.matchAll(/^clauses +(.*)\n(?:.*\n)*?verdict +(.*)\n/gm)].map(
      ([, clauses, verdict]) => `${clauses}; ${verdict}`,
    );
    if (told.length === verdicts.length) continue;
    verdicts.splice(0, verdicts.length, ...told);
    if (told.length === 1) writeFileSync(watched, tutorial.replace("== '') 5", "== '') 4"));
    else break;
  }
  expect(verdicts).to.deep.equal([
    '2 passed, 0 failed; conformant: all 2 clauses passed',
    // Of the list nothing changed.
    '0 passed, 1 failed; not-conformant: failed: CREATE-1',
  ]);
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  expect(await ended).to.deep.equal([130, null]);
});

test('with --keep the embedded AWS serves on what a failing scenario left, until it is interrupted', async () => {
  child = spawn(process.execPath, argumentsOf('--keep', '--clause', 'CREATE-1'), {
    stdio: ['ignore', 'pipe', 'inherit'],
    env,
  });
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
