import assert from 'node:assert/strict';
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { ROOT } from '../../support/run/suite.ts';

/** The image of the Dockerfile, and compose.yaml with it, in a Docker engine. */
const { CONFORMANCE_IMAGE: IMAGE = '', LOCALSTACK_IMAGE = '' } = process.env;
const skip =
  IMAGE === '' &&
  'CONFORMANCE_IMAGE is not set: the container was NOT tried (infra/image/build.sh makes one)';

/** Bytes, on a base of Debian (78 MB) and Node with npm (139 MB); it had 290 MB. */
const MOST = 320e6;

let folder: string;
before(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kpc-image-'));
});
after(() => rmSync(folder, { recursive: true }));

function docker(...argv: string[]): SpawnSyncReturns<string> {
  return spawnSync('docker', argv, { encoding: 'utf8' });
}

/** One container, as strict as an orchestrator may be: a read-only file system and no network. */
function strict(argv: readonly string[], mounts: readonly string[] = []): SpawnSyncReturns<string> {
  const limits = [
    '--read-only',
    '--network',
    'none',
    '--cap-drop',
    'ALL',
    '--security-opt',
    'no-new-privileges',
  ];
  return docker('run', '--rm', ...limits, ...mounts, IMAGE, ...argv);
}

suite('the image', { skip }, () => {
  test('is small, and its user is not root', () => {
    const inspected = docker('image', 'inspect', IMAGE);
    const [{ Size, Config }] = JSON.parse(inspected.stdout) as [{ Size: number; Config: { User: string } }];
    assert.ok(Size <= MOST, `${Size} bytes`);
    assert.match(Config.User, /^[1-9]\d*:[1-9]\d*$/);
    const id = docker(
      'run',
      '--rm',
      '--entrypoint',
      'node',
      IMAGE,
      '-p',
      'process.getuid() + " " + process.cwd()',
    );
    assert.equal(id.stdout.trim(), `${Config.User.split(':')[0]} /work`);
  });

  test('contains nothing from the machine that built it, and no development package', () => {
    const script = `
      const { existsSync, readdirSync } = require('fs');
      console.log(JSON.stringify({
        left: ['/host', '/source', '/root/.npm', '/app/node_modules/typescript', '/app/node_modules/.bin/node'].filter(existsSync),
        app: readdirSync('/app').sort(),
      }))`;
    const { stdout, stderr } = docker(
      'run',
      '--rm',
      '--user',
      '0',
      '--entrypoint',
      'node',
      IMAGE,
      '-e',
      script,
    );
    assert.deepEqual(JSON.parse(stdout || stderr), {
      left: [],
      app: ['LICENSE', 'bin', 'dist', 'node_modules', 'package.json'],
    });
    assert.doesNotMatch(docker('history', '--no-trunc', IMAGE).stdout, /registry=|ca\.pem/);
  });

  test('--help', () => {
    const { status, stdout } = strict(['--help']);
    assert.equal(status, 0);
    assert.match(stdout, /^kinesis-proxy-conformance COMMAND/);
  });

  test('without arguments it judges the tutorial on the embedded AWS: conformant, 0', () => {
    const { status, stdout, stderr } = strict([], ['--tmpfs', '/work:uid=10001']);
    assert.equal(status, 0, stdout + stderr);
    assert.match(stdout, /^verdict +conformant\b/m);
  });

  test('a mounted definition is judged, and the report is in the mounted folder', () => {
    const mine = path.join(folder, 'mine');
    const reports = path.join(mine, 'reports');
    mkdirSync(reports, { recursive: true });
    copyFileSync(path.join(ROOT, 'selftest/corpus/cfn-several-puts.yaml'), path.join(mine, 'template.yaml'));
    // The image's user does not exist on this machine.
    for (const open of [folder, mine]) chmodSync(open, 0o755);
    chmodSync(reports, 0o777);
    const argv = ['run', '--definition', 'template.yaml', '--clause', 'SAFE-2', '--parallel', '2'];
    const { status, stdout, stderr } = strict(argv, [
      '-v',
      `${mine}:/work:ro`,
      '-v',
      `${reports}:/work/reports`,
    ]);
    assert.equal(status, 1, stdout + stderr);
    const file = path.join(reports, 'embedded/conformance.json');
    assert.equal(JSON.parse(readFileSync(file, 'utf8')).verdict, 'not-conformant');
  });

  for (const [argv, code, text] of [
    [['run', '--levle', 'core'], 3, /did you mean --level\?/],
    [
      ['run'],
      3,
      /the report folder \/work\/reports\/embedded cannot be written: .*; name another with --report/,
    ],
    [['run', '--endpoint', 'http://127.0.0.1:1', '--report', '/tmp/report'], 2, /127\.0\.0\.1:1/],
  ] as const)
    test(`${argv.join(' ')} ends with ${code}`, () => {
      const mounts =
        code === 2 ? ['--tmpfs', '/tmp', '-e', 'AWS_ACCESS_KEY_ID=a', '-e', 'AWS_SECRET_ACCESS_KEY=b'] : [];
      const { status, stdout, stderr } = strict(argv, mounts);
      assert.equal(status, code, stdout + stderr);
      assert.match(stdout + stderr, text);
    });
});

/** Compose as a plugin, or version 1 as a separate program, which Debian has. */
function compose(): readonly [string, ...string[]] | undefined {
  const forms: readonly [string, ...string[]][] = [['docker', 'compose'], ['docker-compose']];
  return forms.find(([program, ...argv]) => spawnSync(program, [...argv, 'version']).status === 0);
}

suite('compose.yaml', {
  skip: skip || (LOCALSTACK_IMAGE === '' && 'LOCALSTACK_IMAGE is not set'),
}, () => {
  test('the contract runs on the LocalStack next to it, and the exit code is the run’s', (t) => {
    const found = compose();
    assert.ok(found, 'neither docker compose nor docker-compose is installed');
    const [program, ...first] = found;
    const project = `kpc-${process.pid}`;
    const call = (...argv: string[]) =>
      spawnSync(
        program,
        [...first, '--project-name', project, '--file', path.join(ROOT, 'compose.yaml'), ...argv],
        {
          encoding: 'utf8',
          cwd: folder,
        },
      );
    t.after(() => call('down', '--volumes', '--timeout', '0'));
    // The service's command is unchanged, but fewer clauses are selected.
    const run = call('run', '--rm', '-e', 'KPC_CLAUSE=PUT-3', 'conformance');
    assert.equal(run.status, 0, run.stdout + run.stderr);
    assert.match(run.stdout, /^verdict +conformant\b/m);
    assert.match(run.stdout, /LocalStack/);
  });
});
