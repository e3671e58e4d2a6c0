import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import {
  CreateApiKeyCommand,
  CreateDeploymentCommand,
  CreateRestApiCommand,
  CreateUsagePlanCommand,
  GetApiKeysCommand,
  GetUsagePlansCommand,
  PutIntegrationCommand,
  PutMethodCommand,
} from '@aws-sdk/client-api-gateway';
import { GetUserPolicyCommand, ListUsersCommand } from '@aws-sdk/client-iam';
import type { Interface } from '../definition/interface/types.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../embedded/embedded-aws.ts';
import { type HttpRequest, LostConnection } from '../embedded/http.ts';
import { type Client, makeCaller } from '../provision/callers.ts';
import { type Clients, createClients } from '../provision/clients.ts';
import { openJournal } from '../provision/journal.ts';
import { thisProcess } from '../provision/process-identity.ts';
import { runTags } from '../provision/tags.ts';
import { UndoStack } from '../provision/undo.ts';
import { authenticate } from '../targets/authenticate.ts';
import type { DeployedApi } from '../targets/deployed-api.ts';
import { asTarget } from '../targets/embedded.ts';
import { readJournal } from './read-journal.ts';
import { findOfRun, sweepRun } from './sweep.ts';

const RUN = '1a2b3c4d';
const NAME = `kpc-${RUN}-client`;
const NOTHING = { calls: [] } as unknown as Interface;
const BOTH = { iam: true, apiKey: true, headers: {} };

const folder = mkdtempSync(path.join(tmpdir(), 'kpc-callers-'));
let aws: EmbeddedAws;
let clients: Clients;
let own: DeployedApi;
let other: DeployedApi;
/** Intercepts a call instead of answering it; undefined lets the service answer. */
let trap: ((call: string) => ReturnType<EmbeddedAws['serve']> | 'after' | undefined) | undefined;

before(async () => {
  aws = await startEmbeddedAws({
    middleware: {
      port: (serve) => async (request) => {
        const trapped = trap?.(nameOf(request));
        if (trapped === undefined) return serve(request);
        if (trapped !== 'after') return trapped;
        await serve(request);
        throw new LostConnection();
      },
    },
  });
  clients = createClients({ ...asTarget(aws).access, endpoint: aws.endpoint });
  [own, other] = [await deployed(), await deployed()];
  await clients.apiGateway.send(new CreateApiKeyCommand({ name: ALIKE }));
  await clients.apiGateway.send(new CreateUsagePlanCommand({ name: ALIKE }));
});
beforeEach(() => {
  trap = undefined;
});
after(async () => {
  clients.destroy();
  await aws.stop();
  rmSync(folder, { recursive: true });
});

/** The name of things without a run's tag, so that a sweep must leave them alone. */
const ALIKE = `kpc-${RUN}-alike`;

/** Names a call, such as `CreateUser` or `POST /apikeys`. */
function nameOf({ method, target, body }: HttpRequest): string {
  return /^Action=(\w+)/.exec(body.toString('utf8'))?.[1] ?? `${method} ${target.split('?')[0]}`;
}

function refused(Code: string, Message: string): Awaited<ReturnType<EmbeddedAws['serve']>> {
  return {
    status: 400,
    headers: [['Content-Type', 'text/xml']],
    body: `<ErrorResponse><Error><Type>Sender</Type><Code>${Code}</Code><Message>${Message}</Message></Error></ErrorResponse>`,
  };
}

async function deployed(): Promise<DeployedApi> {
  const { apiGateway } = clients;
  const { id: restApiId = '', rootResourceId: resourceId } = await apiGateway.send(
    new CreateRestApiCommand({ name: 'signed' }),
  );
  const method = { restApiId, resourceId, httpMethod: 'GET' };
  await apiGateway.send(new PutMethodCommand({ ...method, authorizationType: 'AWS_IAM' }));
  await apiGateway.send(
    new PutIntegrationCommand({
      ...method,
      type: 'AWS',
      integrationHttpMethod: 'POST',
      uri: 'arn:aws:apigateway:us-east-1:kinesis:action/ListStreams',
      credentials: 'arn:aws:iam::000000000000:role/none',
    }),
  );
  await apiGateway.send(new CreateDeploymentCommand({ restApiId, stageName: 'test' }));
  const baseUrl = aws.executeApiUrl.replace('{restApiId}', restApiId).replace('{stage}', 'test');
  return { baseUrl, restApiId, stage: 'test' };
}

function client(change: Partial<Client> = {}): Client {
  return {
    name: NAME,
    marks: { tags: runTags(RUN), boundary: undefined },
    target: asTarget(aws),
    accountId: aws.accountId,
    apis: [own],
    wanted: BOTH,
    ...change,
  };
}

