import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { KinesisClient, ListStreamsCommand, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { callBounded } from '../../infra/bounds/http.ts';
import { loadDefinition } from '../../infra/definition/definition.ts';
import { writeInterface } from '../../infra/definition/interface/file.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../../infra/embedded/embedded-aws.ts';
import { createClients } from '../../infra/provision/clients.ts';
import type { Deployment } from '../../infra/provision/deployment.ts';
import { provision } from '../../infra/provision/provision.ts';
import { UndoStack } from '../../infra/provision/undo.ts';
import { asTarget } from '../../infra/targets/embedded.ts';
import { redactAll } from '../../support/report/redact-all.ts';
import { toText } from '../../support/report/text.ts';
import { parseOptions } from '../../support/run/options.ts';
import type { Results } from '../../support/run/results.ts';
import { executeRun, planRun } from '../../support/run/run.ts';
import { ROOT } from '../../support/run/suite.ts';
import { forgetCredentials, withKeys } from './credentials.ts';

/** APIs of other shapes than the tutorial's, deployed on an account that stays up while tests judge them. */
const folder = mkdtempSync(path.join(tmpdir(), 'kpc-shapes-'));
const kept = { ...process.env };
const corpus = (file: string) => path.join(ROOT, 'selftest/corpus', file);
let calls: { action: string; body: string }[] = [];
let deployed = 0;
let aws: EmbeddedAws;
let kinesis: KinesisClient;
let puts: Deployment;

before(async () => {
  forgetCredentials(folder);
  aws = await startEmbeddedAws({
    createMillis: 3,
    deleteMillis: 3,
    unseenMillis: 500,
    middleware: {
      kinesis: (call) => (request) => {
        calls.push({
          action: String(request.action),
          body: Buffer.from(request.body ?? '').toString('utf8'),
        });
        return call(request);
      },
    },
  });
  const { endpoint = '', region, credentials } = asTarget(aws).access;
  kinesis = new KinesisClient({ endpoint, region, ...(credentials && { credentials }) });
  puts = await deploy(corpus('terraform-puts-fixed-stream.plan.json'));
  // These runs follow one another within the second for which a shard counts records, which no run can know.
  const body = JSON.stringify({ unlimited: ['clickstream'] });
  const { status } = await callBounded(`${endpoint}/_kpc/conditions`, {
    method: 'POST',
    body,
    deadlineMs: 30_000,
  });
  assert.equal(status, 200);
});

after(async () => {
  kinesis.destroy();
  await aws.stop();
  process.env = kept;
  rmSync(folder, { recursive: true });
});

async function deploy(file: string, parameters: Record<string, string> = {}): Promise<Deployment> {
  // A method that requires credentials answers like a missing one.
  const target = { ...asTarget(aws), invokeForms: [{ url: aws.executeApiUrl, insisted: true }] };
  const clients = createClients(target.access);
  const deployment = await provision({
    target,
    clients,
    definition: loadDefinition(file, { parameters }),
    runId: `another-user-${++deployed}`,
    roles: new Set(),
    undo: new UndoStack(),
  });
  clients.destroy();
  return deployment;
}

async function judge({ proxy }: Deployment, ...flags: string[]): Promise<Results> {
  calls = [];
  const { results, left } = await executeRun(
    planRun(parseOptions(['--url', proxy.baseUrl, ...flags], process.env, folder), ROOT),
  );
  assert.deepEqual(left, []);
  return results;
}

function outcome({ clauses }: Results, id: string): string | undefined {
  return clauses.find((clause) => clause.id === id)?.result;
}

const actions = () => new Set(calls.map(({ action }) => action));

/** The interface file that a user would write, as `npm run inspect -- FILE --json` prints it. */
function interfaceFile(
  { interface: offered }: Deployment,
  change: (text: string) => string = (text) => text,
) {
  assert.ok(offered);
  const file = path.join(folder, `${Math.random()}.yaml`);
  writeFileSync(file, change(writeInterface(offered)));
  return file;
}

const STORED = ['SAFE-8', 'SAFE-9', 'SAFE-11'];

test('with credentials the interface is read from the configuration, and records of other clients are ignored', async () => {
  await kinesis.send(
    new PutRecordCommand({ StreamName: 'clickstream', PartitionKey: 'k', Data: Buffer.from('before') }),
  );
  const results = await withKeys(() => judge(puts));
  assert.equal(results.interface?.source, 'control plane');
  assert.deepEqual(results.selection.levels, ['production']);
  for (const id of STORED) assert.equal(outcome(results, id), 'passed', id);
  assert.equal(outcome(results, 'SAFE-6'), 'failed', 'an object is stored as Java prints it');
  assert.equal(outcome(results, 'SAFE-14'), 'failed', 'anonymous callers may put');
  assert.equal(outcome(results, 'SAFE-20'), 'not-applicable');
  assert.equal(outcome(results, 'SAFE-1'), 'not-observable', 'nothing is deployed under other roles');
  assert.equal(outcome(results, 'SAFE-4'), 'not-observable', 'a shared stream is not overloaded');
  const { StreamNames } = await kinesis.send(new ListStreamsCommand({}));
  assert.ok(StreamNames?.includes('clickstream'));
  assert.ok(!calls.some(({ action, body }) => action === 'DeleteStream' && body.includes('clickstream')));
});

test('concurrent writes of other clients fail nothing', async () => {
  let count = 0;
  const writing = setInterval(() => {
    const Data = Buffer.from(`theirs ${count++}`);
    kinesis
      .send(new PutRecordCommand({ StreamName: 'clickstream', PartitionKey: 'k', Data }))
      .catch(() => {});
  }, 10);
  try {
    const results = await withKeys(() => judge(puts, ...STORED.flatMap((id) => ['--clause', id])));
    assert.ok(count > 20, 'another client wrote');
    const reasons = results.scenarios.flatMap(({ reason }) => reason ?? []).join('; ');
    for (const id of STORED) assert.equal(outcome(results, id), 'passed', `${id}: ${reasons}`);
  } finally {
    clearInterval(writing);
  }
});

test('with a file and no credentials, answers are judged, and what is stored is not observable', async () => {
  const offered = ['--interface', interfaceFile(puts)];
  const definition = ['--definition', corpus('terraform-puts-fixed-stream.plan.json')];
  for (const flags of [offered, definition]) {
    const results = await judge(puts, ...flags);
    assert.equal(results.interface?.source, flags[1]);
    assert.deepEqual(results.selection.levels, ['production']);
    assert.equal(outcome(results, 'SAFE-14'), 'failed', results.because);
    const reasons = results.scenarios.flatMap(({ reason }) => reason ?? []).join('; ');
    for (const id of STORED) assert.equal(outcome(results, id), 'not-observable', `${id}: ${reasons}`);
    assert.deepEqual(
      [...actions()].filter((action) => !action.startsWith('Put')),
      [],
    );
  }
});

test('without an interface, one line names the three ways to give it', async () => {
  const { verdict, because } = await judge(puts);
  assert.equal(verdict, 'error');
  assert.match(because, /AWS credentials of its account, --definition FILE .*--interface FILE/);
  assert.doesNotMatch(because, /\n/);
});

test('a file that names a missing method ends the run, with and without credentials', async () => {
  const wrong = interfaceFile(puts, (text) => text.replaceAll('/events', '/nothing'));
  for (const results of [
    await withKeys(() => judge(puts, '--interface', wrong)),
    await judge(puts, '--interface', wrong, '--clause', 'SAFE-13'),
  ]) {
    assert.equal(results.verdict, 'error');
    assert.match(results.because, /has no (?:PutRecords? at )?POST \/nothing.*lists/);
    assert.ok(results.because.includes(wrong));
  }
});

test('a run changes nothing that its limits forbid, whatever the paths', async () => {
  const changes = () => [...actions()].filter((action) => !/^(?:List|Describe|Get)/.test(action));
  for (const keys of [withKeys, <T>(run: () => Promise<T>) => run()]) {
    const flags = ['--interface', interfaceFile(puts)];
    await keys(() => judge(puts, ...flags, '--read-only'));
    assert.deepEqual(changes(), []);
    await keys(() => judge(puts, ...flags, '--stream', 'another'));
    assert.deepEqual(changes(), []);
    const given = await keys(() => judge(puts, ...flags, '--stream', 'clickstream'));
    assert.deepEqual(new Set(changes()), new Set(['PutRecord', 'PutRecords']));
    assert.equal(outcome(given, 'SAFE-14'), 'failed');
  }
});

test('where the path names the stream, the run uses its own, whatever else the API lacks', async () => {
  const api = await deploy(corpus('openapi-templatefile.jsonc'));
  const results = await withKeys(() => judge(api, '--clause', 'SAFE-9', '--clause', 'SAFE-10'));
  assert.equal(outcome(results, 'SAFE-9'), 'passed', toText(results, { color: false }));
  for (const { action, body } of calls) if (action === 'PutRecords') assert.match(body, /kpc-[0-9a-f]{8}-/);
});

test("a role without access to the run's streams is not a defect", async () => {
  const api = await deploy('hardened');
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: aws.accessKeyId,
    AWS_SECRET_ACCESS_KEY: aws.secretAccessKey,
  });
  try {
    const clauses = ['SAFE-5', 'SAFE-6', 'SAFE-20'].flatMap((id) => ['--clause', id]);
    const results = await judge(api, '--auth', 'iam', ...clauses);
    assert.equal(results.summary.scenarios.failed, 0, toText(results, { color: false }));
    assert.match(
      JSON.stringify(results.scenarios),
      /may not do this on the run's stream kpc-.*--stream NAME/,
    );
  } finally {
    delete process.env.AWS_ACCESS_KEY_ID;
    delete process.env.AWS_SECRET_ACCESS_KEY;
  }
});

