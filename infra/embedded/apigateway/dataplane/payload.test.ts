import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiSnapshot, Integration, Method } from '../model.ts';
import { answering, methodOf, recordApi, rig } from './test-api.ts';
import type { InvokeRequest } from './types.ts';

/** Complements selftest/oracle/recorded/payloads.yaml, which has the recorded cases. */

const JSON_TYPE = 'application/json';
const TEMPLATE = { requestTemplates: { [JSON_TYPE]: '{"statusCode": 200, "body": "$input.body"}' } };
const ALL = ['*/*'];

function called(
  integration: Partial<Integration>,
  api: Partial<ApiSnapshot>,
  changes: Partial<InvokeRequest> & { readonly text?: string } = {},
  method: Partial<Method> = {},
) {
  const { sent, call } = rig(answering(200, '{"ok":true}', [['Content-Type', 'application/x-amz-json-1.1']]));
  return call(recordApi(methodOf(integration, method), api), changes).then((reply) => ({ reply, sent }));
}

for (const [name, integration, status] of [
  ['a template', TEMPLATE, 500],
  ['a template of a MOCK integration', { ...TEMPLATE, type: 'MOCK' }, 500],
  ['no template', {}, 200],
] as const) {
  // docs/facts/gateway.md#binary-bodies
  test(`every type binary, ${name}: ${status}`, async () => {
    const { reply, sent } = await called(integration, { binaryMediaTypes: ALL }, { text: '{"a":1}' });
    assert.equal(reply.status, status);
    if (status === 500) assert.equal(reply.text, '{"message": "Internal server error"}');
    else assert.deepEqual(sent[0]?.body, Buffer.from('{"a":1}'));
    assert.equal(sent.length, status === 500 ? 0 : 1);
  });
}

test('media types are compared case-insensitively and without parameters', async () => {
  const api = { binaryMediaTypes: ['Application/JSON'] };
  const headers = [['Content-Type', 'application/json; charset=utf-8']] as const;
  assert.equal((await called(TEMPLATE, api, { headers })).reply.status, 500);
  const text = [['Content-Type', 'text/plain']] as const;
  assert.equal((await called({}, api, { headers: [...text, ['Accept', 'text/plain']] })).reply.status, 200);
});

// docs/facts/gateway.md#binary-bodies
test('the log for a binary body with a template', async () => {
  const api = recordApi(methodOf(TEMPLATE), { binaryMediaTypes: ALL });
  const resource = api.resources[0];
  assert.ok(resource);
  const result = await rig().plane.testInvoke(api, {
    resource,
    httpMethod: 'PUT',
    pathWithQueryString: '/streams/s/record',
    headers: [],
    body: '{"a":1}',
    stageVariables: {},
  });
  const lines = result.log.split('\n').map((line) => line.replace(/^.*? : /, ''));
  assert.deepEqual(lines.slice(6, 8), [
    'Method request body before transformations: [Binary Data]',
    'Execution failed due to configuration error: Unable to transform request',
  ]);
  assert.equal(result.status, 500);
});

// docs/facts/gateway.md#binary-bodies
test('a MOCK integration that converts the request to text answers, which is how preflights are fixed', async () => {
  const integration = { ...TEMPLATE, type: 'MOCK', contentHandling: 'CONVERT_TO_TEXT' } as const;
  const { reply } = await called(integration, { binaryMediaTypes: ALL }, { text: '' });
  assert.deepEqual([reply.status, reply.text], [200, '']);
});

test('a response template for a binary answer: 500 (inferred)', async () => {
  const integrationResponses = { 200: { statusCode: '200', responseTemplates: { [JSON_TYPE]: 'x' } } };
  const { reply } = await called({ integrationResponses }, { binaryMediaTypes: ALL });
  assert.equal(reply.status, 500);
});

const PARTS = { requestParameters: { 'integration.request.header.X': 'method.request.body.a' } };
const VALIDATED = {
  models: [{ id: 'm', name: 'M', contentType: JSON_TYPE, schema: '{}' }],
  requestValidators: [{ id: 'v', name: 'v', validateRequestBody: true, validateRequestParameters: false }],
};
const CHECKED = { requestValidatorId: 'v', requestModels: { [JSON_TYPE]: 'M' } };
const MOCKED = {
  type: 'MOCK',
  integrationResponses: { 200: { statusCode: '200', responseTemplates: { [JSON_TYPE]: 'x' } } },
} as const;
const AS_TEXT = { ...TEMPLATE, contentHandling: 'CONVERT_TO_TEXT' } as const;

/** Neither documented nor recorded. */
const UNKNOWN: readonly (readonly [
  what: string,
  integration: Partial<Integration>,
  api: Partial<ApiSnapshot>,
  method?: Partial<Method>,
])[] = [
  ['a mapping of a binary body', PARTS, { binaryMediaTypes: ALL }],
  ['the validation of a binary body', {}, { ...VALIDATED, binaryMediaTypes: ALL }, CHECKED],
  ['a MOCK integration of a binary body', { type: 'MOCK' }, { binaryMediaTypes: ALL }],
  ['the binary media type application/* for application/json', {}, { binaryMediaTypes: ['application/*'] }],
  [
    'a call without Accept where application/json is a binary media type',
    {},
    { binaryMediaTypes: [JSON_TYPE] },
  ],
  [
    'a response template for an empty body that counts as binary',
    { ...MOCKED, ...AS_TEXT },
    { binaryMediaTypes: ALL },
  ],
];

for (const [what, integration, api, method] of UNKNOWN) {
  test(`${what}: 501 that says so`, async () => {
    const { reply } = await called(integration, api, {}, method);
    const message = `The embedded API Gateway does not emulate ${what}`;
    assert.deepEqual([reply.status, JSON.parse(reply.text)], [501, { message }]);
    assert.equal(reply.header('x-amzn-ErrorType'), 'NotImplementedException');
  });
}
