import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import {
  CreateApiKeyCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
} from '@aws-sdk/client-api-gateway';
import { CreateAccessKeyCommand, CreateUserCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { loadDefinition } from '../../infra/definition/definition.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../../infra/embedded/embedded-aws.ts';
import { type Clients, createClients } from '../../infra/provision/clients.ts';
import { provision } from '../../infra/provision/provision.ts';
import { UndoStack } from '../../infra/provision/undo.ts';
import type { DeployedApi } from '../../infra/targets/deployed-api.ts';
import { asTarget } from '../../infra/targets/embedded.ts';
import { readYaml } from '../../infra/yaml.ts';
import { writeReports } from '../../support/report/folder.ts';
import { parseOptions } from '../../support/run/options.ts';
import { executeRun, type FinishedRun, planRun } from '../../support/run/run.ts';
import { ROOT } from '../../support/run/suite.ts';

const KEY = 'planted-api-key-0123456789';
const folder = mkdtempSync(path.join(tmpdir(), 'kpc-auth-'));
const kept = { ...process.env };
let aws: EmbeddedAws;
let clients: Clients;

before(async () => {
  for (const name of Object.keys(process.env)) if (/^AWS_/.test(name)) delete process.env[name];
  aws = await startEmbeddedAws({ createMillis: 3, deleteMillis: 3, unseenMillis: 500 });
  clients = createClients(asTarget(aws).access);
});

after(async () => {
  clients.destroy();
  await aws.stop();
  process.env = kept;
  rmSync(folder, { recursive: true });
});

const SCHEMES = {
  sigv4: {
    type: 'apiKey',
    name: 'Authorization',
    in: 'header',
    'x-amazon-apigateway-authtype': 'awsSigv4',
  },
  key: { type: 'apiKey', name: 'x-api-key', in: 'header' },
};

/** The tutorial's API, with every method requiring what the scheme says. */
async function deploy(scheme: keyof typeof SCHEMES): Promise<DeployedApi> {
  // biome-ignore lint/suspicious/noExplicitAny: an OpenAPI document has no fixed type.
  const document = readYaml(readFileSync(path.join(ROOT, 'infra/proxy/tutorial.yaml'), 'utf8')) as any;
  document.components = { ...document.components, securitySchemes: SCHEMES };
  for (const item of Object.values(document.paths as Record<string, Record<string, object>>))
    for (const [verb, operation] of Object.entries(item))
      if (/^(get|put|post|delete)$/.test(verb)) Object.assign(operation, { security: [{ [scheme]: [] }] });
  const file = path.join(folder, `${scheme}.json`);
  writeFileSync(file, JSON.stringify(document));
  // A stage that requires a key answers like a missing stage.
  const invokeForms = [{ url: aws.executeApiUrl, insisted: true }];
  const { proxy } = await provision({
    target: { ...asTarget(aws), invokeForms },
    clients,
    definition: loadDefinition(file),
    runId: scheme,
    roles: new Set(),
    undo: new UndoStack(),
  });
  return proxy;
}

/** A user who may call APIs and nothing else. */
async function caller(): Promise<Record<string, string>> {
  await clients.iam.send(new CreateUserCommand({ UserName: 'caller' }));
  const Statement = [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' }];
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await clients.iam.send(new PutUserPolicyCommand({ UserName: 'caller', PolicyName: 'p', PolicyDocument }));
  const { AccessKey } = await clients.iam.send(new CreateAccessKeyCommand({ UserName: 'caller' }));
  return {
    AWS_ACCESS_KEY_ID: String(AccessKey?.AccessKeyId),
    AWS_SECRET_ACCESS_KEY: String(AccessKey?.SecretAccessKey),
  };
}

async function judge(url: string, env: Record<string, string>, ...flags: string[]): Promise<FinishedRun> {
  Object.assign(process.env, env);
  try {
    return await executeRun(planRun(parseOptions(['--url', url, ...flags], process.env, folder), ROOT));
  } finally {
    for (const name of Object.keys(env)) delete process.env[name];
  }
}

const decided = ({ results }: FinishedRun) =>
  results.clauses.filter(({ result }) => result === 'passed').map(({ id }) => id);

test('an API that requires signatures is judged with the keys of an allowed caller, and not with others', async () => {
  const { baseUrl } = await deploy('sigv4');
  const keys = await caller();
  const ids = 'LIST-1 CREATE-4 CREATE-9 DEL-1 PUT-1 PUTS-1 GET-4 GET-9 ITER-3 GW-4 GW-8 GW-10 INJ-1'.split(
    ' ',
  );
  const clauses = ids.flatMap((id) => ['--clause', id]);
  const signed = await judge(baseUrl, keys, '--auth', 'iam', ...clauses);
  assert.equal(signed.results.summary.scenarios.failed, 0, signed.results.because);
  assert.deepEqual(signed.left, []);
  for (const id of ['LIST-1', 'CREATE-4', 'PUT-1', 'PUTS-1', 'GET-4', 'GET-9', 'ITER-3'])
    assert.ok(decided(signed).includes(id), id);
  assert.match(String(signed.results.target.details.inspected), /API Gateway no: .*; Kinesis no: /);

  const unsigned = await judge(baseUrl, keys);
  assert.equal(unsigned.results.verdict, 'error');
  assert.match(unsigned.results.because, /--auth iam/);
  const wrong = await judge(baseUrl, { ...keys, AWS_SECRET_ACCESS_KEY: 'not-the-secret' }, '--auth', 'iam');
  assert.match(wrong.results.because, /signed call is refused/);
  const keyless = await judge(baseUrl, {}, '--auth', 'iam').catch((error: unknown) => String(error));
  assert.match(String(keyless), /needs AWS credentials/);
});

test('an API that requires a key is judged with it, and the key is in no report', async () => {
  const { baseUrl, restApiId = '', stage = '' } = await deploy('key');
  const { id } = await clients.apiGateway.send(
    new CreateApiKeyCommand({ name: 'k', value: KEY, enabled: true }),
  );
  const plan = await clients.apiGateway.send(
    new CreateUsagePlanCommand({ name: 'p', apiStages: [{ apiId: restApiId, stage }] }),
  );
  await clients.apiGateway.send(
    new CreateUsagePlanKeyCommand({ usagePlanId: plan.id, keyId: id, keyType: 'API_KEY' }),
  );
  const report = path.join(folder, 'report');
  mkdirSync(report);
  // For the evidence all exchanges are kept, so the reports contain them.
  const clauses = ['--clause', 'LIST-1', '--clause', 'CREATE-4'];
  const run = await judge(baseUrl, { KPC_API_KEY: KEY }, ...clauses, '--evidence', folder);
  assert.ok(JSON.stringify(run.messages).includes('/streams/kpc-'), 'no exchange was kept');
  assert.deepEqual(decided(run), ['LIST-1', 'CREATE-4']);
  await writeReports(report, run);
  for (const name of readdirSync(report))
    assert.ok(!readFileSync(path.join(report, name), 'utf8').includes(KEY), name);

  assert.match((await judge(baseUrl, {})).results.because, /API_KEY/);
  assert.match(
    (await judge(baseUrl, { KPC_API_KEY: 'wrong' })).results.because,
    /no usage plan of it includes the API key/,
  );
});
