import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT } from '../../support/run/suite.ts';
import { suite } from './processes.ts';

const MB = 1_000_000;
const isPosix = process.platform !== 'win32';
const folder = mkdtempSync(path.join(tmpdir(), 'kpc-files-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const bomb = (of: string) =>
  Array.from({ length: 29 }, (_, at) => `a${at + 1}: &a${at + 1} [${Array(9).fill(`*a${at}`)}]\n`).reduce(
    (text, line) => text + line,
    `openapi: 3.0.1\na0: &a0 ${of}\n`,
  );

/** Definitions that no reader should expand completely. */
const CONTENTS: Readonly<Record<string, string | Buffer>> = {
  'more than 6 MB': `openapi: 3.0.1\nx: "${'a'.repeat(7 * MB)}"\n`,
  'deep JSON': `{"openapi":"3.0.1","paths":${'['.repeat(MB / 2)}${']'.repeat(MB / 2)}}`,
  'deep objects': `{"openapi":"3.0.1","paths":${'{"a":'.repeat(MB / 5)}1${'}'.repeat(MB / 5)}}`,
  'deep lists that are not closed': `openapi: 3.0.1\npaths: ${'['.repeat(MB)}`,
  'dashes within dashes': '- '.repeat(2 * MB),
  'indentation that grows': Array.from({ length: 3_000 }, (_, at) => `${' '.repeat(at)}a:\n`).join(''),
  'aliases of aliases': `${bomb('[x,x,x,x,x,x,x,x,x]')}paths: {/a: {get: *a29}}\n`,
  'aliases of a long text': `openapi: 3.0.1\nb: &b "${'z'.repeat(3 * MB)}"\nc: [${Array(300_000).fill('*b')}]\npaths: {/a: {}}\n`,
  'an alias of itself': 'openapi: 3.0.1\npaths: &p {/a: *p}\n',
  'a hundred thousand merges': `openapi: 3.0.1\nm: &m {a: 1}\nn: {<<: [${Array(100_000).fill('*m')}]}\npaths: {/a: {}}\n`,
  'merges of merges': `${bomb('{}').replace(/: &(a\d+) \[(\*a\d+)[^\]]*\]/g, ': &$1 {<<: [$2, $2]}')}paths: {/a: {get: *a29}}\n`,
  'a tag that would run code': 'openapi: 3.0.1\npaths: !!js/function "function(){process.exit(0)}"\n',
  'bytes that are not text': Buffer.from(Array.from({ length: 100_000 }, (_, at) => at % 256)),
  'a comment of 6 MB': `${'#'.repeat(5.9 * MB)}\n`,
  nothing: '',
};

describe('a hostile definition: exit code 3 and one line, quickly', { concurrency: 2 }, () => {
  for (const [what, content] of Object.entries(CONTENTS))
    it(what, async () => {
      const file = path.join(folder, `${what.replaceAll(' ', '-')}.yaml`);
      writeFileSync(file, content);
      await refuses(['conformance', '--definition', file]);
    });
});

/** The commands that read a user's file, which `FILE` stands for. */
const READERS: readonly (readonly string[])[] = [
  ['conformance', '--definition', 'FILE'],
  ['conformance', '--divergences', 'FILE'],
  ['conformance', '--shard', '1/2', '--durations', 'FILE'],
  ['compare', 'FILE', 'FILE'],
  ['merge', 'FILE', '--report', path.join(folder, 'merged')],
  ['durations', 'FILE'],
  ['issues', 'FILE'],
  ['evidence', 'show', 'FILE'],
];

describe('not a file, or an endless one: exit code 3 and one line, quickly', {
  concurrency: 2,
  skip: !isPosix,
}, () => {
  const pipe = path.join(folder, 'pipe');
  const loop = path.join(folder, 'loop');
  const evidence = path.join(folder, 'evidence');
  before(() => {
    assert.equal(spawnSync('mkfifo', [pipe]).status, 0);
    symlinkSync(loop, loop);
    mkdirSync(evidence);
    symlinkSync(pipe, path.join(evidence, 'LIST-1.json'));
  });
  for (const [command = '', ...args] of READERS)
    for (const file of command === 'conformance' ? ['/dev/zero', pipe, loop] : ['/dev/zero', pipe])
      it(`${command} ${args.join(' ').replaceAll('FILE', file).replaceAll(folder, '…')}`, () =>
        refuses([command, ...args.map((arg) => (arg === 'FILE' ? file : arg))]));

  it('evidence that is a pipe', () => refuses(['evidence', 'show', evidence]));

  for (const target of ['/dev/zero', pipe])
    it(`a config file that leads to ${target.replace(folder, '…')}`, async () => {
      const cwd = mkdtempSync(path.join(folder, 'cwd-'));
      symlinkSync(target, path.join(cwd, 'conformance.config.yaml'));
      await refuses(['conformance'], cwd);
    });
});

describe('a template that names a file outside of its folder, or none: exit code 3 and one line, quickly', {
  concurrency: 2,
  skip: !isPosix,
}, () => {
  const own = path.join(folder, 'template');
  before(() => {
    mkdirSync(own);
    writeFileSync(path.join(folder, 'outside.yaml'), 'password: hunter2\n');
    writeFileSync(path.join(own, '.env'), 'PASSWORD: hunter2\n');
    symlinkSync('../outside.yaml', path.join(own, 'link.yaml'));
    symlinkSync('..', path.join(own, 'up'));
    symlinkSync('.env', path.join(own, 'env.yaml'));
    symlinkSync('/dev/zero', path.join(own, 'zero.yaml'));
    assert.equal(spawnSync('mkfifo', [path.join(own, 'pipe.yaml')]).status, 0);
    writeFileSync(path.join(own, 'bomb.yaml'), CONTENTS['aliases of aliases'] ?? '');
    writeFileSync(path.join(own, 'secret.yaml'), 'hunter2\n');
  });
  const properties = (location: string) => ({
    DefinitionBody: { 'Fn::Transform': { Name: 'AWS::Include', Parameters: { Location: location } } },
    DefinitionUri: location,
    BodyS3Location: location,
  });
  const locations = ['../outside.yaml', 'link.yaml', 'up/outside.yaml', '.env', 'env.yaml', '/etc/passwd'];
  for (const [index, location] of [
    ...locations,
    'zero.yaml',
    'pipe.yaml',
    'bomb.yaml',
    'secret.yaml',
  ].entries())
    for (const [name, value] of Object.entries(properties(location)))
      it(`${location} as ${name}`, async () => {
        const Type = name === 'BodyS3Location' ? 'AWS::ApiGateway::RestApi' : 'AWS::Serverless::Api';
        const file = path.join(own, `${index}-${name}.json`);
        const Properties = { ...(Type.includes('Serverless') && { StageName: 'v1' }), [name]: value };
        writeFileSync(
          file,
          JSON.stringify({
            Transform: 'AWS::Serverless-2016-10-31',
            Resources: { Api: { Type, Properties } },
          }),
        );
        await refuses(['conformance', '--definition', file]);
      });
});

async function refuses(args: readonly string[], cwd = folder): Promise<void> {
  const env = { GITHUB_REPOSITORY: 'o/r', GITHUB_TOKEN: 'x', GITHUB_API_URL: 'http://127.0.0.1:9' };
  const report = args[0] === 'conformance' ? ['--report', path.join(folder, 'r')] : [];
  const { exitCode, stdout, stderr, seconds, peakMb } = await suite([...args, ...report], {
    env,
    cwd,
    seconds: 30,
  });
  assert.equal(exitCode, 3, `exit ${exitCode} after ${seconds} s: ${stderr.slice(0, 500)}`);
  assert.match(stderr, /^error: [^\n]+\n$/);
  assert.ok(stderr.length < 1_000, `${stderr.length} characters`);
  assert.doesNotMatch(stderr, /hunter2/);
  assert.equal(stdout, '');
  assert.ok(seconds < 15, `${seconds} s`);
  assert.ok(peakMb < 500, `${peakMb} MB`);
}

/** Every method renders this template, which never ends. */
const endless = (() => {
  const template = `${'#foreach($i in [1..1000])'.repeat(4)}x${'#end'.repeat(4)}{"StreamName": "$input.params('s')", "Data": "eA==", "PartitionKey": "k"}`;
  const operation = (action: string) => ({
    responses: { '200': { description: 'ok' } },
    'x-amazon-apigateway-integration': {
      type: 'aws',
      httpMethod: 'POST',
      uri: `arn:aws:apigateway:us-east-1:kinesis:action/${action}`,
      credentials: 'arn:aws:iam::123456789012:role/proxy',
      requestTemplates: { 'application/json': template },
      passthroughBehavior: 'never',
      responses: { default: { statusCode: '200' } },
    },
  });
  const paths = Object.fromEntries(
    // So many that the run is still going when the signal arrives, even on a fast machine.
    Array.from({ length: 40 }, (_, index) => [`/{s}/put/${index}`, { post: operation('PutRecord') }]),
  );
  return JSON.stringify({ openapi: '3.0.1', info: { title: 'endless', version: '1' }, paths });
})();

for (const [signal, times] of [
  ['SIGINT', 1],
  ['SIGINT', 2],
  ['SIGTERM', 1],
] as const)
  test(`${signal} ${times === 1 ? 'once' : 'twice'} ends a run whose templates never end`, {
    skip: !isPosix,
  }, async () => {
    const own = mkdtempSync(path.join(folder, 'endless-'));
    const file = path.join(own, 'endless.json');
    writeFileSync(file, endless);
    const args = ['conformance', '--definition', file, '--report', path.join(own, 'r')];
    const main = path.join(ROOT, 'support/cli/main.mjs');
    const child = spawn(process.execPath, [main, ...args, '--journal', path.join(own, 'j')], { cwd: own });
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    child.stderr.on('data', (chunk) => {
      text += chunk;
    });
    // The code as a shell reports it: a second signal during the exit may kill the process directly.
    const closed = new Promise<number>((resolve) =>
      child.once('close', (code, by) => resolve(code ?? 128 + (by ? constants.signals[by] : 0))),
    );
    // Wait until the scenarios run.
    const given = performance.now() + 30_000;
    while (!/deployed|scenario/i.test(text) && performance.now() < given) await delay(50);
    await delay(300);
    assert.equal(child.exitCode, null, text);
    const started = performance.now();
    child.kill(signal);
    if (times === 2) {
      await delay(100);
      child.kill(signal);
    }
    const exitCode = await closed;
    const took = performance.now() - started;
    assert.ok(took < 2_000, `it took ${took} ms\n${text}`);
    assert.equal(exitCode, signal === 'SIGINT' ? 130 : 143, text);
    assert.doesNotMatch(text, /^verdict/m);
  });
