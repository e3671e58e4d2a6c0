import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { readYaml } from '../../infra/yaml.ts';
import { ROOT } from '../run/suite.ts';

interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: unknown;
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly permissions?: Readonly<Record<string, string>>;
        readonly 'timeout-minutes'?: number;
        readonly steps: readonly { readonly run?: string; readonly uses?: string; readonly with?: object }[];
      }
    >
  >;
}

const scripts = (
  JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
).scripts;
/** By job, the scopes with write permission. */
const MAY_WRITE: Readonly<Record<string, readonly string[]>> = {
  aws: ['id-token'],
  deploy: ['id-token', 'pages'],
  issues: ['issues'],
  publish: ['attestations', 'contents', 'id-token'],
};
/** By action, the commits and versions that any workflow names. */
const pins = new Map<string, Set<string>>();
const files = globSync('.github/workflows/*.yml', { cwd: ROOT });

for (const file of files) {
  const text = readFileSync(path.join(ROOT, file), 'utf8');
  const workflow = readYaml(text) as Workflow;
  const jobs = Object.entries(workflow.jobs);

  test(`${file} calls only existing commands`, () => {
    const commands = jobs.flatMap(([, { steps }]) =>
      steps.flatMap(({ run = '' }) =>
        [...run.matchAll(/npm run (?:--silent )?([\w-]+)/g)].map(([, name]) => name),
      ),
    );
    assert.ok(commands.length > 0, 'it calls no command');
    for (const name of commands) assert.ok(name && name in scripts, `npm run ${name}`);
  });

  test(`${file} pins each action to a commit, with the version in a comment`, () => {
    // Actions in the checkout belong to the running commit.
    const uses = (text.match(/^ *(- )?uses: .*/gm) ?? []).filter((line) => !/uses: \.\/( #|$)/.test(line));
    assert.ok(uses.length > 0, 'it uses no action');
    for (const line of uses) {
      const [, action = '', pin = ''] =
        /uses: ([\w.-]+(?:\/[\w.-]+)+)@([0-9a-f]{40} # v\d+\.\d+\.\d+)$/.exec(line) ?? [];
      assert.ok(action, line);
      pins.set(action, (pins.get(action) ?? new Set()).add(pin));
    }
  });

  test(`${file} gives each job minimal permissions and a time limit`, () => {
    assert.ok(workflow.permissions, 'without permissions: a job may do whatever the repository allows');
    assert.ok(workflow.concurrency, 'two runs of it could overlap');
    for (const [name, job] of jobs) {
      assert.ok((job['timeout-minutes'] ?? 0) > 0, `${name} has no time limit`);
      for (const { uses, with: options } of job.steps)
        if (uses?.startsWith('actions/checkout@'))
          assert.deepEqual(
            options,
            { 'persist-credentials': false },
            `${name} leaves a token in the checkout`,
          );
      const rights: Record<string, string> = { ...workflow.permissions, ...job.permissions };
      const writes = Object.keys(rights).filter((scope) => rights[scope] === 'write');
      assert.deepEqual(writes, MAY_WRITE[name] ?? [], name);
    }
  });
}

test('all workflows use the same commit of an action', () => {
  assert.ok(pins.size > 3);
  for (const [action, commits] of pins)
    assert.equal(commits.size, 1, `${action}: ${[...commits].join(', ')}`);
});
