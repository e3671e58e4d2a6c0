import * as kinesis from '@aws-sdk/client-kinesis';
import { ACCOUNT } from '../../privilege/rehearsal.ts';
import { type Attack, type Fixture, FOREIGN_STREAMS, tags } from './fixture.ts';

/** Attacks on streams of others, and on what the runner may create. */
export function onStreams({ root, runner }: Fixture): Attack[] {
  const send = runner.kinesis.send.bind(runner.kinesis) as (command: unknown) => Promise<unknown>;
  return [
    ...FOREIGN_STREAMS.flatMap((StreamName): Attack[] => [
      [`${StreamName} tagged`, () => send(new kinesis.AddTagsToStreamCommand({ StreamName, Tags: tags }))],
      [
        `${StreamName} tagged by its ARN`,
        () =>
          send(
            new kinesis.TagResourceCommand({
              ResourceARN: `arn:aws:kinesis:us-east-1:${ACCOUNT}:stream/${StreamName}`,
              Tags: tags,
            }),
          ),
      ],
      [`${StreamName} deleted`, () => send(new kinesis.DeleteStreamCommand({ StreamName }))],
      [
        `${StreamName} deleted behind an ARN of the suite's`,
        () =>
          send(
            new kinesis.DeleteStreamCommand({
              StreamName,
              StreamARN: `arn:aws:kinesis:us-east-1:${ACCOUNT}:stream/${StreamName}`,
            }),
          ),
      ],
      [
        `a record in ${StreamName}`,
        () =>
          send(new kinesis.PutRecordCommand({ StreamName, PartitionKey: 'k', Data: new Uint8Array([2]) })),
      ],
      [`${StreamName} described`, () => send(new kinesis.DescribeStreamSummaryCommand({ StreamName }))],
      [
        `${StreamName} read`,
        () =>
          send(
            new kinesis.GetShardIteratorCommand({
              StreamName,
              ShardId: 'shardId-000000000000',
              ShardIteratorType: 'TRIM_HORIZON',
            }),
          ),
      ],
      [
        `records of ${StreamName} with another user's iterator`,
        async () => {
          const { ShardIterator } = await root.kinesis.send(
            new kinesis.GetShardIteratorCommand({
              StreamName,
              ShardId: 'shardId-000000000000',
              ShardIteratorType: 'TRIM_HORIZON',
            }),
          );
          await send(new kinesis.GetRecordsCommand({ ShardIterator }));
        },
      ],
    ]),
    [
      'a stream without the tag',
      () => send(new kinesis.CreateStreamCommand({ StreamName: 'kpc-0123abcd-a', ShardCount: 1 })),
    ],
    [
      "a stream with others' tags too",
      () =>
        send(
          new kinesis.CreateStreamCommand({
            StreamName: 'kpc-0123abcd-a',
            ShardCount: 1,
            Tags: { ...tags, owner: 'other-user' },
          }),
        ),
    ],
    [
      'a stream of another name',
      () => send(new kinesis.CreateStreamCommand({ StreamName: 'mine', ShardCount: 1, Tags: tags })),
    ],
    [
      'more shards',
      () =>
        send(
          new kinesis.UpdateShardCountCommand({
            StreamName: 'kpc-0123abcd-a',
            TargetShardCount: 100,
            ScalingType: 'UNIFORM_SCALING',
          }),
        ),
    ],
  ];
}
