import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { expect } from 'chai';
import { readYaml } from '../yaml.ts';
import { deriveInterface } from './interface/derive.ts';
import { openapiOf } from './interface/testing.ts';
import { repair } from './repair.ts';
import type { JsonObject } from './types.ts';

const clausesOf = (openapi: JsonObject) =>
  [...new Set(deriveInterface(openapi).weak.flatMap(({ clauses = [] }) => clauses))].sort();

test("the tutorial's API: errors and keys are repaired, and the remaining weaknesses are listed", () => {
  const openapi = readYaml(
    readFileSync(new URL('../proxy/tutorial.yaml', import.meta.url), 'utf8'),
  ) as JsonObject;
  expect(clausesOf(openapi)).to.include.members(['SAFE-1', 'SAFE-2', 'SAFE-7', 'SAFE-10']);
  expect(repair(openapi)).to.include('PUT /streams/{stream-name}/records: $elem.partition-key is escaped');
  const { weak } = deriveInterface(openapi);
  expect(clausesOf(openapi)).to.deep.equal(['SAFE-10', 'SAFE-14', 'SAFE-18']);
  const smuggling = weak.filter(({ clauses = [] }) => clauses.includes('SAFE-10'));
  expect(smuggling.map(({ where }) => where)).to.deep.equal(['POST /streams/{stream-name}: ShardCount']);
});

test('a proxy that only puts: everything mechanical is repaired, and only once', () => {
  const openapi = openapiOf([
    {
      template: `{"StreamName": "s", "Data": "$util.base64Encode($input.body)", "PartitionKey": "$input.params('key')"}`,
      parameters: ['query:key'],
      integration: { passthroughBehavior: 'when_no_match' },
      operation: { security: [{ sigv4: [] }] },
    },
  ]);
  expect(clausesOf(openapi)).to.include.members(['SAFE-1', 'SAFE-10', 'SAFE-12', 'SAFE-2', 'SAFE-7']);
  expect(repair(openapi)).to.have.length(4);
  for (const id of ['SAFE-1', 'SAFE-2', 'SAFE-7', 'SAFE-10', 'SAFE-12'])
    expect(clausesOf(openapi)).to.not.include(id);
  expect(repair(openapi)).to.deep.equal([]);
});
