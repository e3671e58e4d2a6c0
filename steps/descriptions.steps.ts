import { Then, When } from '@cucumber/cucumber';
import { NotObservable } from '../infra/errors.ts';
import type { Answer } from '../support/client/answer.ts';
import { describeStream, rawRequest } from '../support/client/requests.ts';
import { expect } from '../support/expect/expect.ts';
import { toRange, type WrittenShard } from '../support/observe/shards.ts';
import type { ProxyWorld, StreamReference } from '../support/world.ts';

When('the client describes {stream}', async function (this: ProxyWorld, stream: StreamReference) {
  await this.callsFor(this.streams.nameOf(stream), describeStream);
});

When('the client describes the stream until it is {word}', async function (this: ProxyWorld, state: string) {
  await this.states.describesUntil(state === 'gone' ? 'not found' : state);
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
  const { inKinesis, answered } = await this.states.descriptions();
  expect(answered, 'the description').to.deep.equal(inKinesis);
});

Then(
  'each of the {int} shards has hash keys and a first sequence number, and {int} of them a last one',
  function (this: ProxyWorld, count: number, closed: number) {
    const shards = describedShards(this.client.answer);
    expect(shards, 'the shards described').to.have.length(count);
    for (const shard of shards) {
      expect(shard.ShardId, 'the id of a shard').to.match(/^shardId-\d{12}$/);
      const { first, last } = toRange(shard);
      if (first >= last)
        expect.fail(
          `expected a range of hash keys, and that of ${shard.ShardId} goes from ${first} to ${last}`,
        );
      expect(shard.SequenceNumberRange?.StartingSequenceNumber, `where ${shard.ShardId} starts`).to.match(
        /^\d+$/,
      );
    }
    const ended = shards.filter(({ SequenceNumberRange: range }) => range?.EndingSequenceNumber);
    expect(ended, 'the shards with a last sequence number').to.have.length(closed);
  },
);

Then(
  '{int} shards are described, and the answer says that there are more',
  function (this: ProxyWorld, count: number) {
    expect(describedShards(this.client.answer), 'the shards described').to.have.length(count);
    expect(this.client.answer).to.have.field('StreamDescription.HasMoreShards', true);
  },
);

Then('it was seen {string}', function (this: ProxyWorld, states: string) {
  expect(this.states.seen, 'the states that were seen').to.deep.equal(states.split(', then '));
});

interface DescribedShard extends WrittenShard {
  readonly SequenceNumberRange?: { StartingSequenceNumber?: string; EndingSequenceNumber?: string | null };
}

function describedShards(answer: Answer): readonly DescribedShard[] {
  expect(answer).to.have.fieldOfKind('StreamDescription.Shards', 'a list');
  return answer.field('StreamDescription.Shards') as DescribedShard[];
}
