import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../../support/run/suite.ts';

const skip =
  (process.env.CONFORMANCE_IMAGE ?? '') === '' &&
  'CONFORMANCE_IMAGE is not set: LOCALSTACK_REUSE=1 was NOT tried (it needs a Docker engine and LocalStack)';

test('LOCALSTACK_REUSE=1 leaves the container for the next run, and the run ends', { skip }, (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'kpc-reuse-'));
  const containers = new Set<string>();
  t.after(() => {
    for (const container of containers) spawnSync('docker', ['rm', '-f', '-v', container]);
    rmSync(folder, { recursive: true });
  });
  const judge = () => {
    const argv = [
      'support/cli/main.mjs',
      'run',
      '--target',
      'localstack',
      '--clause',
      'LIST-1',
      '--report',
      folder,
    ];
    const env = { ...process.env, LOCALSTACK_REUSE: '1' };
    const { status, stdout, stderr } = spawnSync(process.execPath, argv, {
      cwd: ROOT,
      env,
      encoding: 'utf8',
      timeout: 180_000,
    });
    assert.equal(status, 0, stdout + stderr);
    const { target } = JSON.parse(readFileSync(path.join(folder, 'conformance.json'), 'utf8'));
    containers.add(target.details.container);
  };
  judge();
  judge();
  assert.equal(containers.size, 1, 'the second run started another container');
  const [container = ''] = containers;
  const { stdout } = spawnSync('docker', ['inspect', '--format', '{{.State.Running}}', container], {
    encoding: 'utf8',
  });
  assert.equal(stdout.trim(), 'true');
});
