import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Method } from '../model.ts';
import { answering, methodOf, recordApi, rig } from './test-api.ts';
import type { Backend, TestInvokeRequest } from './types.ts';

const PATH = '/streams/{stream-name}/record';
const MAPPED = {
  requestParameters: { 'integration.request.header.Content-Type': "'x-amz-json-1.1'" },
  requestTemplates: {
    'application/json': '{"StreamName":"$input.params(\'stream-name\')","Raw":$input.json(\'$\')}',
  },
};

async function tested(method: Method, changes: Partial<TestInvokeRequest> = {}, backend?: Backend) {
  const api = recordApi(method);
  const resource = api.resources[0];
  assert.ok(resource);
  const request: TestInvokeRequest = {
    resource,
    httpMethod: 'PUT',
    pathWithQueryString: '/streams/my%20stream/record?q=1&q=2',
    headers: [['X-A', 'b']],
    body: '{"test": "val123"}',
    stageVariables: {},
    ...changes,
  };
  const { sent, plane } = rig(backend);
  const result = await plane.testInvoke(api, request);
  return { sent, result, api };
}

// docs/facts/gateway.md#integration-request, LS-T:basic
test("the log has AWS's format, line by line", async () => {
  const backend = answering(200, '{"ShardId":"s"}', [['Content-Type', 'application/x-amz-json-1.1']]);
  const { result } = await tested(methodOf(MAPPED), {}, backend);
  const id = '01010101-0101-4101-8101-010101010101';
  const trace = 'Root=1-68a4aeb2-030303030303030303030303;Parent=0404040404040404;Sampled=0';
  const at = 'Tue Aug 19 17:04:50 UTC 2025 :';
  assert.deepEqual(result.log.split('\n'), [
    `Execution log for request ${id}`,
    `${at} Starting execution for request: ${id}`,
    `${at} HTTP Method: PUT, Resource Path: /streams/my%20stream/record`,
    `${at} Method request path: {stream-name=my stream}`,
    `${at} Method request query string: {q=2}`,
    `${at} Method request headers: {X-A=b}`,
    `${at} Method request body before transformations: {"test": "val123"}`,
    `${at} Endpoint request URI: https://kinesis.us-east-1.amazonaws.com/?Action=PutRecord`,
    `${at} Endpoint request headers: {x-amzn-apigateway-api-id=abc123, Accept=application/json, User-Agent=AmazonAPIGateway_abc123, X-Amzn-Trace-Id=${trace}, Content-Type=x-amz-json-1.1}`,
    `${at} Endpoint request body after transformations: {"StreamName":"my stream","Raw":{"test":"val123"}}`,
    `${at} Sending request to https://kinesis.us-east-1.amazonaws.com/?Action=PutRecord`,
    `${at} Received response. Status: 200, Integration latency: 0 ms`,
    `${at} Endpoint response headers: {Content-Type=application/x-amz-json-1.1}`,
    `${at} Endpoint response body before transformations: {"ShardId":"s"}`,
    `${at} Method response body after transformations: {"ShardId":"s"}`,
    `${at} Method response headers: {X-Amzn-Trace-Id=${trace}, Content-Type=application/json}`,
    `${at} Successfully completed execution`,
    `${at} Method completed with status: 200`,
    '',
  ]);
  assert.deepEqual(result.headers, { 'X-Amzn-Trace-Id': trace, 'Content-Type': 'application/json' });
  assert.deepEqual(result.multiValueHeaders['Content-Type'], ['application/json']);
  assert.deepEqual([result.status, result.body], [200, '{"ShardId":"s"}']);
});

test('a test invocation sends and answers the same as the deployed call (DEF-14)', async () => {
  const method = methodOf(MAPPED);
  const { sent, result, api } = await tested(method);
  const deployed = rig();
  const reply = await deployed.call(api, {
    path: '/streams/my%20stream/record',
    query: 'q=1&q=2',
    headers: [['X-A', 'b']],
    text: '{"test": "val123"}',
  });
  assert.deepEqual(sent, deployed.sent);
  assert.deepEqual([result.status, result.body], [reply.status, reply.text]);
});

/** How a failed call ends in the log. */
const FAILURES: readonly (readonly [
  name: string,
  method: Method,
  backend: Backend,
  status: number,
  ending: RegExp,
])[] = [
  [
    'role',
    methodOf(),
    async () => ({ kind: 'role-not-assumable' }),
    500,
    /: Execution failed due to configuration error: API Gateway does not have permission to assume the provided role arn:aws:iam::123456789012:role\/proxy\n.*: Method completed with status: 500\n$/,
  ],
  [
    'no match',
    methodOf({ integrationResponses: { 400: { statusCode: '400', selectionPattern: '400' } } }),
    answering(200, ''),
    500,
    /: Execution failed due to configuration error: No match for output mapping and no default output mapping configured\. Endpoint Response Status Code: 200\n.*: Method completed with status: 500\n$/,
  ],
  [
    'undeclared method response',
    methodOf({}, { methodResponses: {} }),
    answering(200, ''),
    500,
    /: Execution failed due to configuration error: Output mapping refers to an invalid method response: 200\n/,
  ],
  [
    'address',
    methodOf({ uri: 'arn:aws:sns:x' }),
    answering(200, ''),
    500,
    /: Execution failed due to configuration error: Invalid endpoint address\n/,
  ],
  [
    'media type',
    methodOf({ passthroughBehavior: 'NEVER' }),
    answering(200, ''),
    415,
    /: Method completed with status: 415\n$/,
  ],
];

for (const [name, method, backend, status, ending] of FAILURES) {
  test(`the log of a failure: ${name}`, async () => {
    const { result } = await tested(method, {}, backend);
    assert.equal(result.status, status);
    assert.match(result.log, ending);
    assert.doesNotMatch(result.log, /Successfully/);
  });
}

test('authorization is not required', async () => {
  const { result } = await tested(methodOf({}, { authorizationType: 'AWS_IAM', apiKeyRequired: true }));
  assert.equal(result.status, 200);
});

test("a path that does not match the resource yields no parameters; the default is the resource's path", async () => {
  const requestTemplates = { 'application/json': "[$input.params('stream-name')]" };
  const elsewhere = await tested(methodOf({ requestTemplates }), { pathWithQueryString: '/elsewhere' });
  assert.equal(elsewhere.sent[0]?.body, '[]');
  const absent = await tested(methodOf({ requestTemplates }), { pathWithQueryString: '' });
  assert.match(absent.result.log, new RegExp(`Resource Path: ${PATH.replace(/[{}]/g, '\\$&')}\n`));
});

test('stage variables of the test are used, long header lists are truncated', async () => {
  const requestTemplates = { 'application/json': '$stageVariables.v' };
  const { sent, result } = await tested(methodOf({ requestTemplates }), {
    stageVariables: { v: 'tested' },
    headers: [['X-Long', 'x'.repeat(2_000)]],
  });
  assert.equal(sent[0]?.body, 'tested');
  assert.match(result.log, /Method request headers: \{X-Long=x{990} \[TRUNCATED\]\n/);
});

test('MOCK logs no endpoint', async () => {
  const method = methodOf({ type: 'MOCK', requestTemplates: { 'application/json': '{"statusCode": 200}' } });
  const { result } = await tested(method);
  assert.doesNotMatch(result.log, /Endpoint|Sending/);
  assert.deepEqual(result.headers, { 'Content-Type': 'application/json' });
});
