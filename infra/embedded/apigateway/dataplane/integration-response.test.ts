import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IntegrationResponse } from '../model.ts';
import { answering, methodOf, recordApi, rig } from './test-api.ts';
import type { Backend } from './types.ts';

const PUBLISHED_DELETE: Record<string, IntegrationResponse> = {
  200: { statusCode: '200' },
  400: { statusCode: '400', selectionPattern: '4\\d{2}' },
  500: { statusCode: '500', selectionPattern: '5\\d{2}' },
};

function replyOf(backend: Backend, integrationResponses: Record<string, IntegrationResponse>, headers = {}) {
  const sentHeaders = Object.entries(headers) as [string, string][];
  return rig(backend).call(recordApi(methodOf({ integrationResponses })), { headers: sentHeaders });
}

/** docs/facts/gateway.md#choice-of-the-response. */
const SELECTION: readonly (readonly [
  name: string,
  responses: Record<string, IntegrationResponse>,
  backend: number,
  status: number,
])[] = [
  ['default only', { 200: { statusCode: '200' } }, 400, 200],
  ['an empty pattern is the default', { 200: { statusCode: '200', selectionPattern: '' } }, 500, 200],
  ['the published DELETE', PUBLISHED_DELETE, 404, 400],
  ['the published DELETE', PUBLISHED_DELETE, 503, 500],
  ['the published DELETE', PUBLISHED_DELETE, 201, 200],
  [
    'whole string',
    { 400: { statusCode: '400', selectionPattern: '4' }, 200: { statusCode: '200' } },
    400,
    200,
  ],
  [
    'alternatives',
    { 400: { statusCode: '400', selectionPattern: '400|404' }, 200: { statusCode: '200' } },
    404,
    400,
  ],
  [
    'first wins',
    {
      400: { statusCode: '400', selectionPattern: '4..' },
      500: { statusCode: '500', selectionPattern: '40.' },
    },
    404,
    400,
  ],
  [
    'the status of its own wins (docs/facts/gateway.md#choice-of-the-response)',
    {
      400: { statusCode: '400', selectionPattern: '[45]..' },
      500: { statusCode: '500', selectionPattern: '5..' },
    },
    500,
    500,
  ],
  ['no match, no default', { 400: { statusCode: '400', selectionPattern: '400' } }, 200, 500],
  ['no integration response', {}, 200, 500],
  ['undeclared method response', { 201: { statusCode: '201' } }, 200, 500],
  [
    'a pattern that is none',
    { 400: { statusCode: '400', selectionPattern: '(' }, 200: { statusCode: '200' } },
    400,
    200,
  ],
];

for (const [name, responses, backend, status] of SELECTION) {
  test(`${name}: the backend's ${backend} reaches the client as ${status}`, async () => {
    const reply = await replyOf(answering(backend, '{"__type":"X"}'), responses);
    assert.equal(reply.status, status);
    if (status !== 500 || backend >= 500) assert.equal(reply.text, '{"__type":"X"}');
    else assert.equal(reply.text, '{"message": "Internal server error"}');
  });
}

