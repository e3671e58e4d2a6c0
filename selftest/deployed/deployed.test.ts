import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import {
  CreateStreamCommand,
  ListStreamsCommand,
  SplitShardCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { request } from 'undici';
import { loadDefinition } from '../../infra/definition/definition.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../../infra/embedded/embedded-aws.ts';
import { createClients } from '../../infra/provision/clients.ts';
import { provision } from '../../infra/provision/provision.ts';
import { UndoStack } from '../../infra/provision/undo.ts';
import { asTarget } from '../../infra/targets/embedded.ts';
import { parseOptions } from '../../support/run/options.ts';
import type { Results } from '../../support/run/results.ts';
import { executeRun, planRun } from '../../support/run/run.ts';
import { ROOT } from '../../support/run/suite.ts';
import { forgetCredentials, withKeys } from './credentials.ts';

/** An API that one run deployed, on an account that stays up while other runs judge it. */
const folder = mkdtempSync(path.join(tmpdir(), 'kpc-deployed-'));
const kept = { ...process.env };
let calls: string[] = [];
let deployed = 0;
let aws: EmbeddedAws;

before(async () => {
  forgetCredentials(folder);
  aws = await startEmbeddedAws({
    createMillis: 3,
    deleteMillis: 3,
    unseenMillis: 500,
    middleware: {
      kinesis: (call) => (request) => {
        calls.push(String(request.action));
        return call(request);
      },
    },
  });
});

after(async () => {
  await aws.stop();
  process.env = kept;
  rmSync(folder, { recursive: true });
});

async function deploy(definition: string): Promise<string> {
  const target = asTarget(aws);
  const clients = createClients(target.access);
  const { proxy } = await provision({
    target,
    clients,
    definition: loadDefinition(definition),
    runId: `another-user-${++deployed}`,
    roles: new Set(),
    undo: new UndoStack(),
  });
  clients.destroy();
  return proxy.baseUrl;
}

async function judge(url: string, ...flags: string[]): Promise<Results> {
  calls = [];
  const { results, left } = await executeRun(
    planRun(parseOptions(['--url', url, ...flags], {}, folder), ROOT),
  );
  assert.deepEqual(left, []);
  return results;
}

function outcomes({ clauses }: Results): Record<string, string> {
  return Object.fromEntries(clauses.map(({ id, result }) => [id, result]));
}

/** Waits, as deleting takes time, until the account has exactly these streams. @throws when it does not. */
async function assertStreams(...expected: string[]): Promise<void> {
  const clients = createClients(asTarget(aws).access);
  const deadline = Date.now() + 20_000;
  for (;;) {
    const { StreamNames = [] } = await clients.kinesis.send(new ListStreamsCommand({}));
    if (isDeepStrictEqual(StreamNames, expected)) break;
    assert.ok(Date.now() < deadline, `these streams remain: ${StreamNames.join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  clients.destroy();
}

const someoneElses = () => {
  const file = path.join(folder, 'four.yaml');
  const text = readFileSync(path.join(ROOT, 'infra/proxy/tutorial.yaml'), 'utf8');
  writeFileSync(file, text.replace(/== ''\) 5 #else/, "== '') 4 #else"));
  return file;
};

test('without credentials the answers are judged, the rest is not observable, and the run never passes', async () => {
  const results = await judge(await deploy('tutorial'), '--tags', 'not @slow');
  const decided = outcomes(results);
  for (const id of 'LIST-1 CREATE-4 DESC-1 DESC-3 DESC-5 DEL-1 DEL-3 PUT-1 PUT-4 PUTS-1 PUTS-3 ITER-1 ITER-3 GET-1 GET-4 GET-5 GW-1 GW-2 GW-11 JOURNEY-1'.split(
    ' ',
  ))
    assert.equal(decided[id], 'passed', id);
  for (const id of 'DEF-1 ROLE-1 CREATE-1 PUT-2 PUT-3 PUTS-2 ITER-2 GET-2 GW-12'.split(' '))
    assert.equal(decided[id], 'not-observable', id);
  assert.equal(results.verdict, 'partial', results.because);
  assert.equal(results.summary.scenarios.failed, 0);
  await assertStreams();
});

test('with credentials the suite also checks Kinesis directly', async () => {
  const url = await deploy('tutorial');
  const ids = 'DEF-1 DEF-5 DEF-12 ROLE-1 ROLE-3 CREATE-1 PUT-2 PUT-3 GET-2 GW-12'.split(' ');
  const results = await withKeys(() => judge(url, ...ids.flatMap((id) => ['--clause', id])));
  const decided = outcomes(results);
  for (const id of 'DEF-1 DEF-5 DEF-12 ROLE-1 CREATE-1 PUT-2 PUT-3 GET-2 GW-12'.split(' '))
    assert.equal(decided[id], 'passed', id);
  assert.equal(decided['ROLE-3'], 'not-observable', 'nothing is deployed under other roles');
  assert.equal(results.verdict, 'partial', results.because);
  await assertStreams();
});

test('a definition of another proxy is recognised, with and without credentials', async () => {
  const url = await deploy(someoneElses());
  const results = await judge(url, '--clause', 'CREATE-1', '--clause', 'CREATE-4');
  assert.equal(results.verdict, 'not-conformant');
  assert.match(results.because, /CREATE-1\b/);
  assert.equal(outcomes(results)['CREATE-4'], 'passed');
  const seen = await withKeys(() => judge(url, '--clause', 'CREATE-1'));
  assert.match(seen.because, /CREATE-1\b/);
});

test('a read-only run changes nothing, and reads the given stream', async () => {
  const url = await deploy('tutorial');
  const clients = createClients(asTarget(aws).access);
  await clients.kinesis.send(new CreateStreamCommand({ StreamName: 'given', ShardCount: 5 }));
  await waitUntilStreamExists(
    { client: clients.kinesis, maxWaitTime: 30, minDelay: 0.02, maxDelay: 1 },
    { StreamName: 'given' },
  );
  clients.destroy();
  const results = await judge(url, '--read-only', '--stream', 'given');
  const decided = outcomes(results);
  for (const id of 'LIST-1 DESC-1 DESC-5 ITER-1 GET-1 GW-10'.split(' '))
    assert.equal(decided[id], 'passed', id);
  assert.equal(results.summary.scenarios.failed, 0);
  assert.deepEqual(
    calls.filter((action) => !/^(List|Describe|Get)/.test(action)),
    [],
  );
  const behind = await withKeys(() => judge(url, '--read-only', '--stream', 'given'));
  assert.equal(behind.summary.scenarios.failed, 0);
  assert.deepEqual(
    calls.filter((action) => !/^(List|Describe|Get)/.test(action)),
    [],
  );
});

test('a run that is given a stream adds records to it, makes none and deletes none', async () => {
  const url = await deploy('tutorial');
  for (const run of [
    () => judge(url, '--stream', 'given'),
    () => withKeys(() => judge(url, '--stream', 'given')),
  ]) {
    const results = await run();
    assert.equal(results.summary.scenarios.failed, 0, results.because);
    for (const id of ['PUT-1', 'PUT-4', 'PUTS-1']) assert.equal(outcomes(results)[id], 'passed', id);
    assert.deepEqual(
      calls.filter((action) => /^(Create|Delete|Merge)/.test(action)),
      [],
    );
  }
  await assertStreams('given');
});

test('records are put into the open shards of a given stream that was resharded', async () => {
  const url = await deploy('tutorial');
  const { kinesis, destroy } = createClients(asTarget(aws).access);
  await kinesis.send(
    new SplitShardCommand({ StreamName: 'given', ShardToSplit: '0', NewStartingHashKey: '1000' }),
  );
  await waitUntilStreamExists(
    { client: kinesis, maxWaitTime: 30, minDelay: 0.02, maxDelay: 1 },
    { StreamName: 'given' },
  );
  destroy();
  const results = await withKeys(() => judge(url, '--stream', 'given'));
  assert.equal(results.summary.scenarios.failed, 0, results.because);
  assert.equal(outcomes(results)['PUTS-1'], 'passed');
  assert.equal(outcomes(results)['PUT-4'], 'not-observable');
});

test('for a custom domain the REST API can be named, or only Kinesis be checked', async () => {
  const url = await deploy('tutorial');
  const [restApiId = '', stage = ''] = url.split('/').slice(-2);
  const domain = await serveAs('/base', url);
  try {
    const clauses = [
      '--clause',
      'CREATE-1',
      '--clause',
      'DEF-12',
      '--clause',
      'ROLE-1',
      '--clause',
      'LIST-1',
    ];
    const behind = [`${domain}/base`, ...clauses, '--endpoint', aws.endpoint] as const;
    const named = await judge(...behind, '--rest-api-id', restApiId);
    assert.equal(named.verdict, 'conformant', `${named.because}, stage ${stage}`);
    const unnamed = outcomes(await judge(...behind));
    assert.deepEqual([unnamed['CREATE-1'], unnamed['ROLE-1']], ['passed', 'not-observable']);
    const outside = outcomes(await judge(`${domain}/base`, ...clauses));
    assert.deepEqual([outside['CREATE-1'], outside['LIST-1']], ['not-observable', 'passed']);
    const unknown = await judge(...behind, '--rest-api-id', 'zzzzzzzzzz');
    assert.equal(unknown.verdict, 'error');
    assert.match(unknown.because, /no REST API zzzzzzzzzz/);
  } finally {
    domainServer?.closeAllConnections();
    domainServer?.close();
  }
});

let domainServer: Server | undefined;

/** A custom domain with a base path mapping. @returns its origin. */
async function serveAs(base: string, stageUrl: string): Promise<string> {
  domainServer = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const { connection: _, host: __, ...headers } = incoming.headers;
    const answer = await request(stageUrl + (incoming.url ?? '').slice(base.length), {
      method: incoming.method as 'GET',
      headers: headers as Record<string, string>,
      body: chunks.length > 0 ? Buffer.concat(chunks) : null,
    });
    outgoing.writeHead(answer.statusCode, answer.headers as Record<string, string>);
    outgoing.end(Buffer.from(await answer.body.arrayBuffer()));
  });
  await new Promise<void>((resolve) => domainServer?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(domainServer.address() as AddressInfo).port}`;
}
