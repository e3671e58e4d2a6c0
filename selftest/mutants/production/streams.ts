import type { Mutant } from '../../changes/change.ts';
import { answered, asked, behindGateway, type Json, success } from '../../changes/kinesis.ts';
import { request } from '../../changes/stack.ts';
import { escaped, OPEN, on, VALUES } from './row.ts';

const of = (member: string, edit: (value: Json[string]) => unknown) =>
  answered('DescribeStream', ({ StreamDescription: told, ...output }) => ({
    ...output,
    StreamDescription: { ...told, [member]: edit(told[member]) },
  }));
const records = (edit: (records: Json[]) => Json[]) =>
  answered('GetRecords', (output) => ({ ...output, Records: edit(output.Records) }));

const raw = (action: string, value: string) => request(action, escaped(value), value);
/** Calls that read, list, describe, create and delete. */
export const streams: readonly Mutant[] = [
  ...on(
    OPEN,
    'records-reversed',
    'SAFE-17',
    'Records come in reverse order.',
    records((all) => all.toReversed()),
  ),
  ...on(
    ['desk'],
    'record-left-out',
    'SAFE-17',
    'The last record of a page is lost.',
    records((all) => all.slice(0, -1)),
  ),
  ...on(
    ['desk'],
    'record-doubled',
    'SAFE-17',
    'The first record of a page comes twice.',
    records((all) => [...all.slice(0, 1), ...all]),
  ),
  ...on(
    ['desk'],
    'key-of-the-first',
    'SAFE-17',
    'Every record of a page shows the key of the first.',
    records((all) => all.map((one) => ({ ...one, PartitionKey: all[0]?.PartitionKey }))),
  ),
  ...on(
    ['hardened'],
    'number-of-the-first',
    'SAFE-17',
    'Every record of a page shows the sequence number of the first.',
    records((all) => all.map((one) => ({ ...one, SequenceNumber: all[0]?.SequenceNumber }))),
  ),
  ...on(
    OPEN,
    'chain-ends',
    'SAFE-17',
    'A page that reaches the end is taken for the last.',
    answered('GetRecords', (output) => ({ ...output, NextShardIterator: null })),
  ),
  ...on(
    ['hardened'],
    'list-from-the-start',
    'SAFE-18',
    'The start of the list is not passed on.',
    asked('ListStreams', ({ ExclusiveStartStreamName: _, NextToken: _t, ...input }) => input),
  ),
  ...on(
    ['hardened'],
    'list-of-one-page',
    'SAFE-18',
    'The first page claims to be the last.',
    answered('ListStreams', (output) => ({ ...output, HasMoreStreams: false })),
  ),
  ...on(
    ['hardened'],
    'list-skips',
    'SAFE-18',
    'Each page of the list lacks one name.',
    answered('ListStreams', (output) => ({ ...output, StreamNames: output.StreamNames.slice(1) })),
  ),
  ...on(
    ['hardened'],
    'created-elsewhere',
    'SAFE-19',
    'A suffix is added to the stream name.',
    asked('CreateStream', (input) => ({ ...input, StreamName: `${input.StreamName}-v2` })),
  ),
  ...on(
    ['hardened'],
    'one-shard-always',
    'SAFE-19',
    'A stream always gets one shard.',
    asked('CreateStream', (input) => ({ ...input, ShardCount: 1 })),
  ),
  ...on(
    ['hardened'],
    'not-created',
    'SAFE-19',
    'Creating a stream succeeds but creates nothing.',
    behindGateway(['CreateStream'], () => async () => success('')),
  ),
  ...on(
    ['hardened'],
    'refused-and-created',
    'SAFE-19',
    'A call that one role may not make is refused, but then made under another role.',
    behindGateway(['CreateStream'], () => async ({ input, pass, also }) => {
      const answer = await pass();
      if (answer.status !== 200) await also('CreateStream', input);
      return answer;
    }),
  ),
  ...on(
    OPEN,
    'status-made-up',
    'SAFE-20',
    'The status is always UPDATING.',
    of('StreamStatus', () => 'UPDATING'),
  ),
  ...on(
    ['desk'],
    'shards-left-out',
    'SAFE-20',
    'The description has one shard only.',
    of('Shards', (shards) => shards.slice(0, 1)),
  ),
  ...on(
    ['desk'],
    'retention-made-up',
    'SAFE-20',
    'The description has a wrong retention period.',
    of('RetentionPeriodHours', () => 168),
  ),
  ...on(
    ['desk'],
    'described-by-another-name',
    'SAFE-20',
    'The described name is in upper case.',
    of('StreamName', (name) => name.toUpperCase()),
  ),
  ...on(
    OPEN,
    'not-deleted',
    'SAFE-21',
    'Deleting a stream succeeds but deletes nothing.',
    behindGateway(['DeleteStream'], () => async () => success('')),
  ),
  ...on(
    OPEN,
    'deletes-the-next-too',
    'SAFE-21',
    'Deleting a stream also deletes the others in the list.',
    behindGateway(['DeleteStream'], () => async ({ input, pass, also }) => {
      const { StreamNames } = await also('ListStreams', {});
      for (const other of StreamNames.filter((name: string) => name !== input.StreamName))
        await also('DeleteStream', { StreamName: other });
      return pass();
    }),
  ),
  ...on(
    ['desk'],
    'deletes-another',
    'SAFE-21',
    'Deleting a stream deletes another one instead.',
    behindGateway(['DeleteStream'], () => async ({ input, pass, also }) => {
      const { StreamNames } = await also('ListStreams', {});
      return pass({ StreamName: StreamNames.find((name: string) => name !== input.StreamName) });
    }),
  ),
  ...on(
    ['desk'],
    'shard-raw',
    'SAFE-10',
    'The template does not escape the shard id.',
    raw('GetShardIterator', "$input.params().querystring.get('shard')"),
  ),
  ...OPEN.flatMap((base) =>
    on(
      [base],
      'stream-of-iterator-raw',
      'SAFE-10',
      'The template does not escape the stream name.',
      raw('GetShardIterator', VALUES[base].stream),
    ),
  ),
];
