import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { EmbeddedAws } from '../../infra/embedded/embedded-aws.ts';
import { type Clients, createClients } from '../../infra/provision/clients.ts';
import { runTags } from '../../infra/provision/tags.ts';
import { asTarget } from '../../infra/targets/embedded.ts';
import { askPermissions } from '../../support/account/permissions.ts';
import { readAccount } from '../../support/observe/account.ts';
import { ACCOUNT, BOUNDARY, runnerSession, startStrictAws } from './rehearsal.ts';

const policy = (name: string) =>
  readFileSync(new URL(`../../infra/aws/${name}-policy.json`, import.meta.url), 'utf8');
const RUN = 'doctor0a1b2c';

let aws: EmbeddedAws;
before(async () => {
  aws = await startStrictAws();
});
after(() => aws.stop());

async function asked(runner: string) {
  const target = asTarget(aws);
  const owner = createClients(target.access);
  const credentials = await runnerSession(target, { runner, boundary: policy('boundary') });
  const clients: Clients = createClients({ ...target.access, credentials });
  const contents = await readAccount(owner);
  const permissions = await askPermissions(clients, {
    name: `kpc-${RUN}-nothing`,
    tags: runTags(RUN),
    boundary: `arn:aws:iam::${ACCOUNT}:policy/${BOUNDARY}`,
  });
  assert.deepEqual(await readAccount(owner), contents, 'the doctor changed the account');
  owner.destroy();
  clients.destroy();
  return permissions;
}

test('under the runner policy nothing is denied, and the doctor creates nothing', async () => {
  const permissions = await asked(policy('runner'));
  assert.deepEqual(
    permissions.filter(({ state }) => state === 'denied'),
    [],
  );
  assert.ok(permissions.filter(({ state }) => state === 'granted').length >= 15);
});

test('a missing permission is named', async () => {
  const runner = JSON.parse(policy('runner')) as { Statement: { Action: string | string[] }[] };
  for (const statement of runner.Statement)
    statement.Action = [statement.Action]
      .flat()
      .filter((action) => !['kinesis:CreateStream', 'iam:CreateRole'].includes(action));
  runner.Statement = runner.Statement.filter(({ Action }) => Action.length > 0);
  await aws.stop();
  aws = await startStrictAws();
  const permissions = await asked(JSON.stringify(runner));
  assert.deepEqual(
    permissions.filter(({ state }) => state === 'denied').map(({ action }) => action),
    ['kinesis:CreateStream', 'iam:CreateRole'],
  );
});
