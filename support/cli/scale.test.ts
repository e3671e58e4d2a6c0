import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { readYaml } from '../../infra/yaml.ts';
import { readResults } from '../report/json.ts';
import { DURATIONS_FILE, readRecorded } from '../run/durations.ts';
import type { Results } from '../run/results.ts';
import { ROOT } from '../run/suite.ts';
import { withTables } from './scale.ts';

const page = readFileSync(path.join(ROOT, 'docs/scale.md'), 'utf8');
const workflow = readFileSync(path.join(ROOT, '.github/workflows/shards.yml'), 'utf8');

/** The code blocks of the page in one language, without their indentation. */
function blocks(language: string): string[] {
  const found = page.matchAll(new RegExp(`^( *)\`\`\`${language}\\n(.*?)^ *\`\`\`$`, 'gms'));
  return [...found].map(([, indent = '', block = '']) =>
    block.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  );
}

/** A copy of the project whose runs have five scenarios, so that commands can run unchanged. */
function copy(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'kpc-scale-'));
  for (const name of ['features', 'infra', 'steps', 'support', 'package.json', 'tsconfig.json'])
    cpSync(path.join(ROOT, name), path.join(folder, name), { recursive: true });
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
  writeFileSync(path.join(folder, 'conformance.config.yaml'), 'clause: [CREATE-1, CREATE-2]\n');
  mkdirSync(path.join(folder, 'apis'));
  cpSync(path.join(ROOT, 'infra/proxy/tutorial.yaml'), path.join(folder, 'apis/first.yaml'));
  return folder;
}

const cwd = copy();
after(() => rmSync(cwd, { recursive: true }));
const sh = async (script: string) =>
  (await promisify(execFile)('sh', ['-ec', script], { cwd, encoding: 'utf8' })).stdout;
const resultsOf = (name: string) => readResults(path.join(cwd, 'reports', name, 'conformance.json'));

/** The parts of the results that a merged run must share with a whole run. */
function judged({ verdict, because, selection, summary, clauses, scenarios }: Results) {
  const outcomes = scenarios.map(({ id, result }) => [id, result]);
  return { verdict, because, selection, summary, clauses, outcomes };
}

const whole = sh('npm run --silent conformance -- --report reports/whole').then(() => resultsOf('whole'));
const skip = process.platform === 'win32' ? 'the commands are for a POSIX shell' : false;

test('the commands of the page work, and merged shards have the verdict of one run', { skip }, async () => {
  const commands = blocks('sh');
  assert.ok(commands.length >= 4);
  const outputs = [];
  for (const command of commands) outputs.push(await sh(command));
  assert.deepEqual(judged(resultsOf('merged')), judged(await whole));
  assert.equal((await whole).scenarios.length, 5);
  const recorded = readRecorded(path.join(cwd, DURATIONS_FILE));
  assert.equal(Object.keys(recorded.embedded ?? {}).length, 5);
  assert.deepEqual(recorded.localstack, readRecorded(path.join(ROOT, DURATIONS_FILE)).localstack);
  assert.match(outputs.at(-1) ?? '', /CREATE-1 +passed/);
});

test('the commands of the workflow, which the page quotes, work as well', { skip }, async () => {
  const quoted = blocks('yaml');
  assert.ok(quoted.length >= 4);
  for (const block of quoted) assert.ok(workflow.includes(block), block);
  const { shard, verdict } = (readYaml(workflow) as { jobs: Record<string, { steps: { run?: string }[] }> })
    .jobs;
  const commandOf = (job: typeof shard, name: string) =>
    (job?.steps.find(({ run }) => run?.includes(`npm run --silent ${name}`))?.run ?? '')
      .replace('--target localstack', '--target embedded')
      .replaceAll('reports/', 'reports/workflow/');
  await Promise.all(
    ['1', '2'].map((index) => sh(`SHARD=${index} SHARDS=2; ${commandOf(shard, 'conformance')}`)),
  );
  await sh(commandOf(verdict, 'merge'));
  assert.deepEqual(judged(resultsOf('workflow/merged')), judged(await whole));
});

test("the page's tables match its figures", () => assert.equal(withTables(page), page));
