import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { readResults } from '../../support/report/json.ts';
import { suite } from './processes.ts';

let folder: string;
before(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kpc-reports-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

const ONE = ['conformance', '--clause', 'LIST-1'];

describe('an unusable report folder is reported before the run', { concurrency: 4 }, () => {
  const places: Record<string, () => string> = {
    'under /proc': () => '/proc/kpc-report',
    'in a process': () => '/proc/self/kpc/report',
    'under /sys': () => '/sys/kpc',
    'a file': () => {
      writeFileSync(path.join(folder, 'file'), '');
      return path.join(folder, 'file');
    },
    'below a file': () => path.join(folder, 'file2', 'x'),
    'a device': () => '/dev/full',
    'a link to a path that cannot exist': () => {
      symlinkSync('/proc/nowhere/x', path.join(folder, 'link'));
      return path.join(folder, 'link');
    },
    'a link to itself': () => {
      symlinkSync(path.join(folder, 'loop'), path.join(folder, 'loop'));
      return path.join(folder, 'loop');
    },
    'too long a name': () => path.join(folder, 'n'.repeat(300)),
    'too long a path': () => path.join(folder, 'n/'.repeat(3_000)),
  };
  for (const [what, make] of Object.entries(places))
    for (const flag of what === 'under /proc' ? ['--report', '--evidence'] : ['--report'])
      it(`${flag} ${what}`, async () => {
        writeFileSync(path.join(folder, 'file2'), '');
        const report = flag === '--report' ? [] : ['--report', path.join(folder, 'other')];
        const { exitCode, stdout, stderr } = await suite([...ONE, ...report, flag, make()], { seconds: 20 });
        assert.equal(exitCode, 3, stdout + stderr);
        assert.match(stderr, /^error: the (report|evidence) folder [^\n]+\n$/);
        assert.equal(stdout, '');
      });
});

it('a read-only report folder is reported before the run', async (t) => {
  const report = path.join(folder, 'read-only');
  mkdirSync(report);
  // File modes do not restrict root.
  const isRoot = process.getuid?.() === 0;
  if (!isRoot) chmodSync(report, 0o500);
  else if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'ro,size=64k', 'tmpfs', report]).status !== 0)
    return t.skip('no file system can be mounted here');
  try {
    for (const place of [report, path.join(report, 'below')]) {
      const { exitCode, stdout, stderr } = await suite([...ONE, '--report', place]);
      assert.equal(exitCode, 3, stdout + stderr);
      assert.match(stderr, /^error: the report folder [^\n]+\n$/);
    }
  } finally {
    if (isRoot) spawnSync('umount', ['-l', report]);
    else chmodSync(report, 0o700);
  }
});

describe('a disk that fills', () => {
  it('leaves no partial report, and says so in one line', async () => {
    const report = path.join(folder, 'full');
    // Limits files to 64 KiB, which only one of a run's reports exceeds.
    const { exitCode, stderr } = await suite(
      ['conformance', '--tags', '@LIST-1 or @PUT-1 or @CREATE-1', '--report', report],
      {
        before: 'ulimit -f 64',
      },
    );
    assert.equal(exitCode, 2, stderr);
    assert.match(stderr, /^error: the reports cannot be written to [^\n]*EFBIG[^\n]*there is no verdict$/m);
    assert.deepEqual(readdirSync(report), []);
  });

  it('a disk in memory, where one can be mounted', async (t) => {
    const mount = path.join(folder, 'tmpfs');
    mkdirSync(mount);
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', mount]).status !== 0)
      return t.skip('no file system can be mounted here');
    try {
      const { exitCode, stderr } = await suite([...ONE, '--report', path.join(mount, 'r')]);
      assert.equal(exitCode, 2, stderr);
      assert.match(stderr, /ENOSPC[^\n]*there is no verdict$/m);
      assert.deepEqual(readdirSync(path.join(mount, 'r')), []);
    } finally {
      spawnSync('umount', ['-l', mount]);
    }
  });

  it('a link at the report’s name is replaced, not followed', async () => {
    const report = path.join(folder, 'links');
    mkdirSync(report);
    const precious = path.join(folder, 'precious');
    writeFileSync(precious, 'mine');
    symlinkSync('/dev/full', path.join(report, 'conformance.json'));
    symlinkSync(precious, path.join(report, 'junit.xml'));
    assert.equal((await suite([...ONE, '--report', report])).exitCode, 0);
    assert.equal(readResults(path.join(report, 'conformance.json')).verdict, 'conformant');
    assert.equal(spawnSync('cat', [precious]).stdout.toString(), 'mine');
  });
});

describe('two runs into one folder', () => {
  it('the second is refused, and the first is complete', async () => {
    const report = path.join(folder, 'shared');
    const ended = await Promise.all([0, 1, 2].map(() => suite(['conformance', '--report', report])));
    const codes = ended.map(({ exitCode }) => exitCode).sort();
    assert.deepEqual(codes, [0, 3, 3]);
    for (const { exitCode, stderr } of ended)
      if (exitCode === 3)
        assert.match(
          stderr,
          /^error: another run, process \d+ on [^\n]+, writes its reports to [^\n]+--report[^\n]+\n$/,
        );
    assert.equal(readResults(path.join(report, 'conformance.json')).scenarios.length > 200, true);
    assert.ok(!existsSync(path.join(report, '.kpc-lock')));
  });

  for (const [what, lock] of [
    ['of a process that is gone', JSON.stringify({ host: hostname(), pid: 2 ** 22 + 7 })],
    [
      'of a process whose id was reused',
      JSON.stringify({ host: hostname(), pid: process.pid, started: '1' }),
    ],
    ['that is truncated', '{"host":'],
    ['of nonsense', '\u001b[2J::error::x'],
  ] as const)
    it(`a lock ${what} is taken over`, async () => {
      const report = mkdtempSync(path.join(folder, 'stale-'));
      writeFileSync(path.join(report, '.kpc-lock'), lock);
      assert.equal((await suite([...ONE, '--report', report])).exitCode, 0);
      assert.deepEqual(
        readdirSync(report).filter((name) => name.startsWith('.')),
        [],
      );
    });
});
