import assert from 'node:assert/strict';
import { Then, When } from '@cucumber/cucumber';
import { NotObservable } from '../infra/errors.ts';
import type { Answer } from '../support/client/answer.ts';
import { describeStream, rawRequest } from '../support/client/requests.ts';
import { toRange, type WrittenShard } from '../support/observe/shards.ts';
import type { ProxyWorld, StreamReference } from '../support/world.ts';

When('the client describes {stream}', async function (this: ProxyWorld, stream: StreamReference) {
  await this.callsFor(this.streams.nameOf(stream), describeStream);
});

When('the client describes the stream until it is {word}', async function (this: ProxyWorld, state: string) {
  await this.describesUntil(state === 'gone' ? 'not found' : state);
});

When(
  'the client describes the stream with its hyphens encoded as {string}',
  async function (this: ProxyWorld, encoded: string) {
    const name = this.streams.nameOf('the stream');
    if (!name.includes('-')) throw new NotObservable(`there is no hyphen in ${name}`);
    const path = `/streams/${name.replaceAll('-', encoded)}`;
    await this.calls({ ...rawRequest('GET', '/streams/{stream-name}', ''), path });
  },
);

Then('the description agrees with Kinesis field by field', async function (this: ProxyWorld) {
  const { inKinesis, answered } = await this.descriptions();
  assert.deepEqual(answered, inKinesis);
});

Then(
  'each of the {int} shards has hash keys and a first sequence number, and {int} of them a last one',
  function (this: ProxyWorld, count: number, closed: number) {
    const shards = describedShards(this.client.answer);
    assert.equal(shards.length, count);
    for (const shard of shards) {
      assert.match(shard.ShardId ?? '', /^shardId-\d{12}$/);
      assert.ok(toRange(shard).first < toRange(shard).last, `${shard.ShardId} has no range of hash keys`);
      assert.match(shard.SequenceNumberRange?.StartingSequenceNumber ?? '', /^\d+$/);
    }
    assert.equal(
      shards.filter(({ SequenceNumberRange: range }) => range?.EndingSequenceNumber).length,
      closed,
    );
  },
);

Then(
  '{int} shards are described, and the answer says that there are more',
  function (this: ProxyWorld, count: number) {
    assert.equal(describedShards(this.client.answer).length, count);
    assert.equal(this.client.answer.field('StreamDescription.HasMoreShards'), true);
  },
);

Then('it was seen {string}', function (this: ProxyWorld, states: string) {
  assert.deepEqual(this.statuses, states.split(', then '));
});

interface DescribedShard extends WrittenShard {
  readonly SequenceNumberRange?: { StartingSequenceNumber?: string; EndingSequenceNumber?: string | null };
}

function describedShards(answer: Answer): readonly DescribedShard[] {
  const shards = answer.field('StreamDescription.Shards');
  assert.ok(Array.isArray(shards), String(answer));
  return shards;
}
