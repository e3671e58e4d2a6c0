import { type Change, combine, type Mutant } from '../../changes/change.ts';
import { request, requests, stack } from '../../changes/stack.ts';
import { escaped, on, VALUES } from './row.ts';

const PUTS = ['PutRecord', 'PutRecords'];
const { hardened, desk } = VALUES;

const ITERATOR = "$input.params().header.get('Shard-Iterator')";
const CURSOR = "$input.params().querystring.get('cursor')";
const dataRaw = (data: string, elementData: string): Change =>
  combine(
    requests(PUTS, (text) =>
      [data, elementData].reduce(
        (before, one) => before.replaceAll(`${escaped(one)}.replaceAll("\\\\/", "/")`, () => one),
        text,
      ),
    ),
    stack(({ Resources: { Api } }) => {
      const { Body } = Api.Properties;
      Body.components = JSON.parse(JSON.stringify(Body.components).replaceAll(/,"pattern":"[^"]*"/g, ''));
    }),
  );

/** Values that change the structure of a request. */
export const injection: readonly Mutant[] = [
  ...on(
    ['hardened'],
    'stream-raw',
    'SAFE-10',
    'The stream’s name is printed as it is.',
    request(['PutRecord', 'PutRecords', 'DeleteStream'], escaped(hardened.stream), hardened.stream),
  ),
  ...on(
    ['desk'],
    'stream-raw',
    'SAFE-10',
    'The stream’s name is printed as it is.',
    request(['PutRecord', 'PutRecords', 'DeleteStream'], escaped(desk.stream), desk.stream),
  ),
  ...on(
    ['hardened'],
    'start-of-list-raw',
    'SAFE-10',
    'Where the list starts is printed as it is.',
    request('ListStreams', escaped('$start'), '$start'),
  ),
  ...on(
    ['hardened'],
    'token-raw',
    'SAFE-10',
    'The token of the next page is printed as it is.',
    request('ListStreams', escaped('$token'), '$token'),
  ),
  ...on(
    ['hardened'],
    'described-name-raw',
    'SAFE-10',
    'The stream’s name is printed as it is.',
    request('DescribeStream', escaped(hardened.stream), hardened.stream),
  ),
  ...on(
    ['desk'],
    'described-name-raw',
    'SAFE-10',
    'The stream’s name is printed as it is.',
    request('DescribeStream', escaped(desk.stream), desk.stream),
  ),
  ...on(
    ['hardened'],
    'shard-raw',
    'SAFE-10',
    'The shard’s id is printed as it is.',
    request('GetShardIterator', escaped("$query.get('shard-id')"), "$query.get('shard-id')"),
  ),
  ...on(
    ['hardened'],
    'iterator-type-raw',
    'SAFE-10',
    'The type of the iterator is printed as it is.',
    request('GetShardIterator', escaped('$type'), '$type'),
  ),
  ...on(
    ['hardened'],
    'iterator-raw',
    'SAFE-10',
    'The iterator is printed as it is.',
    request('GetRecords', escaped(ITERATOR), ITERATOR),
  ),
  ...on(
    ['desk'],
    'iterator-raw',
    'SAFE-10',
    'The iterator is printed as it is.',
    request('GetRecords', escaped(CURSOR), CURSOR),
  ),
  ...on(
    ['hardened'],
    'data-raw',
    'SAFE-10',
    'Base64 of the client’s is printed as it is, and nobody checks it.',
    dataRaw(hardened.data, hardened.elementData),
  ),
  ...on(
    ['desk'],
    'data-raw',
    'SAFE-10',
    'Base64 of the client’s is printed as it is, and nobody checks it.',
    dataRaw(desk.data, desk.elementData),
  ),
];
