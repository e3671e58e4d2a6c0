import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { suite, test } from 'node:test';
import { readYaml } from '../yaml.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

interface Action {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly runs: {
    readonly steps: readonly { readonly id?: string; readonly env?: Readonly<Record<string, string>> }[];
  };
}

suite('action.yml', { skip: process.platform === 'win32' && 'needs bash' }, () => {
  test('each input reaches the script, by its name in capitals', () => {
    const { inputs, runs } = readYaml(readFileSync(path.join(ROOT, 'action.yml'), 'utf8')) as Action;
    const script = readFileSync(path.join(ROOT, 'infra/action/run.sh'), 'utf8');
    const env = runs.steps.find(({ id }) => id === 'run')?.env ?? {};
    assert.deepEqual(
      Object.keys(env).sort(),
      Object.keys(inputs)
        .map((name) => `GIVEN_${name.toUpperCase()}`)
        .sort(),
    );
    for (const [name, value] of Object.entries(env)) {
      assert.ok(script.includes(name), name);
      assert.equal(value, `\${{ inputs.${name.replace('GIVEN_', '').toLowerCase()} }}`);
    }
  });

  for (const [given, status, verdict] of [
    [{ GIVEN_ARGUMENTS: '--clause\nPUT-3\n' }, 0, 'conformant'],
    [
      { GIVEN_DEFINITION: 'selftest/corpus/cfn-several-puts.yaml', GIVEN_ARGUMENTS: '--clause\nSAFE-2' },
      1,
      'not-conformant',
    ],
    [{ GIVEN_ARGUMENTS: '--levle\ncore' }, 3, ''],
    [{ GIVEN_DEFINITION: '$(touch "$GITHUB_OUTPUT.made"); `x`.yaml' }, 3, ''],
  ] as const)
    test(`${JSON.stringify(given)} ends with ${status}`, (t) => {
      const folder = mkdtempSync(path.join(tmpdir(), 'kpc-action-'));
      t.after(() => rmSync(folder, { recursive: true }));
      const output = path.join(folder, 'output');
      writeFileSync(output, '');
      const env = {
        ...process.env,
        GITHUB_ACTIONS: '',
        GITHUB_OUTPUT: output,
        GIVEN_REPORT: path.join(folder, 'report'),
      };
      const run = spawnSync('bash', ['infra/action/run.sh'], {
        cwd: ROOT,
        env: { ...env, ...given },
        encoding: 'utf8',
      });
      assert.equal(run.status, status, run.stderr);
      assert.equal(readFileSync(output, 'utf8'), verdict === '' ? '' : `verdict=${verdict}\n`);
    });
});
