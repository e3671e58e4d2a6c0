import assert from 'node:assert/strict';
import { Then, When } from '@cucumber/cucumber';
import { readRole } from '../support/observe/role.ts';
import type { ProxyWorld } from '../support/world.ts';

When('an operator reads the execution role', async function (this: ProxyWorld) {
  const { roleName, roleArn } = this.deployment.proxy;
  this.role = await readRole(this.worker.clients.iam, roleName ?? String(roleArn?.split('/').at(-1)));
});

Then('only {string} may assume it', function (this: ProxyWorld, service: string) {
  const allowing = (this.role?.trust ?? []).filter(({ effect }) => effect === 'Allow');
  assert.deepEqual(
    allowing.map(({ principals, actions }) => ({ principals, actions })),
    [{ principals: { Service: [service] }, actions: ['sts:AssumeRole'] }],
  );
});

Then('it allows actions of {string} and of nothing else', function (this: ProxyWorld, service: string) {
  const allowed = (this.role?.permissions ?? [])
    .filter(({ effect }) => effect === 'Allow')
    .flatMap(({ actions }) => actions);
  assert.notEqual(allowed.length, 0, 'the role allows nothing');
  for (const action of allowed) assert.equal(action.split(':')[0]?.toLowerCase(), service, action);
});
