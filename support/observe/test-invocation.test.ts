import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loggedRequest } from './test-invocation.ts';

/** In the format of AWS's logs (docs/facts/gateway.md#integration-request). */
const LOG = `Execution log for request 0f3a
Tue Aug 19 17:04:50 UTC 2025 : Starting execution for request: 0f3a
Tue Aug 19 17:04:50 UTC 2025 : Method request body before transformations: {"Data": 1}
Tue Aug 19 17:04:50 UTC 2025 : Endpoint request URI: https://kinesis.us-east-1.amazonaws.com/?Action=PutRecord
Tue Aug 19 17:04:50 UTC 2025 : Endpoint request headers: {Authorization=**e2, X-Amz-Date=20250819T170450Z, Content-Type=x-amz-json-1.1, Accept=application/json}
Tue Aug 19 17:04:50 UTC 2025 : Endpoint request body after transformations: {
    "StreamName": "s",
    "Data": "MQ=="
}
Tue Aug 19 17:04:50 UTC 2025 : Sending request to https://kinesis.us-east-1.amazonaws.com/?Action=PutRecord
`;

describe('loggedRequest', () => {
  it('finds action, content type and a body of several lines', () => {
    assert.deepEqual(loggedRequest(LOG), {
      uri: 'https://kinesis.us-east-1.amazonaws.com/?Action=PutRecord',
      action: 'PutRecord',
      contentType: 'x-amz-json-1.1',
      body: '{\n    "StreamName": "s",\n    "Data": "MQ=="\n}',
    });
  });

  it('takes the action from the header if the URI has none', () => {
    const log = LOG.replaceAll('?Action=PutRecord', '').replace(
      'Accept=',
      'X-Amz-Target=Kinesis_20131202.PutRecord, Accept=',
    );
    assert.equal(loggedRequest(log).action, 'PutRecord');
    assert.equal(loggedRequest(LOG.replaceAll('?Action=PutRecord', '')).action, undefined);
  });

  it('reports a log without a request', () => {
    assert.throws(() => loggedRequest('Execution log for request 0f3a\n'), /shows no request/);
  });
});
