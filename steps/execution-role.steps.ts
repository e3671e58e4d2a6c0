import { Then, When } from '@cucumber/cucumber';
import { expect } from '../support/expect/expect.ts';
import { allowedActions, isBeyondTutorial, readRole } from '../support/observe/role.ts';
import type { ProxyWorld } from '../support/world.ts';

When('an operator reads the execution role', async function (this: ProxyWorld) {
  const { roleName, roleArn } = this.deployment.proxy;
  this.configuration.role = await readRole(
    this.worker.clients.iam,
    roleName ?? String(roleArn?.split('/').at(-1)),
  );
});

Then('only {string} may assume it', function (this: ProxyWorld, service: string) {
  const allowing = (this.configuration.role?.trust ?? []).filter(({ effect }) => effect === 'Allow');
  const who = allowing.map(({ principals, actions }) => ({ principals, actions }));
  expect(who, 'who may assume the role').to.deep.equal([
    { principals: { Service: [service] }, actions: ['sts:AssumeRole'] },
  ]);
});

Then('it allows nothing but Kinesis and the writing of API Gateway logs', function (this: ProxyWorld) {
  const allowed = allowedActions(this.configuration.role);
  expect(allowed, 'what the role allows').not.to.be.empty;
  expect(allowed.filter(isBeyondTutorial), 'what the role allows beyond that').to.be.empty;
});
