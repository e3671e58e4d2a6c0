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
    'LATEST for TRIM_HORIZON: what was put before is never read.',
    TYPE,
    '"ShardIteratorType": "LATEST"',
    ['ITER-2', 'ITER-3', 'JOURNEY-1', 'GW-12'],
  ),
  iterator('without-type', 'The type was left out.', `${TYPE},`, '', ['ITER-1', 'ITER-2', 'GW-12']),
  iterator(
    'type-of-the-client',
    'A client may choose the start.',
    TYPE,
    `"ShardIteratorType": "#if($input.params('ShardIteratorType') != '')$input.params('ShardIteratorType')#{else}TRIM_HORIZON#end"`,
    ['ITER-5'],
  ),
  iterator(
    'type-of-the-body',
    'A client may choose the start by a body.',
    TYPE,
    `"ShardIteratorType": "#if($input.path('$.ShardIteratorType') != '')$input.path('$.ShardIteratorType')#{else}TRIM_HORIZON#end"`,
    ['ITER-5'],
  ),
  iterator('first-shard', 'Always the first shard.', SHARD, 'shardId-000000000000', [
    'ITER-2',
    'ITER-3',
    'ITER-4',
    'GW-12',
  ]),
  iterator('last-shard', 'Always the tutorial’s shard.', SHARD, 'shardId-000000000004', [
    'ITER-2',
    'ITER-3',
    'ITER-4',
    'GW-12',
  ]),
  iterator(
    'shard-defaulted',
    'Without a shard-id the first shard is taken.',
    SHARD,
    `#if(${SHARD} == '')shardId-000000000000#else${SHARD}#end`,
    ['ITER-4'],
  ),
  iterator(
    'shard-of-the-body',
    'The body’s ShardId wins.',
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
    'Only the long form of a shard id is let through.',
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
    'The iterator is looked for in the body.',
    HEADER,
    "$input.path('$.ShardIterator')",
    ['GET-1', 'GET-3', 'GET-4', 'GW-12'],
  ),
  reading(
    'body-before-header',
    'The body wins over the header.',
    HEADER,
    `#if($input.path('$.ShardIterator') != '')$input.path('$.ShardIterator')#else${HEADER}#end`,
    ['GET-3'],
  ),
  reading(
    'body-where-no-header',
    'The body supplies what the header does not.',
    HEADER,
    `#if(${HEADER} == '')$input.path('$.ShardIterator')#else${HEADER}#end`,
    ['GET-3'],
  ),
  reading(
    'header-only',
    'Only the header counts, which is safer than the tutorial.',
    HEADER,
    "$input.params().header.get('Shard-Iterator')",
    ['GET-9'],
  ),
  reading(
    'query-only',
    'The iterator is expected in the query string.',
    HEADER,
    "$input.params().querystring.get('Shard-Iterator')",
    ['GET-1', 'GET-3', 'GET-4', 'GW-12'],
  ),
  reading(
    'header-in-small-letters',
    'The header is read in small letters only.',
    HEADER,
    "$input.params('shard-iterator')",
    ['GET-1', 'GET-4', 'GET-8', 'GW-12'],
  ),
  reading(
    'header-in-any-letters',
    'The header is found in small letters too.',
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
    'A Limit that the tutorial does not have.',
    `"${HEADER}"`,
    `"${HEADER}", "Limit": 1`,
    ['GW-12'],
  ),
  reading(
    'path-consulted',
    'The stream in the path is named to Kinesis as well; nobody recorded that it then has to be the iterator’s.',
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
