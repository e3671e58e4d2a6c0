import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiSnapshot, Method, Model } from '../model.ts';
import { methodOf, recordApi, rig } from './test-api.ts';

const MODELS: readonly Model[] = [
  model('Put', {
    $schema: 'http://json-schema.org/draft-04/schema#',
    type: 'object',
    required: ['Data', 'PartitionKey'],
    properties: {
      Data: { type: 'string' },
      PartitionKey: { $ref: 'https://apigateway.amazonaws.com/restapis/abc123/models/Key' },
      Count: { type: 'integer', minimum: 0, exclusiveMinimum: true },
    },
  }),
  model('Key', { type: 'string', minLength: 1, maxLength: 256 }),
  model('Broken', { type: 'nonsense' }),
];

function model(name: string, schema: object): Model {
  return { id: name, name, contentType: 'application/json', schema: JSON.stringify(schema) };
}

function validated(
  changes: Partial<Method>,
  kind: 'body' | 'parameters' | 'both',
  api: Partial<ApiSnapshot> = {},
) {
  const validator = {
    id: 'v',
    name: 'v',
    validateRequestBody: kind !== 'parameters',
    validateRequestParameters: kind !== 'body',
  };
  return recordApi(methodOf({}, { requestValidatorId: 'v', ...changes }), {
    models: MODELS,
    requestValidators: [validator],
    ...api,
  });
}

const GOOD = '{"Data":"d","PartitionKey":"k"}';
/** docs/facts/gateway.md#validation, against the model Put. */
const BODIES: readonly (readonly [text: string, status: number])[] = [
  [GOOD, 200],
  ['{"Data":"d","PartitionKey":"k","extra":1}', 200],
  ['{"Data":"d"}', 400],
  ['{"Data":1,"PartitionKey":"k"}', 400],
  ['{"Data":"d","PartitionKey":""}', 400],
  [`{"Data":"d","PartitionKey":"${'k'.repeat(257)}"}`, 400],
  // exclusiveMinimum is not supported.
  ['{"Data":"d","PartitionKey":"k","Count":0}', 200],
  ['{"Data":"d","PartitionKey":"k","Count":-1}', 400],
  ['', 400],
  ['[]', 400],
  ['not json', 400],
];

for (const [text, status] of BODIES) {
  test(`body ${text.slice(0, 50) || '(empty)'}: ${status}`, async () => {
    const { sent, call } = rig();
    const reply = await call(validated({ requestModels: { 'application/json': 'Put' } }, 'body'), { text });
    assert.equal(reply.status, status);
    assert.equal(sent.length, status === 200 ? 1 : 0);
    if (status === 200) return;
    assert.equal(reply.text, '{"message":"Invalid request body"}');
    assert.equal(reply.header('x-amzn-ErrorType'), 'BadRequestException');
  });
}

/** The message in the log and in $context.error.validationErrorString (docs/facts/gateway.md#validation). */
const TOLD: readonly (readonly [text: string, told: string])[] = [
  ['{"Count":"x"}', '[object has missing required properties (["Data","PartitionKey"])]'],
  [
    '{"Data":1,"PartitionKey":"","Count":"x"}',
    '[instance type (string) does not match any allowed primitive type (allowed: ["integer"]), ' +
      'instance type (integer) does not match any allowed primitive type (allowed: ["string"]), ' +
      'string "" is too short (length: 0, required minimum: 1)]',
  ],
  [
    '{"Data":"d","PartitionKey":"k","Count":1.0}',
    '[instance type (number) does not match any allowed primitive type (allowed: ["integer"])]',
  ],
  // Outputs of a test invocation without a body, and of a deployed API.
  ['', '[Unknown error parsing request body]'],
  ['not json', '[Unknown error parsing request body]'],
];

for (const [text, told] of TOLD) {
  test(`what is wrong with ${text || '(an empty body)'} is reported`, async () => {
    const gatewayResponses = [
      {
        responseType: 'BAD_REQUEST_BODY',
        responseParameters: {},
        responseTemplates: { 'application/json': '{"told":"$context.error.validationErrorString"}' },
        defaultResponse: false,
      },
    ];
    const api = validated({ requestModels: { 'application/json': 'Put' } }, 'body', { gatewayResponses });
    const { call, plane } = rig();
    assert.deepEqual(JSON.parse((await call(api, { text })).text), { told });
    const [resource] = api.resources;
    assert.ok(resource);
    const { log } = await plane.testInvoke(api, {
      resource,
      httpMethod: 'PUT',
      pathWithQueryString: '/streams/s/record',
      headers: [],
      body: text,
      stageVariables: {},
    });
    assert.ok(
      log.includes(
        ` : Request body does not match model schema for content type application/json: ${told}\n`,
      ),
    );
  });
}

test('the media type without parameters selects the model; a type without a model is not validated', async () => {
  const api = validated({ requestModels: { 'application/json': 'Put' } }, 'body');
  const typed = (type: string) => rig().call(api, { text: '{}', headers: [['Content-Type', type]] });
  assert.equal((await typed('application/json; charset=utf-8')).status, 400);
  assert.equal((await typed('text/plain')).status, 200);
});

test('a method without a validator, or with one for parameters only, accepts any body', async () => {
  const requestModels = { 'application/json': 'Put' };
  assert.equal((await rig().call(validated({ requestModels }, 'parameters'))).status, 200);
  assert.equal(
    (await rig().call(validated({ requestModels, requestValidatorId: undefined }, 'both'))).status,
    200,
  );
});

test('a model that is not a schema: 500', async () => {
  assert.equal(
    (await rig().call(validated({ requestModels: { 'application/json': 'Broken' } }, 'body'))).status,
    500,
  );
});

const REQUIRED = {
  'method.request.querystring.qs1': true,
  'method.request.path.issuer': true,
  'method.request.header.x-header-param': true,
  'method.request.header.optional': false,
};

// docs/facts/gateway.md#errors
test('all missing parameters are listed: header, path, query', async () => {
  const reply = await rig().call(validated({ requestParameters: REQUIRED }, 'both'));
  assert.equal(reply.status, 400);
  assert.equal(
    reply.text,
    '{"message":"Missing required request parameters: [x-header-param, issuer, qs1]"}',
  );
  assert.equal(reply.header('x-amzn-ErrorType'), 'BadRequestException');
});

for (const [query, status] of [
  ['qs1=a', 200],
  ['qs1=', 400],
  ['qs1=%20', 400],
  ['QS1=a', 400],
] as const) {
  test(`a required query parameter, given ${query}: ${status}`, async () => {
    const api = validated({ requestParameters: { 'method.request.querystring.qs1': true } }, 'parameters');
    assert.equal((await rig().call(api, { query })).status, status);
  });
}

test('parameters are validated before the body', async () => {
  const api = validated(
    { requestParameters: REQUIRED, requestModels: { 'application/json': 'Put' } },
    'both',
  );
  assert.match((await rig().call(api, { text: '{}' })).text, /Missing required request parameters/);
});
