import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../errors.ts';
import { readStageUrl } from './stage-url.ts';

test('an AWS URL gives the API, the stage and the region', () => {
  for (const host of [
    'abcdef1234.execute-api.eu-west-1.amazonaws.com',
    'abcdef1234.execute-api.cn-north-1.amazonaws.com.cn',
    'abcdef1234.execute-api.us-gov-west-1.amazonaws.com',
    'abcdef1234-vpce-0123456789.execute-api.eu-west-1.amazonaws.com',
    'abcdef1234.execute-api.eu-west-1.api.aws',
  ]) {
    const said = readStageUrl(`https://${host}/prod`);
    assert.equal(said.restApiId, 'abcdef1234', host);
    assert.equal(said.stage, 'prod', host);
    assert.match(String(said.region), /^(eu-west-1|cn-north-1|us-gov-west-1)$/, host);
    assert.equal(said.aws, true);
    assert.equal(said.endpoint, undefined, 'AWS needs no endpoint');
  }
});

test('the URL of an emulator gives the API, the stage and the AWS endpoint', () => {
  for (const [url, endpoint] of [
    ['http://localhost:4566/_aws/execute-api/abc/test', 'http://localhost:4566'],
    ['http://localhost:4566/restapis/abc/test/_user_request_', 'http://localhost:4566'],
    ['http://abc.execute-api.localhost.localstack.cloud:4566/test', 'http://localhost.localstack.cloud:4566'],
  ] as const)
    assert.deepEqual(readStageUrl(url), { restApiId: 'abc', stage: 'test', endpoint, aws: false });
});

test('a custom domain gives nothing, nor does a host that only looks like one of AWS', () => {
  assert.deepEqual(readStageUrl('https://kinesis.example.com/base'), { aws: false });
  assert.equal(
    readStageUrl('https://abcdef1234.execute-api.eu-west-1.amazonaws.com.evil.example/x').aws,
    false,
  );
});

test('a URL that cannot be a stage is refused, and the message suggests one that can', () => {
  const host = 'https://abcdef1234.execute-api.eu-west-1.amazonaws.com';
  for (const [url, remedy] of [
    [host, `${host}/test`],
    [`${host}/prod/streams`, `${host}/prod`],
    [
      'http://localhost:4566/_aws/execute-api/abc/test/streams/s',
      'http://localhost:4566/_aws/execute-api/abc/test',
    ],
  ] as const)
    assert.throws(
      () => readStageUrl(url),
      (error) => error instanceof UsageError && error.message.endsWith(remedy),
    );
});
