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
/** What is read, listed, described, created and deleted. */
export const streams: readonly Mutant[] = [
  ...on(
    OPEN,
    'records-reversed',
    'SAFE-17',
    'The newest record comes first.',
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
    'Where to start is not passed on.',
    asked('ListStreams', ({ ExclusiveStartStreamName: _, NextToken: _t, ...input }) => input),
  ),
  ...on(
    ['hardened'],
    'list-of-one-page',
    'SAFE-18',
    'The first page is said to be the last.',
    answered('ListStreams', (output) => ({ ...output, HasMoreStreams: false })),
  ),
  ...on(
    ['hardened'],
    'list-skips',
    'SAFE-18',
    'A name is lost on each page.',
    answered('ListStreams', (output) => ({ ...output, StreamNames: output.StreamNames.slice(1) })),
  ),
  ...on(
    ['hardened'],
    'created-elsewhere',
    'SAFE-19',
    'A suffix is added to the name.',
    asked('CreateStream', (input) => ({ ...input, StreamName: `${input.StreamName}-v2` })),
  ),
  ...on(
    ['hardened'],
    'one-shard-always',
    'SAFE-19',
    'Shards cost money.',
    asked('CreateStream', (input) => ({ ...input, ShardCount: 1 })),
  ),
  ...on(
    ['hardened'],
    'not-created',
    'SAFE-19',
    'A creation is answered and forgotten.',
    behindGateway(['CreateStream'], () => async () => success('')),
  ),
  ...on(
    ['hardened'],
    'refused-and-created',
    'SAFE-19',
    'What one role may not do, another does afterwards.',
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
    'A stream is always UPDATING.',
    of('StreamStatus', () => 'UPDATING'),
  ),
  ...on(
    ['desk'],
    'shards-left-out',
    'SAFE-20',
    'Only one shard is told.',
    of('Shards', (shards) => shards.slice(0, 1)),
  ),
  ...on(
    ['desk'],
    'retention-made-up',
    'SAFE-20',
    'The retention of another stream is told.',
    of('RetentionPeriodHours', () => 168),
  ),
  ...on(
    ['desk'],
    'described-by-another-name',
    'SAFE-20',
    'The name is made upper case.',
    of('StreamName', (name) => name.toUpperCase()),
  ),
  ...on(
    OPEN,
    'not-deleted',
    'SAFE-21',
    'A deletion is answered and forgotten.',
    behindGateway(['DeleteStream'], () => async () => success('')),
  ),
  ...on(
    OPEN,
    'deletes-the-next-too',
    'SAFE-21',
    'Whatever stands next in the list goes as well.',
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
    'Another stream goes instead.',
    behindGateway(['DeleteStream'], () => async ({ input, pass, also }) => {
      const { StreamNames } = await also('ListStreams', {});
      return pass({ StreamName: StreamNames.find((name: string) => name !== input.StreamName) });
    }),
  ),
  ...on(
    ['desk'],
    'shard-raw',
    'SAFE-10',
    'The shard’s name is printed as it is.',
    raw('GetShardIterator', "$input.params().querystring.get('shard')"),
  ),
  ...OPEN.flatMap((base) =>
    on(
      [base],
      'stream-of-iterator-raw',
      'SAFE-10',
      'The stream’s name is printed as it is.',
      raw('GetShardIterator', VALUES[base].stream),
    ),
  ),
];
