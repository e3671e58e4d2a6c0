import type { Change } from '../../changes/change.ts';
import { answered, asked, behindGateway, type Json, success } from '../../changes/kinesis.ts';
import type { Defect, ProxyWithDefect } from './defect.ts';
import { type Action, isClients, type ProxyShape } from './proxy.ts';

const behind =
  (actions: readonly Action[], { middleware }: Change, isSeen: (proxy: ProxyShape) => boolean = () => true) =>
  (proxy: ProxyShape): ProxyWithDefect | undefined =>
    actions.every((action) => proxy.calls.some((call) => call.action === action)) &&
    isSeen(proxy) &&
    middleware
      ? { middleware }
      : undefined;
const defect = (
  clause: string,
  name: string,
  why: string,
  of: Defect['of'],
  follows: readonly string[] = [],
): Defect => ({
  name,
  why,
  clauses: [clause],
  follows,
  of,
});
const described = (member: string, edit: (value: Json[string]) => unknown) =>
  answered('DescribeStream', ({ StreamDescription: told, ...output }) => ({
    ...output,
    StreamDescription: { ...told, [member]: edit(told[member]) },
  }));
const records = (edit: (records: Json[]) => Json[]) =>
  answered('GetRecords', (output) => ({ ...output, Records: edit(output.Records) }));
const READING: readonly Action[] = ['GetShardIterator', 'GetRecords'];
const describesAny = ({ calls }: ProxyShape) =>
  calls.some(({ action, members }) => action === 'DescribeStream' && isClients(members.StreamName));
const countsShards = ({ calls }: ProxyShape) =>
  calls.some(({ action, members }) => action === 'CreateStream' && isClients(members.ShardCount));

/** Reading, listing, describing, creating and deleting. */
export const STREAMS: readonly Defect[] = [
  defect(
    'SAFE-17',
    'records-reversed',
    'The newest record comes first.',
    behind(
      READING,
      records((all) => all.toReversed()),
    ),
    // A consumer with an expired iterator resumes in the same way.
    ['SAFE-2'],
  ),
  defect(
    'SAFE-17',
    'record-left-out',
    'The last record of a page is lost.',
    behind(
      READING,
      records((all) => all.slice(0, -1)),
    ),
    // A consumer with an expired iterator resumes in the same way.
    ['SAFE-2'],
  ),
  defect(
    'SAFE-17',
    'record-doubled',
    'The first record of a page comes twice.',
    behind(
      READING,
      records((all) => [...all.slice(0, 1), ...all]),
    ),
    // A consumer with an expired iterator resumes in the same way.
    ['SAFE-2'],
  ),
  defect(
    'SAFE-17',
    'chain-ends',
    'The last page has no next iterator.',
    behind(
      READING,
      answered('GetRecords', (output) => ({ ...output, NextShardIterator: null })),
    ),
    // A consumer without an iterator cannot see one expire.
    ['SAFE-2'],
  ),
  defect(
    'SAFE-18',
    'list-of-one-page',
    'The first page claims to be the last.',
    behind(
      ['ListStreams'],
      answered('ListStreams', (output) => ({ ...output, HasMoreStreams: false })),
    ),
  ),
  defect(
    'SAFE-18',
    'list-skips',
    'Each page omits a name.',
    behind(
      ['ListStreams'],
      answered('ListStreams', (output) => ({ ...output, StreamNames: output.StreamNames.slice(1) })),
    ),
  ),
  defect(
    'SAFE-19',
    'created-elsewhere',
    'A suffix is added to the name.',
    behind(
      ['CreateStream'],
      asked('CreateStream', (input) => ({ ...input, StreamName: `${input.StreamName}-v2` })),
    ),
    ['SAFE-2'],
  ),
  defect(
    'SAFE-19',
    'one-shard-always',
    'Shards cost money.',
    behind(
      ['CreateStream'],
      asked('CreateStream', (input) => ({ ...input, ShardCount: 1 })),
      countsShards,
    ),
  ),
  defect(
    'SAFE-19',
    'not-created',
    'A creation is acknowledged but not made.',
    behind(
      ['CreateStream'],
      behindGateway(['CreateStream'], () => async () => success('')),
    ),
    ['SAFE-1', 'SAFE-2', 'SAFE-3'],
  ),
  defect(
    'SAFE-19',
    'refused-and-created',
    'When one role is denied, another role repeats the call.',
    behind(
      ['CreateStream'],
      behindGateway(['CreateStream'], () => async ({ input, pass, also }) => {
        const answer = await pass();
        if (answer.status !== 200) await also('CreateStream', input);
        return answer;
      }),
    ),
    ['SAFE-2'],
  ),
  defect(
    'SAFE-20',
    'status-made-up',
    'A stream is always UPDATING.',
    behind(
      ['DescribeStream'],
      described('StreamStatus', () => 'UPDATING'),
      describesAny,
    ),
  ),
  defect(
    'SAFE-20',
    'shards-left-out',
    'Only one shard is listed.',
    behind(
      ['DescribeStream'],
      described('Shards', (shards) => shards.slice(0, 1)),
      describesAny,
    ),
  ),
  defect(
    'SAFE-20',
    'described-by-another-name',
    'The name is converted to upper case.',
    behind(
      ['DescribeStream'],
      described('StreamName', (name) => name.toUpperCase()),
      describesAny,
    ),
  ),
  defect(
    'SAFE-21',
    'not-deleted',
    'A deletion is acknowledged but not made.',
    behind(
      ['DeleteStream'],
      behindGateway(['DeleteStream'], () => async () => success('')),
    ),
    ['SAFE-1', 'SAFE-2', 'SAFE-3'],
  ),
  defect(
    'SAFE-21',
    'deleted-elsewhere',
    'A suffix is added to the name.',
    behind(
      ['DeleteStream'],
      asked('DeleteStream', (input) => ({ ...input, StreamName: `${input.StreamName}-v2` })),
    ),
    ['SAFE-2'],
  ),
];
