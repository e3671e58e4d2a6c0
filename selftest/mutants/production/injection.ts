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
    'The template does not escape the stream name.',
    request(['PutRecord', 'PutRecords', 'DeleteStream'], escaped(hardened.stream), hardened.stream),
  ),
  ...on(
    ['desk'],
    'stream-raw',
    'SAFE-10',
    'The template does not escape the stream name.',
    request(['PutRecord', 'PutRecords', 'DeleteStream'], escaped(desk.stream), desk.stream),
  ),
  ...on(
    ['hardened'],
    'start-of-list-raw',
    'SAFE-10',
    'The template does not escape the start of the list.',
    request('ListStreams', escaped('$start'), '$start'),
  ),
  ...on(
    ['hardened'],
    'token-raw',
    'SAFE-10',
    'The template does not escape the token of the next page.',
    request('ListStreams', escaped('$token'), '$token'),
  ),
  ...on(
    ['hardened'],
    'described-name-raw',
    'SAFE-10',
    'The template does not escape the stream name.',
    request('DescribeStream', escaped(hardened.stream), hardened.stream),
  ),
  ...on(
    ['desk'],
    'described-name-raw',
    'SAFE-10',
    'The template does not escape the stream name.',
    request('DescribeStream', escaped(desk.stream), desk.stream),
  ),
  ...on(
    ['hardened'],
    'shard-raw',
    'SAFE-10',
    'The template does not escape the shard id.',
    request('GetShardIterator', escaped("$query.get('shard-id')"), "$query.get('shard-id')"),
  ),
  ...on(
    ['hardened'],
    'iterator-type-raw',
    'SAFE-10',
    'The template does not escape the iterator type.',
    request('GetShardIterator', escaped('$type'), '$type'),
  ),
  ...on(
    ['hardened'],
    'iterator-raw',
    'SAFE-10',
    'The template does not escape the iterator.',
    request('GetRecords', escaped(ITERATOR), ITERATOR),
  ),
  ...on(
    ['desk'],
    'iterator-raw',
    'SAFE-10',
    'The template does not escape the iterator.',
    request('GetRecords', escaped(CURSOR), CURSOR),
  ),
  ...on(
    ['hardened'],
    'data-raw',
    'SAFE-10',
    'The template neither escapes nor checks the client’s base64.',
    dataRaw(hardened.data, hardened.elementData),
  ),
  ...on(
    ['desk'],
    'data-raw',
    'SAFE-10',
    'The template neither escapes nor checks the client’s base64.',
    dataRaw(desk.data, desk.elementData),
  ),
  ...on(
    ['hardened'],
    'limit-unchecked',
    'SAFE-10',
    'The template prints whatever is given as a limit as a number.',
    request(['ListStreams', 'GetRecords'], "$limit.matches('(0|[1-9][0-9]{0,8})')", 'true'),
  ),
  ...on(
    ['hardened'],
    'odd-limit-raw',
    'SAFE-10',
    'The template does not escape a limit that is no number.',
    request(['ListStreams', 'GetRecords'], escaped('$limit'), '$limit'),
  ),
];
