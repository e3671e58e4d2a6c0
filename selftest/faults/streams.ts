import type { Fault } from '../changes/change.ts';
import { behindGateway, forEveryone, type Json, outputOf, success, withBody } from '../changes/kinesis.ts';

/** Streams that are not created, not deleted, or confused with others. */
export const streams: readonly Fault[] = [
  {
    name: 'stays-creating',
    why: 'A stream stays CREATING for longer than the run waits.',
    expect: 'target failure',
    tried: ['PUT-2'],
    change: { aws: { createMillis: 600_000 }, environment: { KPC_WAIT_STREAM_ACTIVE_MS: '400' } },
  },
  {
    name: 'stays-deleting',
    why: 'A deleted stream stays DELETING.',
    expect: { clauses: ['DEL-2'] },
    change: { aws: { deleteMillis: 600_000 }, environment: { KPC_WAIT_STREAM_GONE_MS: '400' } },
  },
  {
    name: 'another-streams-description',
    why: 'DescribeStream describes another stream.',
    expect: { clauses: ['DESC-2'] },
    change: behindGateway(['DescribeStream'], () => async ({ pass, also }) => {
      const answer = await pass();
      if (answer.status !== 200) return answer;
      const own = outputOf(answer).StreamDescription as Json;
      const { StreamNames } = await also('ListStreams', {});
      const StreamName = (StreamNames as string[]).find((name) => name !== own.StreamName);
      const other = StreamName === undefined ? undefined : await also('DescribeStream', { StreamName });
      return other ? withBody(answer, other) : withBody(answer, renamed(own));
    }),
  },
  {
    name: 'creations-accepted-and-forgotten',
    why: 'Kinesis acknowledges a creation but creates no stream.',
    expect: { clauses: ['CREATE-1', 'CREATE-5', 'JOURNEY-1'] },
    change: behindGateway(['CreateStream'], () => async () => success('')),
  },
  {
    name: 'deletions-accepted-and-forgotten',
    why: 'Kinesis acknowledges a deletion but deletes nothing.',
    expect: { clauses: ['DEL-2'] },
    change: behindGateway(['DeleteStream'], () => async () => success('')),
  },
  {
    name: 'creations-fail-for-everyone',
    why: 'The account has reached its stream limit.',
    expect: 'target failure',
    tried: ['PUT-2', 'ITER-2'],
    change: forEveryone(
      ['CreateStream'],
      () => async () =>
        withBody(
          { status: 400, headers: [['Content-Type', 'application/x-amz-json-1.1']], body: '' },
          {
            __type: 'LimitExceededException',
            message: 'This request would exceed the shard limit for the account.',
          },
        ),
    ),
  },
];

function renamed(description: Json): Json {
  return { StreamDescription: { ...description, StreamName: `${description.StreamName}-2` } };
}
