import type { Mutant } from '../changes/change.ts';
import { inTemplate } from '../changes/definition.ts';

const NAME = "$input.params('stream-name')";
const SHARD = "$input.params('shard-id')";
const HEADER = "$input.params('Shard-Iterator')";
const TYPE = '"ShardIteratorType": "TRIM_HORIZON"';

/** Mapping templates of GetShardIterator and GetRecords. */
export const templatesOfReads: readonly Mutant[] = [
  iterator(
    'latest',
    'The iterator type is LATEST instead of TRIM_HORIZON, so earlier records are never read.',
    TYPE,
    '"ShardIteratorType": "LATEST"',
    ['ITER-2', 'ITER-3', 'JOURNEY-1', 'GW-12'],
  ),
  iterator('without-type', 'The template leaves out ShardIteratorType.', `${TYPE},`, '', [
    'ITER-1',
    'ITER-2',
    'GW-12',
  ]),
  iterator(
    'type-of-the-client',
    'A query parameter chooses the iterator type.',
    TYPE,
    `"ShardIteratorType": "#if($input.params('ShardIteratorType') != '')$input.params('ShardIteratorType')#{else}TRIM_HORIZON#end"`,
    ['ITER-5'],
  ),
  iterator(
    'type-of-the-body',
    'The body chooses the iterator type.',
    TYPE,
    `"ShardIteratorType": "#if($input.path('$.ShardIteratorType') != '')$input.path('$.ShardIteratorType')#{else}TRIM_HORIZON#end"`,
    ['ITER-5'],
  ),
  iterator('first-shard', 'The template always uses the first shard.', SHARD, 'shardId-000000000000', [
    'ITER-2',
    'ITER-3',
    'ITER-4',
    'GW-12',
  ]),
  iterator('last-shard', 'The template always uses the tutorial’s shard.', SHARD, 'shardId-000000000004', [
    'ITER-2',
    'ITER-3',
    'ITER-4',
    'GW-12',
  ]),
  iterator(
    'shard-defaulted',
    'Without a shard-id the template uses the first shard.',
    SHARD,
    `#if(${SHARD} == '')shardId-000000000000#else${SHARD}#end`,
    ['ITER-4'],
  ),
  iterator(
    'shard-of-the-body',
    'ShardId in the body overrides the query parameter.',
    SHARD,
    `#if($input.path('$.ShardId') != '')$input.path('$.ShardId')#else${SHARD}#end`,
    ['ITER-5'],
  ),
  iterator(
    'shard-by-another-name',
    'The query parameter is read as shardId.',
    SHARD,
    "$input.params('shardId')",
    ['ITER-1', 'ITER-2', 'ITER-3', 'GW-12'],
  ),
  iterator(
    'short-form-lost',
    'The template accepts only the long form of a shard id.',
    SHARD,
    `${SHARD}.replaceAll('^shard-[0-9]+$', 'none')`,
    ['ITER-3'],
  ),
  iterator(
    'named-by-the-query',
    'The query string chooses the stream.',
    NAME,
    `#if($input.params('StreamName') != '')$input.params('StreamName')#else${NAME}#end`,
    ['ITER-2'],
  ),
  iterator(
    'named-by-the-body',
    'The body chooses the stream.',
    NAME,
    `#if($input.path('$.StreamName') != '')$input.path('$.StreamName')#else${NAME}#end`,
    ['ITER-2'],
  ),

  reading(
    'iterator-of-the-body',
    'The template reads the iterator from the body.',
    HEADER,
    "$input.path('$.ShardIterator')",
    ['GET-1', 'GET-3', 'GET-4', 'GW-12'],
  ),
  reading(
    'body-before-header',
    'The iterator in the body overrides the header.',
    HEADER,
    `#if($input.path('$.ShardIterator') != '')$input.path('$.ShardIterator')#else${HEADER}#end`,
    ['GET-3'],
  ),
  reading(
    'body-where-no-header',
    'The template reads the iterator from the body if the header is missing.',
    HEADER,
    `#if(${HEADER} == '')$input.path('$.ShardIterator')#else${HEADER}#end`,
    ['GET-3'],
  ),
  reading(
    'header-only',
    'The template reads the header only, which is safer than the tutorial’s lookup.',
    HEADER,
    "$input.params().header.get('Shard-Iterator')",
    ['GET-9'],
  ),
  reading(
    'query-only',
    'The template reads the iterator from the query string.',
    HEADER,
    "$input.params().querystring.get('Shard-Iterator')",
    ['GET-1', 'GET-3', 'GET-4', 'GW-12'],
  ),
  reading(
    'header-in-small-letters',
    'The template finds the header only in lower case.',
    HEADER,
    "$input.params('shard-iterator')",
    ['GET-1', 'GET-4', 'GET-8', 'GW-12'],
  ),
  reading(
    'header-in-any-letters',
    'The template also finds the header in lower case.',
    HEADER,
    `#if(${HEADER} == '')$input.params('shard-iterator')#else${HEADER}#end`,
    ['GET-8'],
  ),
  reading(
    'iterator-cut',
    'A long iterator is cut.',
    HEADER,
    `#set($i = ${HEADER})#if($i.length() > 50)$i.substring(0, 50)#else$i#end`,
    ['GET-1', 'GET-4', 'GET-5'],
  ),
  reading(
    'one-record-at-a-time',
    'The template adds a Limit that the tutorial does not have.',
    `"${HEADER}"`,
    `"${HEADER}", "Limit": 1`,
    ['GW-12'],
  ),
  reading(
    'path-consulted',
    'The template also sends the name of the stream in the path; whether it must then be the iterator’s stream is not recorded.',
    `"${HEADER}"`,
    `"${HEADER}", "StreamARN": "arn:aws:kinesis:us-east-1:000000000000:stream/${NAME}"`,
    ['GW-12'],
  ),
];

function iterator(
  name: string,
  why: string,
  part: string,
  replacement: string,
  clauses: readonly string[],
): Mutant {
  return {
    name: `iterator-${name}`,
    why,
    clauses,
    change: inTemplate('get a shard iterator', part, replacement),
  };
}

function reading(
  name: string,
  why: string,
  part: string,
  replacement: string,
  clauses: readonly string[],
): Mutant {
  return { name: `read-${name}`, why, clauses, change: inTemplate('get records', part, replacement) };
}
