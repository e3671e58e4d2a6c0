import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Header } from '../http.ts';
import { credentialScope, destinationOf } from './destination.ts';

const scope = (service: string): Header => [
  'Authorization',
  `AWS4-HMAC-SHA256 Credential=AKIA/20250101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=x`,
];

test('requests are routed to services', async (t) => {
  const api = (restApiId: string, stage: string | undefined, path: string) =>
    ({ kind: 'execute-api', restApiId, stage, path }) as const;
  const host: Header = ['Host', 'abc.execute-api.localhost:4577'];
  const rows: [string, Header[], object][] = [
    ['/_kpc/health', [], { kind: 'health' }],
    ['/_aws/execute-api/abc/test/streams/a%2Fb?x=1', [], api('abc', 'test', '/streams/a%2Fb')],
    ['/_aws/execute-api/abc/test', [], api('abc', 'test', '/')],
    ['/_aws/execute-api/abc/test/', [], api('abc', 'test', '/')],
    ['/_aws/execute-api/abc', [], api('abc', undefined, '/')],
    ['/restapis/abc/test/_user_request_/streams', [], api('abc', 'test', '/streams')],
    ['/test/streams?limit=1', [host], api('abc', 'test', '/streams')],
    ['/', [host], api('abc', undefined, '/')],
    ['/restapis/abc/resources?embed=methods', [scope('apigateway')], { kind: 'apigateway' }],
    ['/tags/arn%3Aaws', [scope('apigateway')], { kind: 'apigateway' }],
    ['/', [['x-amz-target', 'Kinesis_20131202.ListStreams']], { kind: 'kinesis' }],
    ['/', [scope('kinesis')], { kind: 'kinesis' }],
    ['/', [scope('iam')], { kind: 'iam' }],
    ['/', [scope('sts')], { kind: 'iam' }],
    ['/', [['content-type', 'application/x-www-form-urlencoded; charset=utf-8']], { kind: 'iam' }],
    ['/', [scope('s3')], { kind: 'unknown' }],
    ['/restapisx', [], { kind: 'unknown' }],
  ];
  for (const [target, headers, expected] of rows) {
    await t.test(`${target} ${headers.map(([name]) => name)}`, () => {
      assert.deepEqual(destinationOf({ method: 'POST', target, headers, sourceIp: '' }), expected);
    });
  }
});

test('the signer is found in the header or in the query', () => {
  const expected = { accessKeyId: 'AKIA', service: 'kinesis' };
  assert.deepEqual(credentialScope({ headers: [scope('kinesis')] }, ''), expected);
  const query = 'X-Amz-Credential=AKIA%2F20250101%2Fus-east-1%2Fkinesis%2Faws4_request';
  assert.deepEqual(credentialScope({ headers: [] }, query), expected);
  assert.equal(credentialScope({ headers: [['Authorization', 'Basic x']] }, ''), undefined);
});