test('what a method requires but was not given is named', async () => {
  const keyed = await deploy(corpus('serverless-collector.json'));
  const clause = ['--clause', 'SAFE-6'];
  const without = await withKeys(() => judge(keyed, ...clause));
  assert.match(
    toText(without, { color: false }),
    /POST \/kinesis requires an API key, and none was sent; give --auth api-key/,
  );
  const { apiKey = '' } = keyed.authentication ?? {};
  const results = await withKeys(() => judge(keyed, '--auth', 'api-key', '--api-key', apiKey, ...clause));
  assert.equal(outcome(results, 'SAFE-6'), 'passed', results.because);
  const signed = await deploy(corpus('sam-iam-swagger.yaml'), { StreamName: 'telemetry' });
  const unsigned = await withKeys(() => judge(signed, ...clause));
  assert.match(
    toText(unsigned, { color: false }),
    /requires signed calls, and this one was not signed; give --auth iam/,
  );
  const good = await withKeys(() => judge(signed, '--auth', 'iam', ...clause));
  assert.notEqual(outcome(good, 'SAFE-6'), 'not-observable', good.because);
  assert.doesNotMatch(toText(good, { color: false }), /give --auth iam/);
});

test('methods behind an authorizer are not observable without its token, which is in no report', async () => {
  const guarded = await deploy(corpus('sam-authorizers.yaml'));
  const results = await withKeys(() => judge(guarded));
  // Its role has more rights than it needs, which shows without a token.
  assert.equal(results.because, 'failed: SAFE-16', toText(results, { color: false }));
  assert.equal(outcome(results, 'SAFE-14'), 'passed', 'anonymous callers cannot put');
  assert.match(
    JSON.stringify(results.scenarios),
    /is behind an authorizer.*give it by --auth header:NAME=VALUE/,
  );
  const token = 'Bearer planted-token-0123456789';
  const tried = await withKeys(() => judge(guarded, '--auth', `header:Authorization=${token}`));
  assert.doesNotMatch(tried.because, /planted|answers/, tried.because);
  // These two show in its definition.
  const shown = 'failed: SAFE-2, SAFE-15, SAFE-16';
  assert.equal(tried.because, shown, 'a header that is refused is no defect of the API');
  assert.match(
    JSON.stringify(tried.scenarios),
    /has an authorizer, which rejects the header that --auth gives; give a header that it accepts/,
  );
  const both = ['--auth', `header:Authorization=${token}`, '--auth', `header:X-T=${token}`];
  const allowed = await withKeys(() => judge(guarded, ...both));
  assert.equal(allowed.because, shown, 'the embedded AWS neither allows nor denies a call with a token');
  assert.match(JSON.stringify(allowed.scenarios), /the embedded AWS does not emulate authorizers/);
  assert.equal(tried.interface?.calls.length, 1, tried.because);
  assert.doesNotMatch(JSON.stringify(redactAll(tried)), /planted/);
});
