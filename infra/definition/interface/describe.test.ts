import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { expect } from 'chai';
import { readYaml } from '../../yaml.ts';
import type { JsonObject } from '../types.ts';
import { hasTutorialShape } from './classify.ts';
import { deriveInterface } from './derive.ts';
import { describePlace, summarise } from './describe.ts';
import { openapiOf } from './testing.ts';

const TUTORIAL = readYaml(
  readFileSync(new URL('../../proxy/tutorial.yaml', import.meta.url), 'utf8'),
) as JsonObject;

test('the summary is one line', () => {
  const template = '{"StreamName": "clicks", "Data": "$util.base64Encode($input.body)", "PartitionKey": "k"}';
  const { calls, absent } = deriveInterface(openapiOf([{ template }, { template, path: '/more' }]));
  expect(summarise({ source: '', calls, absent, weak: [] })).to.equal(
    '1 of 8 calls (2 methods): PutRecord at POST /events on stream clicks, PutRecord at POST /more on stream clicks; absent: ListStreams, DescribeStream, CreateStream, DeleteStream, PutRecords, GetShardIterator, GetRecords',
  );
});

test('actions that no clause is about are named as such', () => {
  const found = deriveInterface(
    openapiOf([{ action: 'ListShards', template: '{}', verb: 'get', path: '/shards' }, { template: '{}' }]),
  );
  const summary = summarise(found);
  expect(summary).to.match(/^1 of 8 calls: PutRecord at POST \/events; absent: /);
  expect(summary).to.match(/; not judged: ListShards at GET \/shards$/);
});

test('an API has the shape of the tutorial if all eight methods are at its paths', () => {
  const found = deriveInterface(TUTORIAL);
  expect(hasTutorialShape(found)).to.equal(true);
  expect(hasTutorialShape({ calls: found.calls.slice(1) })).to.equal(false);
  const moved = found.calls.map((call) => ({ ...call, path: `/v1${call.path}` }));
  expect(hasTutorialShape({ calls: moved })).to.equal(false);
});

test('descriptions of places contain no control characters', () => {
  const key = { from: 'query', name: 'key', whenAbsent: { from: 'context', name: 'requestId' } } as const;
  expect(describePlace(key)).to.equal('?key, or $context.requestId');
  expect(
    describePlace({ template: ['a-', { from: 'body', at: '/id', as: ['json'] }, '\n\u001b[2J'] }),
  ).to.equal('a-<body /id as JSON>\\n\\u001b[2J');
});
