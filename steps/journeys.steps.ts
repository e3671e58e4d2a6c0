import { Given, Then, When } from '@cucumber/cucumber';
import {
  consumersRead,
  consumersReadOnce,
  consumersRestart,
  iteratorsExpire,
  moreComeIn,
  nothingIsLostOrDoubled,
  producersAndConsumers,
} from '../support/scenario/journeys.ts';
import { holdsEachOnce, putsUntilAllIsStored } from '../support/scenario/producer.ts';
import { takesFive } from '../support/scenario/production.ts';
import type { ProxyWorld } from '../support/world.ts';

Given('a stream of five shards that the proxy serves', async function (this: ProxyWorld) {
  await takesFive(this);
});

When(
  'a producer puts a batch beyond what its shards take, and again what each answer says was refused',
  async function (this: ProxyWorld) {
    await putsUntilAllIsStored(this);
  },
);

When('a consumer reads the stream to its end', async function (this: ProxyWorld) {
  await consumersRead(this);
});

When('{int} more records come into the stream', async function (this: ProxyWorld, count: number) {
  await moreComeIn(this, count);
});

When("the consumer's iterator expires", async function (this: ProxyWorld) {
  await iteratorsExpire(this);
});

When('the consumer reads on', async function (this: ProxyWorld) {
  await consumersReadOnce(this);
});

When(
  'the consumer takes a new iterator after the last record that it read, and reads on',
  async function (this: ProxyWorld) {
    await consumersRestart(this);
  },
);

When(
  'two producers put records with {action} while two consumers read',
  async function (this: ProxyWorld, action: string) {
    await producersAndConsumers(this, action);
  },
);

Then('Kinesis holds each of its records once', async function (this: ProxyWorld) {
  await holdsEachOnce(this);
});

Then('the consumers have read each record of the producers once', function (this: ProxyWorld) {
  nothingIsLostOrDoubled(this);
});
