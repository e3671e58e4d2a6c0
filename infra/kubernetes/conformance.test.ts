import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { loadAll } from 'js-yaml';

// biome-ignore lint/suspicious/noExplicitAny: the shape of a manifest is not typed; kubeconform checks it.
type Untyped = any;

const file = path.join(import.meta.dirname, 'conformance.yaml');
const [claim, shards, verdict] = loadAll(readFileSync(file, 'utf8')) as Untyped[];
const jobs = [shards, verdict];
const containerOf = (job: Untyped) => job.spec.template.spec.containers[0];
const environmentOf = (job: Untyped): Record<string, string> =>
  Object.fromEntries(containerOf(job).env.map(({ name, value }: Untyped) => [name, value]));

test('all four places have the same number of shards, which all run at once', () => {
  const { completions, parallelism } = shards.spec;
  assert.deepEqual(
    [parallelism, ...jobs.map((job) => Number(environmentOf(job).SHARDS))],
    [completions, completions, completions],
  );
});

test('a failed shard does not stop the others, and nothing is retried', () => {
  assert.equal(shards.spec.completionMode, 'Indexed');
  assert.equal(shards.spec.backoffLimitPerIndex, 0);
  assert.equal(shards.spec.backoffLimit, undefined);
  assert.equal(verdict.spec.backoffLimit, 0);
  for (const { spec } of jobs) assert.equal(spec.template.spec.restartPolicy, 'Never');
});

test('the merge waits as long as shards may run, and then has time to report a missing one', () => {
  const wait = Number(environmentOf(verdict).MAX_WAIT_SECONDS);
  assert.equal(wait, shards.spec.activeDeadlineSeconds);
  assert.ok(verdict.spec.activeDeadlineSeconds > wait);
});

for (const job of jobs)
  test(`${job.metadata.name} has no unneeded privileges, and writes only to its volumes`, () => {
    const pod = job.spec.template.spec;
    assert.equal(pod.automountServiceAccountToken, false);
    assert.equal(pod.securityContext.runAsNonRoot, true);
    assert.deepEqual(containerOf(job).securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    assert.ok(containerOf(job).resources.limits.memory);
    assert.ok(containerOf(job).resources.requests.cpu);
    const [results] = pod.volumes;
    assert.equal(results.persistentVolumeClaim.claimName, claim.metadata.name);
    const mounts = containerOf(job).volumeMounts.map(({ mountPath }: Untyped) => mountPath);
    assert.deepEqual(mounts, [environmentOf(job).RESULTS, environmentOf(job).HOME]);
  });

const folder = mkdtempSync(path.join(tmpdir(), 'kpc-kubernetes-'));
after(() => rmSync(folder, { recursive: true }));

/** Runs a container's command here, as Kubernetes would, but with the given environment. */
async function runContainer(job: Untyped, environment: Record<string, string>) {
  const { command, args } = containerOf(job);
  const [program, ...rest] = [...command, ...args];
  const ran = await promisify(execFile)(program, rest, {
    cwd: path.join(import.meta.dirname, '../..'),
    encoding: 'utf8',
    env: { ...process.env, ...environmentOf(job), HOME: folder, ...environment },
  }).catch((error: { code: number; stderr: string }) => error);
  return { exitCode: 'code' in ran ? ran.code : 0, stderr: ran.stderr };
}

const skip = process.platform === 'win32' ? 'the containers have a POSIX shell' : false;

test('the containers run two shards and merge them to one verdict', { skip }, async () => {
  const RESULTS = path.join(folder, 'results');
  const environment = { SHARDS: '2', RESULTS, OPTIONS: '--clause CREATE-1' };
  // The merge waits for the shards, so it can start at the same time.
  const merging = runContainer(verdict, { ...environment, MAX_WAIT_SECONDS: '120' });
  const exits = await Promise.all(
    ['0', '1'].map((index) => runContainer(shards, { ...environment, JOB_COMPLETION_INDEX: index })),
  );
  assert.deepEqual(
    [...exits, await merging].map(({ exitCode, stderr }) => (exitCode === 0 ? 0 : stderr)),
    [0, 0, 0],
  );
  const merged = JSON.parse(readFileSync(path.join(RESULTS, 'merged/conformance.json'), 'utf8'));
  assert.equal(merged.verdict, 'conformant');
  assert.equal(merged.scenarios.length, 3);

  rmSync(path.join(RESULTS, 'shard-2'), { recursive: true });
  const { exitCode, stderr } = await runContainer(verdict, { ...environment, MAX_WAIT_SECONDS: '1' });
  assert.equal(exitCode, 3);
  assert.match(stderr, /shard 2\/2 is missing/);
});
