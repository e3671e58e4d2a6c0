import type { Fault } from '../changes/change.ts';
import { behindGateway, forEveryone, type Json, outputOf, success, withBody } from '../changes/kinesis.ts';

/** Streams that do not become what was asked for, or are taken for others. */
export const streams: readonly Fault[] = [
  {
    name: 'stays-creating',
    why: 'A stream stays CREATING far longer than anybody waits.',
    expect: 'target failure',
    tried: ['PUT-2'],
    change: { aws: { createMillis: 600_000 }, environment: { KPC_WAIT_STREAM_ACTIVE_MS: '400' } },
  },
  {
    name: 'stays-deleting',
    why: 'A stream is never gone.',
    expect: { clauses: ['DEL-2'] },
    change: { aws: { deleteMillis: 600_000 }, environment: { KPC_WAIT_STREAM_GONE_MS: '400' } },
  },
  {
    name: 'another-streams-description',
    why: 'A description is that of the stream asked for before.',
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
    why: 'Kinesis says yes and makes no stream.',
    expect: { clauses: ['CREATE-1', 'CREATE-5', 'JOURNEY-1'] },
    change: behindGateway(['CreateStream'], () => async () => success('')),
  },
  {
    name: 'deletions-accepted-and-forgotten',
    why: 'Kinesis says yes and deletes nothing.',
    expect: { clauses: ['DEL-2'] },
    change: behindGateway(['DeleteStream'], () => async () => success('')),
  },
  {
    name: 'creations-fail-for-everyone',
    why: 'The account has no stream left to make.',
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