// docs/facts/gateway.md#response-headers
test("a response has the gateway's headers and none of the backend's", async () => {
  const backend = answering(200, '', [
    ['x-amzn-RequestId', 'backend'],
    ['x-amz-id-2', 'secret'],
    ['Content-Type', 'application/x-amz-json-1.1'],
  ]);
  const reply = await replyOf(backend, { 200: { statusCode: '200' } });
  assert.deepEqual(
    reply.headers.map(([name]) => name),
    ['x-amzn-RequestId', 'x-amz-apigw-id', 'Date', 'X-Amzn-Trace-Id', 'Content-Type'],
  );
  assert.match(
    reply.header('x-amzn-RequestId') ?? '',
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  assert.equal(reply.header('x-amz-apigw-id')?.length, 16);
  assert.equal(reply.header('Date'), 'Tue, 19 Aug 2025 17:04:50 GMT');
  assert.equal(reply.header('Content-Type'), 'application/json');
  assert.equal(reply.text, '');
});

for (const [incoming, expected] of [
  [
    'Root=1-67891233-abcdef012345678912345678',
    /^Root=1-67891233-abcdef012345678912345678;Parent=[0-9a-f]{16};Sampled=0$/,
  ],
  ['Root=1-2-3;Parent=53995c3f42cd8ad8;Sampled=1', /^Root=1-2-3;Parent=53995c3f42cd8ad8;Sampled=1$/],
  ['nonsense', /^Root=1-68a4aeb2-[0-9a-f]{24};/],
] as const) {
  // docs/facts/gateway.md#response-headers, GW-11
  test(`the client's trace ${incoming}`, async () => {
    const reply = await replyOf(
      answering(200, ''),
      { 200: { statusCode: '200' } },
      { 'X-Amzn-Trace-Id': incoming },
    );
    assert.match(reply.header('X-Amzn-Trace-Id') ?? '', expected);
  });
}

/** docs/facts/gateway.md#response-headers: how a mapped response header reaches the client. */
const MAPPED: readonly (readonly [
  name: string,
  expression: string,
  header: string,
  value: string | undefined,
])[] = [
  ['X-Own', "'fixed'", 'X-Own', 'fixed'],
  ['X-Own', 'integration.response.header.x-some', 'X-Own', 'thing'],
  ['X-Own', 'integration.response.header.none', 'X-Own', undefined],
  ['X-Own', 'integration.response.multivalueheader.Set', 'X-Own', 'a,b'],
  ['X-Own', 'integration.response.body.__type', 'X-Own', 'T'],
  ['X-Own', 'context.stage', 'X-Own', 'test'],
  ['X-Own', 'stageVariables.greeting', 'X-Own', 'hello'],
  ['X-Own', 'method.request.path.stream-name', 'X-Own', 's'],
  ['Content-Type', 'integration.response.header.Content-Type', 'Content-Type', 'application/x-amz-json-1.1'],
  ['Via', "'v'", 'Via', 'v'],
  ['TE', "'t'", 'TE', 't'],
  ['Transfer-Encoding', "'chunked'", 'Transfer-Encoding', undefined],
  ['Connection', "'x'", 'x-amzn-Remapped-Connection', 'x'],
  ['Content-Length', "'9'", 'x-amzn-Remapped-Content-Length', '9'],
  ['Content-MD5', "'x'", 'x-amzn-Remapped-Content-MD5', 'x'],
  ['Server', "'x'", 'x-amzn-Remapped-Server', 'x'],
  ['WWW-Authenticate', "'x'", 'x-amzn-Remapped-WWW-Authenticate', 'x'],
  ['Authorization', "'x'", 'x-amzn-Remapped-Authorization', 'x'],
  ['Date', "'x'", 'x-amzn-Remapped-Date', 'x'],
  ['Host', "'x'", 'x-amzn-Remapped-Host', 'x'],
  ['User-Agent', "'x'", 'x-amzn-Remapped-User-Agent', 'x'],
];

for (const [name, expression, header, value] of MAPPED) {
  test(`${name} from ${expression} -> ${header}: ${value ?? '(absent)'}`, async () => {
    const backend = answering(200, '{"__type":"T"}', [
      ['X-Some', 'thing'],
      ['Set', 'a'],
      ['Set', 'b'],
      ['Content-Type', 'application/x-amz-json-1.1'],
    ]);
    const responseParameters = { [`method.response.header.${name}`]: expression };
    const reply = await replyOf(backend, { 200: { statusCode: '200', responseParameters } });
    assert.equal(reply.header(header), value);
  });
}

/** docs/facts/gateway.md#choice-of-the-template: by the first type of Accept, else application/json, else the first. */
const BY_ACCEPT: readonly (readonly [accept: string | undefined, keys: readonly string[], chosen: string])[] =
  [
    [undefined, ['text/plain', 'application/json'], 'application/json'],
    ['text/plain, application/json', ['application/json', 'text/plain'], 'text/plain'],
    ['image/png, text/plain', ['text/plain', 'application/json'], 'application/json'],
    ['image/png', ['text/plain', 'text/html'], 'text/plain'],
  ];

for (const [accept, keys, chosen] of BY_ACCEPT) {
  test(`Accept ${accept ?? '(absent)'} of ${keys.join(' and ')}: ${chosen}`, async () => {
    const responseTemplates = Object.fromEntries(keys.map((key) => [key, `${key} $input.path('$.a')`]));
    const headers = accept === undefined ? {} : { Accept: accept };
    const reply = await replyOf(
      answering(200, '{"a":1}'),
      { 200: { statusCode: '200', responseTemplates } },
      headers,
    );
    assert.equal(reply.text, `${chosen} 1`);
    assert.equal(reply.header('Content-Type'), 'application/json');
  });
}

test('an empty response template leaves the body unchanged', async () => {
  const responses = { 200: { statusCode: '200', responseTemplates: { 'application/json': null } } };
  assert.equal((await replyOf(answering(200, 'as is'), responses)).text, 'as is');
});

test('$context.responseOverride sets status and headers', async () => {
  const template =
    "#set($e = $input.path('$.__type'))#if($e == 'Limit')#set($context.responseOverride.status = 429)" +
    "#set($context.responseOverride.header.Retry-After = '1')#end$input.json('$')";
  const responses = { 200: { statusCode: '200', responseTemplates: { 'application/json': template } } };
  const limited = await replyOf(answering(400, '{"__type":"Limit"}'), responses);
  assert.deepEqual(
    [limited.status, limited.header('Retry-After'), limited.text],
    [429, '1', '{"__type":"Limit"}'],
  );
  assert.equal((await replyOf(answering(200, '{}'), responses)).status, 200);
});

for (const name of ['status', 'header.Retry-After'])
  test(`a parameter that a template overrides twice is a 5XX: ${name} (guide, override parameters)`, async () => {
    const once = `#set($context.responseOverride.${name} = 429)`;
    const answered = async (template: string) => {
      const responses = { 200: { statusCode: '200', responseTemplates: { 'application/json': template } } };
      return (await replyOf(answering(200, '{}'), responses)).status;
    };
    assert.ok((await answered(once)) < 500);
    assert.equal(await answered(once + once), 500);
  });

test('a response template that reads a body that is not JSON: 500', async () => {
  const responses = {
    200: { statusCode: '200', responseTemplates: { 'application/json': "$input.path('$.a')" } },
  };
  assert.equal((await replyOf(answering(200, 'not json'), responses)).status, 500);
});

// docs/facts/gateway.md#role, ROLE-4
test('a role that cannot be assumed: 500', async () => {
  const reply = await replyOf(async () => ({ kind: 'role-not-assumable' }), { 200: { statusCode: '200' } });
  assert.deepEqual([reply.status, reply.text], [500, '{"message": "Internal server error"}']);
  assert.equal(reply.header('X-Amzn-Trace-Id'), undefined);
});

test('an unreachable endpoint: 504', async () => {
  const reply = await replyOf(async () => ({ kind: 'unreachable', reason: 'gone' }), {
    200: { statusCode: '200' },
  });
  assert.equal(reply.status, 504);
});

test('an answer after timeoutInMillis: 504', async () => {
  const slow: Backend = () => new Promise(() => {});
  const reply = await rig(slow).call(recordApi(methodOf({ timeoutInMillis: 50 })));
  assert.deepEqual([reply.status, reply.text], [504, '{"message": "Endpoint request timed out"}']);
});

/** MOCK: the request template sets the status; loose JSON is accepted (AIR). */
const MOCKS: readonly (readonly [template: string, status: number])[] = [
  ['{"statusCode": 200}', 200],
  ['{ statusCode: 400 }', 400],
  ['{"a": 1, "statusCode": 500,\n}', 500],
  ['{"status": 200}', 500],
  ['', 500],
];

for (const [template, status] of MOCKS) {
  test(`MOCK with ${JSON.stringify(template)} answers ${status}`, async () => {
    const method = methodOf({
      type: 'MOCK',
      requestTemplates: { 'application/json': template },
      integrationResponses: {
        200: { statusCode: '200', responseTemplates: { 'application/json': 'mocked $input.body' } },
        400: { statusCode: '400', selectionPattern: '400' },
        500: { statusCode: '500', selectionPattern: '500' },
      },
    });
    const { sent, call } = rig();
    const reply = await call(recordApi(method));
    assert.equal(reply.status, status);
    assert.equal(sent.length, 0);
    assert.equal(reply.header('X-Amzn-Trace-Id'), undefined);
    if (status === 200) assert.equal(reply.text, 'mocked {}');
    if (status === 400) assert.equal(reply.text, '');
  });
}
