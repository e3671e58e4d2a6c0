import type { CallOptions } from './hardened-api.ts';

/** Texts that could break out of a template or JSON, or be evaluated in either. */
export const ATTACKS = [
  '"',
  "'",
  '\\',
  '\\"',
  "\\'",
  "\\\\'",
  '\\u0022',
  '\n\r\t\b\f',
  '\u0000\u001f\u007f\u0080\u2028\u2029',
  '/\\/',
  ' ',
  'é😀e\u0301\u202e',
  'x","StreamName":"other',
  '"}',
  '}]}',
  '","Data":"eA==',
  "','StreamName':'other",
  '1,"StreamModeDetails":{"StreamMode":"ON_DEMAND"}',
  '1}',
  '0x1',
  '1e3',
  '-1',
  '٣',
  '1\n',
  '\n1',
  '$input.body',
  '$util.base64Encode("a")',
  "#set($x = 'y')$x",
  '#end',
  '#if(true)x#end',
  '##',
  '#*',
  '#[[x]]#',
  '$',
  '#',
  '{"a":[1,null]}',
  '[]',
  'null',
  'true',
  '__proto__',
];

/** A place for a value, and the member of the request to Kinesis that it becomes. */
export interface Place {
  readonly name: string;
  readonly member: string;
  /** The other members of that request, in order. */
  readonly others: readonly string[];
  readonly send: (value: string) => readonly [method: string, path: string, options?: CallOptions];
  /** Sent without quotes if it is a number. */
  readonly isNumber?: true;
  /** Part of one record of a batch. */
  readonly inRecord?: true;
}

const ITERATOR = ['ShardId', 'ShardIteratorType', 'StreamName'];
const query = (name: string, value: string) => ({ query: { 'shard-id': '0', [name]: value } });
/** Every value of a client's that hardened.yaml passes on. @param stream one that is there. */
export function placesOf(stream: string): readonly Place[] {
  const at = (below: string, name = stream) => `/streams/${encodeURIComponent(name)}${below}`;
  return [
    {
      name: 'path of DescribeStream',
      member: 'StreamName',
      others: [],
      send: (value) => ['GET', at('', value)],
    },
    {
      name: 'path of DeleteStream',
      member: 'StreamName',
      others: [],
      send: (value) => ['DELETE', at('', value)],
    },
    {
      name: 'path of CreateStream',
      member: 'StreamName',
      others: ['ShardCount'],
      send: (value) => ['POST', at('', value), { body: {} }],
    },
    {
      name: 'path of PutRecord',
      member: 'StreamName',
      others: ['Data', 'PartitionKey'],
      send: (value) => ['PUT', at('/record', value), { body: { data: '', partitionKey: 'k' } }],
    },
    {
      name: 'path of PutRecords',
      member: 'StreamName',
      others: ['Records'],
      send: (value) => [
        'PUT',
        at('/records', value),
        { body: { records: [{ data: '', partitionKey: 'k' }] } },
      ],
    },
    {
      name: 'path of GetShardIterator',
      member: 'StreamName',
      others: ['ShardId', 'ShardIteratorType'],
      send: (value) => ['GET', at('/sharditerator', value), { query: { 'shard-id': '0' } }],
    },
    {
      name: 'start of the list',
      member: 'ExclusiveStartStreamName',
      others: [],
      send: (value) => ['GET', '/streams', { query: { 'exclusive-start-stream-name': value } }],
    },
    {
      name: 'token of the list',
      member: 'NextToken',
      others: ['ExclusiveStartStreamName', 'Limit'],
      send: (value) => [
        'GET',
        '/streams',
        { query: { 'next-token': value, limit: '1', 'exclusive-start-stream-name': 'a' } },
      ],
    },
    {
      name: 'limit of the list',
      member: 'Limit',
      others: [],
      isNumber: true,
      send: (value) => ['GET', '/streams', { query: { limit: value } }],
    },
    {
      name: 'shard id',
      member: 'ShardId',
      others: ['ShardIteratorType', 'StreamName'],
      send: (value) => ['GET', at('/sharditerator'), query('shard-id', value)],
    },
    {
      name: 'iterator type',
      member: 'ShardIteratorType',
      others: ['ShardId', 'StreamName'],
      send: (value) => ['GET', at('/sharditerator'), query('iterator-type', value)],
    },
    {
      name: 'sequence number',
      member: 'StartingSequenceNumber',
      others: ITERATOR,
      send: (value) => ['GET', at('/sharditerator'), query('starting-sequence-number', value)],
    },
    {
      name: 'timestamp',
      member: 'Timestamp',
      others: ITERATOR,
      isNumber: true,
      send: (value) => ['GET', at('/sharditerator'), query('timestamp', value)],
    },
    {
      name: 'iterator in the header',
      member: 'ShardIterator',
      others: [],
      send: (value) => ['GET', at('/records'), { headers: { 'Shard-Iterator': value } }],
    },
    {
      name: 'limit of records',
      member: 'Limit',
      others: ['ShardIterator'],
      isNumber: true,
      send: (value) => [
        'GET',
        at('/records'),
        { headers: { 'Shard-Iterator': 'x' }, query: { limit: value } },
      ],
    },
    {
      name: 'partition key',
      member: 'PartitionKey',
      others: ['Data', 'StreamName'],
      send: (value) => ['PUT', at('/record'), { body: { data: '', partitionKey: value } }],
    },
    {
      name: 'data',
      member: 'Data',
      others: ['PartitionKey', 'StreamName'],
      send: (value) => ['PUT', at('/record'), { body: { data: value, partitionKey: 'k' } }],
    },
    {
      name: 'partition key in a batch',
      member: 'PartitionKey',
      others: ['Data'],
      inRecord: true,
      send: (value) => ['PUT', at('/records'), { body: { records: [{ data: '', partitionKey: value }] } }],
    },
    {
      name: 'data in a batch',
      member: 'Data',
      others: ['PartitionKey'],
      inRecord: true,
      send: (value) => ['PUT', at('/records'), { body: { records: [{ data: value, partitionKey: 'k' }] } }],
    },
    {
      name: 'shard count',
      member: 'ShardCount',
      others: ['StreamName'],
      isNumber: true,
      send: (value) => ['POST', at(''), { body: { ShardCount: value } }],
    },
  ];
}
