import { type DataTable, Given, Then, When } from '@cucumber/cucumber';
import { createStream, deleteStream } from '../support/client/requests.ts';
import { expect } from '../support/expect/expect.ts';
import { store } from '../support/observe/records.ts';
import { toRange } from '../support/observe/shards.ts';
import { deletedIn } from '../support/scenario/production.ts';
import type { ProxyWorld, StreamReference } from '../support/world.ts';

Given('a stream', async function (this: ProxyWorld) {
  await this.streams.take('the stream', await this.worker.pool.any());
});

Given('a stream of two shards', async function (this: ProxyWorld) {
  await this.streams.take('the stream', await this.worker.pool.shared('Main', 2));
});

Given('a stream of five shards', async function (this: ProxyWorld) {
  await this.streams.take('the stream', await this.worker.pool.shared('Five', 5));
});

Given('another stream', async function (this: ProxyWorld) {
  await this.streams.take('the other stream', await this.worker.pool.shared('Other', 1));
});

Given('a fresh stream', async function (this: ProxyWorld) {
  await this.streams.own('the stream', await this.worker.pool.fresh());
});

Given('another fresh stream', async function (this: ProxyWorld) {
  await this.streams.own('the other stream', await this.worker.pool.fresh());
});

Given('a fresh stream with {int} shards', async function (this: ProxyWorld, shards: number) {
  await this.streams.own('the stream', await this.worker.pool.make('Sized', shards));
});

Given('a stream made just now', async function (this: ProxyWorld) {
  await this.streams.own('the stream', await this.worker.pool.make('Late', 1));
});

Given('a stream that is still being created', async function (this: ProxyWorld) {
  await this.states.beginsCreation();
});

Given('a stream that is still being deleted', async function (this: ProxyWorld) {
  await this.states.beginsDeletion();
});

Given('the stream that the role is limited to', async function (this: ProxyWorld) {
  await this.streams.take('the stream', await this.worker.pool.joined(this.deployment.permittedStream));
});

Given('the stream holds a record', async function (this: ProxyWorld) {
  await store(this.worker.clients.kinesis, this.streams.nameOf('the stream'), {
    data: 'old',
    partitionKey: 'k',
  });
});

Given('the stream has been deleted', async function (this: ProxyWorld) {
  await this.streams.delete('the stream');
});

Given('the shards of the stream have been merged into one', async function (this: ProxyWorld) {
  await this.worker.streams.mergeFirstTwo(this.streams.nameOf('the stream'));
});

When(
  'the client creates {stream} with {body}',
  async function (this: ProxyWorld, stream: StreamReference, body?: string) {
    await this.callsFor(this.streams.nameOf(stream), (name) => createStream(name, body));
  },
);

When(
  'the client creates a stream whose name has {int} characters of {string}',
  async function (this: ProxyWorld, length: number, characters: string) {
    await this.callsFor(this.streams.callAtLength(length, characters), (name) =>
      createStream(name, '{"ShardCount": 1}'),
    );
  },
);

When(
  'the client creates a new stream whose name goes on with {string}',
  async function (this: ProxyWorld, encoded: string) {
    const path = `/streams/${this.streams.nameOf('a new stream')}${encoded}`;
    await this.calls({ ...createStream('', '{"ShardCount": 1}'), path });
  },
);

When(
  'the client deletes {stream} with {body}',
  async function (this: ProxyWorld, stream: StreamReference, body?: string) {
    await this.callsFor(this.streams.nameOf(stream), (name) => deleteStream(name, body));
  },
);

Then('the stream has {int} shard(s)', async function (this: ProxyWorld, count: number) {
  expect(this.client.answer).to.succeed();
  const { description } = await this.streams.known('the stream');
  expect(description).to.have.shards(count);
});

Then("the stream's shards hold the hash keys:", async function (this: ProxyWorld, table: DataTable) {
  expect(this.client.answer).to.succeed();
  const { description } = await this.streams.known('the stream');
  const expected = table
    .hashes()
    .map(({ shard, first = '', last = '' }) => ({ id: shard, first: BigInt(first), last: BigInt(last) }));
  expect((description.Shards ?? []).map(toRange), 'the stream').to.hold(expected);
});

Then('the stream becomes ACTIVE under the name in the path', async function (this: ProxyWorld) {
  expect(this.client.answer).to.succeed();
  const { name, description } = await this.streams.known('the stream');
  expect(description.StreamName, 'the name of the stream').to.equal(name);
});

Then(
  'it is provisioned and keeps its records for {int} hours',
  async function (this: ProxyWorld, hours: number) {
    const { name, description } = await this.streams.known('the stream');
    expect(description.RetentionPeriodHours, 'the hours that it keeps records').to.equal(hours);
    expect(await this.worker.streams.mode(name), 'its mode').to.equal('PROVISIONED');
  },
);

Then('{stream} is unchanged', async function (this: ProxyWorld, stream: StreamReference) {
  const { name, description } = await this.streams.known(stream);
  const now = await this.worker.streams.describe(name);
  expect(now, `a stream ${name}`).to.not.equal(undefined);
  for (const [member, before] of Object.entries(description))
    expect(now?.[member as keyof typeof now], `${member} of ${name}`).to.deep.equal(before);
});

Then('{stream} is absent', async function (this: ProxyWorld, stream: StreamReference) {
  for (const name of new Set([...deletedIn(this), this.streams.nameOf(stream)]))
    await this.worker.streams.gone(name);
});

Then('no new stream appears', async function (this: ProxyWorld) {
  expect(await this.streams.unexpectedStreams(), 'the new streams').to.deep.equal([]);
});