function journalled() {
  const journal = openJournal(mkdtempSync(path.join(folder, 'journal-')), {
    runId: RUN,
    startedAt: new Date().toISOString(),
    process: thisProcess(),
    target: { kind: 'endpoint', endpoint: aws.endpoint, region: aws.region },
    skewMs: 0,
  });
  return { journal, undo: new UndoStack(journal), read: () => readJournal(journal.file as string) };
}

async function there(): Promise<string[]> {
  const { Users = [] } = await clients.iam.send(new ListUsersCommand({}));
  const { items: keys = [] } = await clients.apiGateway.send(new GetApiKeysCommand({}));
  const { items: plans = [] } = await clients.apiGateway.send(new GetUsagePlansCommand({}));
  return [...Users.map(({ UserName }) => UserName), ...[...keys, ...plans].map(({ name }) => name)].map(
    String,
  );
}

test('the user that a run creates may invoke only the API of the run, and is deleted', async () => {
  const undo = new UndoStack();
  const { authentication, note } = await makeCaller(clients, NOTHING, client(), undo);
  assert.equal(note, undefined);
  const status = async ({ baseUrl }: DeployedApi) => {
    const call = { method: 'GET', url: `${baseUrl}/`, headers: {} };
    const signed = await authenticate(call, authentication ?? {}, () => Promise.reject(new Error('own')));
    const answer = await fetch(call.url, { headers: signed.headers });
    return [answer.status, answer.headers.get('x-amzn-errortype')];
  };
  // The caller is authorized, but there is no role to assume.
  assert.deepEqual(await status(own), [500, 'InternalServerErrorException']);
  assert.deepEqual(await status(other), [403, 'AccessDeniedException']);
  const { PolicyDocument = '' } = await clients.iam.send(
    new GetUserPolicyCommand({ UserName: NAME, PolicyName: 'invoke' }),
  );
  assert.deepEqual(JSON.parse(decodeURIComponent(PolicyDocument)).Statement, [
    {
      Effect: 'Allow',
      Action: 'execute-api:Invoke',
      Resource: [`arn:aws:execute-api:us-east-1:000000000000:${own.restApiId}/*`],
    },
  ]);
  assert.deepEqual(await undo.unwind(), []);
  assert.deepEqual(await there(), [ALIKE, ALIKE]);
});

test('on a target without IAM users calls are signed with the run’s own credentials, and a note says so', async () => {
  const { journal, undo, read } = journalled();
  trap = (call) =>
    /User|AccessKey/.test(call) ? Promise.resolve(refused('InvalidAction', 'no such')) : undefined;
  const { authentication, note } = await makeCaller(clients, NOTHING, client(), undo);
  assert.deepEqual(authentication?.iam, { region: 'us-east-1' });
  assert.match(
    note ?? '',
    /^calls are signed with the run's own credentials, since embedded AWS cannot create an IAM user \(/,
  );
  assert.deepEqual(
    read().pending.filter(({ kind }) => kind === 'user'),
    [],
  );
  assert.deepEqual(await undo.unwind(), []);
  journal.remove();
});

test('when AWS denies creating the user, the error has cause and remedy', async () => {
  const { undo } = journalled();
  trap = (call) =>
    call === 'CreateUser' ? Promise.resolve(refused('AccessDenied', 'not for you')) : undefined;
  const onAws = client({ target: { ...asTarget(aws), kind: 'aws' } });
  await assert.rejects(makeCaller(clients, NOTHING, onAws, undo), {
    message:
      /^not for you; grant the credentials the permissions on users in infra\/aws\/runner-policy\.json, or .*--target url$/,
  });
  assert.deepEqual(await there(), [ALIKE, ALIKE]);
});

for (const call of ['CreateUser', 'PutUserPolicy', 'CreateAccessKey', 'POST /apikeys', 'POST /usageplans'])
  for (const moment of ['before', 'after'] as const)
    test(`a run killed ${moment} ${call} leaves only things that its journal lists`, async () => {
      const { journal, undo, read } = journalled();
      const killed = new Promise<void>((resolve) => {
        trap = (seen) => {
          if (seen !== call) return undefined;
          resolve();
          // The process is dead, so all later calls are lost.
          trap = () => Promise.reject(new LostConnection());
          return moment === 'after' ? 'after' : Promise.reject(new LostConnection());
        };
      });
      const making = makeCaller(clients, NOTHING, client(), undo).catch(() => undefined);
      await killed;
      await making;
      trap = undefined;
      const found = (await findOfRun(clients, read())).filter(({ ours }) => ours);
      const made = (await there()).filter((name) => name !== ALIKE);
      assert.deepEqual(found.map(({ name }) => name).sort(), made.sort());
      assert.deepEqual(await sweepRun(clients, read(), { mayComeLate: false }), []);
      assert.deepEqual(await there(), [ALIKE, ALIKE], 'things without the tag stay');
      journal.remove();
    });
