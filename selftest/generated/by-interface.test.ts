import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { expect } from 'chai';
import { loadDefinition } from '../../infra/definition/definition.ts';
import { deriveInterface } from '../../infra/definition/interface/derive.ts';
import { isClients } from '../../infra/definition/interface/offers.ts';
import { type MethodText, openapiOf } from '../../infra/definition/interface/testing.ts';
import { type Intent, requestOf } from '../../support/client/by-interface.ts';
import { expectedInput } from '../../support/client/expected-input.ts';
import { Fixture } from './fixture.ts';

const ENCODED = "$util.base64Encode($input.path('$.d'))";

/** Methods as users write them, with a client's request to each. */
const METHODS: Readonly<Record<string, MethodText>> = {
  'fixed stream, whole body, key of the request': {
    template:
      '{"StreamName": "clicks", "Data": "$util.base64Encode($input.body)", "PartitionKey": "$context.requestId"}',
  },
  'stream and key in the query': {
    path: '/put',
    template: `{"StreamName": "$input.params('stream')", "Data": "${ENCODED}", "PartitionKey": "$input.params('key')"}`,
    parameters: ['query:stream', 'query:key'],
  },
  'stream in a header, data as JSON text': {
    template: `{"StreamName": "$input.params('X-Stream')", "Data": "$util.base64Encode($input.json('$.d'))", "PartitionKey": "$input.path('$.user.id')"}`,
    parameters: ['header:X-Stream'],
  },
  'stream in a path that holds more': {
    path: '/v1/{tenant}/{stream}/{proxy+}',
    template: `{"StreamName": "$input.params('stream')", "Data": "${ENCODED}", "PartitionKey": "$input.params('tenant')"}`,
  },
  'client sends base64': {
    template:
      '{"StreamName": "clicks", "Data": "$input.path(\'$.blob\')", "PartitionKey": "$input.path(\'$.key\')"}',
  },
  'built text with a key inside': {
    template:
      '#set($line = "{""id"":""$input.path(\'$.id\')"",""v"":""$input.path(\'$.v\')""}")\n{"StreamName": "clicks", "Data": "$util.base64Encode($line)", "PartitionKey": "user-$input.path(\'$.id\')"}',
  },
  'a batch of whole elements': {
    action: 'PutRecords',
    template:
      '{"StreamName": "clicks", "Records": [#foreach($r in $input.path(\'$.events\')){"Data": "$util.base64Encode($r.text)", "PartitionKey": "$r.user"}#if($foreach.hasNext),#end#end]}',
  },
  'a batch that is the body': {
    action: 'PutRecords',
    template:
      '{"StreamName": "clicks", "Records": [#foreach($r in $input.path(\'$\')){"Data": "$util.base64Encode($r.text)", "PartitionKey": "$context.requestId$foreach.index"}#if($foreach.hasNext),#end#end]}',
  },
};

const INTENT: Intent = {
  stream: 'clicks',
  data: 'Grüße, 数',
  partitionKey: 'some user',
  records: ['one', 'two', 'three'].map((data) => ({ data, partitionKey: `key of ${data}` })),
};

for (const [name, method] of Object.entries(METHODS))
  test(`records that the answer reports as stored are stored: ${name}`, async (t) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'kpc-interface-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const file = path.join(folder, 'api.json');
    const openapi = openapiOf([method]);
    writeFileSync(file, JSON.stringify(openapi));
    const fixture = await Fixture.open(loadDefinition(file));
    t.after(() => fixture.close());
    const [call] = deriveInterface(openapi).calls;
    if (call === undefined) throw new Error('the method was not found');
    // A stream that the template names exists already.
    if (isClients(call.stream)) await fixture.create('clicks', 1);
    const request = requestOf(call, INTENT);
    const told = expectedInput(call, request, {});
    const answer = await fixture.client.send(request);
    expect(answer.status, String(answer)).to.equal(200);
    expect(told.stream).to.equal('clicks');
    expect(told.records).to.have.length(method.action === 'PutRecords' ? 3 : 1);
    // Records of different shards have no order.
    const stored = (await fixture.stored('clicks')).toSorted((a, b) => a.data.compare(b.data));
    const expected = told.records.toSorted((a, b) => Buffer.from(a.data).compare(Buffer.from(b.data)));
    expect(stored.map(({ data }) => data.toString())).to.deep.equal(expected.map(({ data }) => data));
    for (const [index, { partitionKey }] of expected.entries())
      if (partitionKey !== undefined) expect(stored[index]?.partitionKey).to.equal(partitionKey);
  });
