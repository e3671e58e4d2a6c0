import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { CreateRestApiCommand } from '@aws-sdk/client-api-gateway';
import type { EmbeddedAws } from '../../infra/embedded/embedded-aws.ts';
import { type Clients, createClients } from '../../infra/provision/clients.ts';
import { openJournal } from '../../infra/provision/journal.ts';
import { thisProcess } from '../../infra/provision/process-identity.ts';
import { runTags } from '../../infra/provision/tags.ts';
import { readJournal } from '../../infra/sweep/read-journal.ts';
import { sweepRun } from '../../infra/sweep/sweep.ts';
import { asTarget } from '../../infra/targets/embedded.ts';
import { readAccount } from '../../support/observe/account.ts';
import { runnerSession, startStrictAws } from './rehearsal.ts';

const policy = (name: string) =>
  readFileSync(new URL(`../../infra/aws/${name}-policy.json`, import.meta.url), 'utf8');
const RUN = '1a2b3c4d';
const folder = mkdtempSync(path.join(tmpdir(), 'kpc-privilege-'));
let aws: EmbeddedAws;
let owner: Clients;

before(async () => {
  aws = await startStrictAws();
  owner = createClients(asTarget(aws).access);
});
after(async () => {
  owner.destroy();
  await aws.stop();
  rmSync(folder, { recursive: true });
});

test('the runner may sweep an API whose creation was not answered, and no other', async () => {
  const target = asTarget(aws);
  const credentials = await runnerSession(target, {
    runner: policy('runner'),
    boundary: policy('boundary'),
  });
  const journal = openJournal(folder, {
    runId: RUN,
    startedAt: new Date().toISOString(),
    process: thisProcess(),
    target: { kind: 'aws', region: aws.region },
    skewMs: 0,
  });
  journal.intend({ kind: 'rest-api', name: `kpc-${RUN}-full-access#1` }, { taggedAtOnce: true });
  await owner.apiGateway.send(new CreateRestApiCommand({ name: 'KinesisProxy' }));
  const description = `The proxy [kpc-${RUN}-full-access]`;
  await owner.apiGateway.send(new CreateRestApiCommand({ name: 'KinesisProxy', description }));
  const before = await readAccount(owner);
  const tags = { ...runTags(RUN) };
  await owner.apiGateway.send(new CreateRestApiCommand({ name: 'KinesisProxy', description, tags }));
  const clients = createClients({ ...target.access, credentials });
  const failed = await sweepRun(clients, readJournal(journal.file as string), { mayComeLate: false });
  clients.destroy();
  assert.deepEqual(failed, []);
  assert.deepEqual(await readAccount(owner), before);
});
