import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { readYaml } from '../yaml.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const ACTION = readYaml(readFileSync(path.join(ROOT, 'action.yml'), 'utf8')) as Action;

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

interface Step {
  readonly id?: string;
  readonly name: string;
  readonly shell: string;
  readonly run: string;
  readonly env?: Readonly<Record<string, string>>;
}

let folder: string;
/** A checkout as GitHub creates it for `uses:`, without dependencies; its `npm ci` links those of this checkout. */
let action: string;
before(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'kpc-action-')));
  action = path.join(folder, 'action');
  for (const part of ['action.yml', 'package.json', 'contract', 'features', 'infra', 'steps', 'support'])
    cpSync(path.join(ROOT, part), path.join(action, part), { recursive: true });
  const bin = path.join(folder, 'bin');
  mkdirSync(bin);
  const npm = `#!/bin/sh\necho "$PWD npm $*" >>'${folder}/installs'\nln -s '${ROOT}/node_modules' node_modules\n`;
  writeFileSync(path.join(bin, 'npm'), npm);
  chmodSync(path.join(bin, 'npm'), 0o755);
});
after(() => rmSync(folder, { recursive: true }));

interface Ran {
  readonly status: number;
  readonly printed: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly workspace: string;
}

/** Runs the steps as GitHub's runner does for a composite action, in a separate workspace. */
function uses(inputs: Readonly<Record<string, string>>): Ran {
  const workspace = mkdtempSync(path.join(folder, 'workspace-'));
  cpSync(path.join(ROOT, 'selftest/corpus/cfn-several-puts.yaml'), path.join(workspace, 'template.yaml'));
  const context: Record<string, string> = {};
  for (const [name, { default: value = '' }] of Object.entries(ACTION.inputs))
    context[`inputs.${name}`] = inputs[name] ?? value;
  const files = { GITHUB_OUTPUT: `${workspace}.output`, GITHUB_STEP_SUMMARY: `${workspace}.summary` };
  let printed = '';
  let status = 0;
  for (const { id, shell, run, env = {} } of ACTION.runs.steps) {
    assert.equal(shell, 'bash');
    for (const file of Object.values(files)) writeFileSync(file, '', { flag: 'a' });
    const script = `${workspace}.sh`;
    writeFileSync(script, evaluated(run, context));
    const given = Object.fromEntries(
      Object.entries(env).map(([name, text]) => [name, evaluated(text, context)]),
    );
    const step = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
      cwd: workspace,
      encoding: 'utf8',
      env: {
        PATH: `${folder}/bin${path.delimiter}${process.env.PATH}`,
        HOME: folder,
        CI: 'true',
        GITHUB_ACTIONS: 'true',
        GITHUB_ACTION_PATH: action,
        GITHUB_WORKSPACE: workspace,
        ...files,
        ...given,
      },
    });
    printed += step.stdout + step.stderr;
    for (const line of readFileSync(files.GITHUB_OUTPUT, 'utf8').split('\n').filter(Boolean)) {
      const [name = '', ...value] = line.split('=');
      context[`steps.${id}.outputs.${name}`] = value.join('=');
    }
    rmSync(files.GITHUB_OUTPUT);
    status = step.status ?? -1;
    // No step has `if:`, so none runs after a failed one.
    if (status !== 0) break;
  }
  const outputs = Object.entries(ACTION.outputs).map(([name, { value }]) => [
    name,
    evaluated(value, context),
  ]);
  return {
    status,
    printed,
    outputs: Object.fromEntries(outputs),
    summary: existsSync(files.GITHUB_STEP_SUMMARY) ? readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8') : '',
    workspace,
  };
}

/** An output that no step set is empty; an undeclared input is an error in the file. */
function evaluated(text: string, context: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{\{(.*?)\}\}/g, (_, expression: string) => {
    const name = expression.trim();
    assert.match(name, /^(inputs\.[a-z-]+|steps\.[a-z]+\.outputs\.[a-z-]+)$/);
    if (name.startsWith('inputs.')) assert.ok(name in context, `undeclared input ${name}`);
    return context[name] ?? '';
  });
}

suite('action.yml', { skip: process.platform === 'win32' && 'needs bash' }, () => {
  test('each input reaches the script under its name in upper case', () => {
    const { inputs, runs } = ACTION;
    assert.equal(runs.using, 'composite');
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

  for (const [inputs, status, verdict, told] of [
    [{ arguments: '--clause\nPUT-3\n' }, 0, 'conformant', /^## embedded AWS .*: conformant$/m],
    [
      { definition: 'template.yaml', arguments: '--clause\r\nSAFE-2\r\n', report: 'its own/report' },
      1,
      'not-conformant',
      /^::error file=features\/production\/.*,line=\d+,title=SAFE-2 /m,
    ],
    [{ url: 'http://127.0.0.1:1/stage' }, 2, 'error', /127\.0\.0\.1:1/],
    [{ arguments: '--levle\ncore' }, 3, '', /did you mean --level\?/],
    [{ definition: '$(touch "$GITHUB_WORKSPACE/made"); `x`.yaml' }, 3, '', /touch/],
  ] as const)
    test(`${JSON.stringify(inputs)} ends with ${status}`, () => {
      const ran = uses(inputs);
      assert.equal(ran.status, status, ran.printed);
      assert.match(ran.printed + ran.summary, told);
      const report = 'report' in inputs ? inputs.report : 'reports/conformance';
      assert.deepEqual(ran.outputs, { verdict, report });
      for (const name of ['conformance.json', 'report.html', 'junit.xml', 'badge.json'])
        assert.equal(existsSync(path.join(ran.workspace, report, name)), verdict !== '', name);
      assert.ok(!existsSync(path.join(ran.workspace, 'made')));
    });

  test('dependencies were installed once, in the folder of the action', () => {
    assert.equal(readFileSync(path.join(folder, 'installs'), 'utf8'), `${action} npm ci\n`);
  });
});
