import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Integration } from '../model.ts';
import { methodOf, recordApi, rig } from './test-api.ts';

const ACTION_URI = 'arn:aws:apigateway:us-east-1:kinesis:action/PutRecord';

async function sentBy(
  integration: Partial<Integration>,
  call: Parameters<ReturnType<typeof rig>['call']>[1] = {},
) {
  const { sent, call: invoke } = rig();
  const reply = await invoke(recordApi(methodOf(integration)), call);
  const request = sent[0];
  const header = (name: string) => request?.headers.find(([known]) => known.toLowerCase() === name)?.[1];
  return { reply, request, header };
}

// docs/facts/gateway.md#integration-request
test('an action URI becomes POST /?Action=X with the gateway headers', async () => {
  const { request, header } = await sentBy({ uri: ACTION_URI }, { text: '{"a":1}' });
  assert.ok(request);
  assert.deepEqual(
    [request.service, request.region, request.method, request.path],
    ['kinesis', 'us-east-1', 'POST', '/'],
  );
  assert.deepEqual(request.query, [['Action', 'PutRecord']]);
  assert.equal(header('accept'), 'application/json');
  assert.equal(header('user-agent'), 'AmazonAPIGateway_abc123');
  assert.equal(header('x-amzn-apigateway-api-id'), 'abc123');
  assert.match(
    header('x-amzn-trace-id') ?? '',
    /^Root=1-68a4aeb2-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/,
  );
  assert.equal(request.credentials, 'arn:aws:iam::123456789012:role/proxy');
  assert.equal(request.restApiId, 'abc123');
  assert.equal(request.body, '{"a":1}');
});

test('stage variables are substituted in URI and credentials, path parameters in path URIs', async () => {
  const { request } = await sentBy({
    uri: 'arn:aws:apigateway:us-east-1:${stageVariables.kind}:path/things/{id}?fixed=1',
    credentials: 'arn:aws:iam::1:role/${stageVariables.greeting}${stageVariables.none}',
    httpMethod: 'GET',
    requestParameters: { 'integration.request.path.id': 'method.request.path.stream-name' },
  });
  assert.ok(request);
  assert.deepEqual(
    [request.service, request.path, request.query],
    ['kinesis', '/things/s', [['fixed', '1']]],
  );
  assert.equal(request.credentials, 'arn:aws:iam::1:role/hello');
});

test('without credentials the request has none', async () => {
  const { request } = await sentBy({ credentials: undefined });
  assert.equal(request?.credentials, undefined);
});

for (const [httpMethod, body] of [
  ['POST', '{}'],
  ['PUT', '{}'],
  ['GET', ''],
  ['HEAD', ''],
] as const) {
  test(`an integration by ${httpMethod} sends ${body === '' ? 'no body' : 'its body'}`, async () => {
    const { request } = await sentBy({ httpMethod });
    assert.equal(request?.method, httpMethod);
    assert.equal(request?.body, body);
  });
}

/** docs/facts/gateway.md#parameters: each source, and the value that reaches the backend. */
const SOURCES: readonly (readonly [expression: string, expected: string | undefined])[] = [
  ["'static'", 'static'],
  ["''", ''],
  ['method.request.path.stream-name', 's'],
  ['method.request.querystring.q', 'two words'],
  ['method.request.multivaluequerystring.q', 'one,two words'],
  ['method.request.header.X-Two', 'b'],
  ['method.request.multivalueheader.X-Two', 'a,b'],
  ['method.request.header.x-two', undefined],
  ['method.request.header.Connection', undefined],
  ['method.request.body', '{"a":{"b":"c","d":[1]},"e":null}'],
  ['method.request.body.a.b', 'c'],
  ['method.request.body.a', '{"b":"c","d":[1]}'],
  ['method.request.body.e', undefined],
  ['method.request.body.none', undefined],
  ['stageVariables.greeting', 'hello'],
  ['stageVariables.none', undefined],
  ['stageVariables.constructor', undefined],
  ['context.httpMethod', 'PUT'],
  ['context.resourcePath', '/streams/{stream-name}/record'],
  ['context.path', '/test/streams/s/record'],
  ['context.identity.sourceIp', '10.0.0.1'],
  ['context.requestTime', '19/Aug/2025:17:04:50 +0000'],
  ['context.requestTimeEpoch', '1755623090000'],
  ['context.none', undefined],
  ['nonsense', undefined],
];

for (const [expression, expected] of SOURCES) {
  test(`${expression} maps to ${expected ?? 'nothing'}`, async () => {
    const { header } = await sentBy(
      { requestParameters: { 'integration.request.header.X-Out': expression } },
      {
        query: 'q=one&q=two+words',
        headers: [
          ['X-Two', 'a'],
          ['X-Two', 'b'],
          ['Connection', 'close'],
        ],
        text: '{"a":{"b":"c","d":[1]},"e":null}',
      },
    );
    assert.equal(header('x-out'), expected);
  });
}

for (const [text, status] of [
  ['{"a":', 400],
  ['[1', 400],
  ['plain', 200],
  ['', 200],
] as const) {
  test(`a mapping from the body ${JSON.stringify(text)} gives ${status} (EMU)`, async () => {
    const { reply } = await sentBy(
      { requestParameters: { 'integration.request.header.X-Out': 'method.request.body.a' } },
      { text },
    );
    assert.equal(reply.status, status);
    if (status === 400) assert.equal(reply.text, '{"message":"Invalid JSON in request body"}');
  });
}

test('query parameters are mapped after the action, multiple values separately', async () => {
  const { request } = await sentBy(
    { requestParameters: { 'integration.request.querystring.x': 'method.request.multivaluequerystring.q' } },
    { query: 'q=1;q=2' },
  );
  assert.deepEqual(request?.query, [
    ['Action', 'PutRecord'],
    ['x', '1'],
    ['x', '2'],
  ]);
});

for (const name of [
  'Content-Length',
  'Transfer-Encoding',
  'x-amzn-trace-id',
  'X-Amzn-Apigateway-Api-Id',
  'Authorization',
  'Connection',
  'Expect',
  'Proxy-Authenticate',
  'TE',
]) {
  // docs/facts/gateway.md#integration-request
  test(`mapping the header ${name} fails the call`, async () => {
    const { reply, request } = await sentBy({
      requestParameters: { [`integration.request.header.${name}`]: "'x'" },
    });
    assert.equal(request, undefined);
    assert.equal(reply.status, 500);
    assert.equal(reply.text, '{"message": "Internal server error"}');
    assert.equal(reply.text.length, 36);
    assert.equal(reply.header('x-amzn-ErrorType'), 'InternalServerErrorException');
  });
}

for (const [contentType, template] of [
  [undefined, 'json'],
  ['application/json', 'json'],
  ['Application/JSON; charset=UTF-8', 'json'],
  ['application/x-amz-json-1.1', 'amz'],
] as const) {
  // docs/facts/gateway.md#choice-of-the-template
  test(`the template for Content-Type ${contentType ?? '(absent)'} is ${template}`, async () => {
    const { request } = await sentBy(
      { requestTemplates: { 'application/json': 'json', 'application/x-amz-json-1.1': 'amz' } },
      { headers: contentType === undefined ? [] : [['content-type', contentType]] },
    );
    assert.equal(request?.body, template);
  });
}

/** docs/facts/gateway.md#choice-of-the-template: the handling of text/plain. */
const PASSTHROUGH: readonly (readonly [
  behavior: Integration['passthroughBehavior'],
  templates: Record<string, string> | undefined,
  status: number,
  body?: string,
])[] = [
  ['WHEN_NO_MATCH', { 'application/json': 'x' }, 200, 'raw'],
  ['WHEN_NO_MATCH', undefined, 200, 'raw'],
  ['WHEN_NO_TEMPLATES', { 'application/json': 'x' }, 415],
  ['WHEN_NO_TEMPLATES', {}, 200, 'raw'],
  ['NEVER', { 'application/json': 'x' }, 415],
  ['NEVER', undefined, 415],
  ['NEVER', { $default: 'fallback' }, 200, 'fallback'],
];

for (const [passthroughBehavior, requestTemplates, status, body] of PASSTHROUGH) {
  test(`${passthroughBehavior} with ${JSON.stringify(requestTemplates ?? null)}: text/plain gives ${status}`, async () => {
    const { reply, request } = await sentBy(
      { passthroughBehavior, requestTemplates },
      { headers: [['Content-Type', 'text/plain']], text: 'raw' },
    );
    assert.equal(reply.status, status);
    assert.equal(request?.body, body);
    if (status !== 415) return;
    assert.equal(reply.text, '{"message":"Unsupported Media Type"}');
    assert.equal(reply.header('x-amzn-ErrorType'), 'BadRequestException');
  });
}

test('a mapped Content-Type replaces the client’s', async () => {
  const mapped = { 'integration.request.header.Content-Type': "'x-amz-json-1.1'" };
  assert.equal((await sentBy({ requestParameters: mapped })).header('content-type'), 'x-amz-json-1.1');
  const unmapped = await sentBy({}, { headers: [['content-type', 'application/json; charset=utf-8']] });
  assert.equal(unmapped.header('content-type'), 'application/json; charset=utf-8');
});

test('$context.requestOverride sets headers, query and path values', async () => {
  const { request, header } = await sentBy({
    uri: 'arn:aws:apigateway:us-east-1:kinesis:path/{id}',
    requestParameters: {
      'integration.request.header.X-Out': "'mapped'",
      'integration.request.path.id': "'mapped'",
    },
    requestTemplates: {
      'application/json':
        "#set($context.requestOverride.header.X-Out = 'set')" +
        "#set($context.requestOverride.querystring.q = $input.params('stream-name'))" +
        "#set($context.requestOverride.path.id = 'p')$context.requestOverride.",
    },
  });
  assert.equal(header('x-out'), 'set');
  assert.deepEqual(request?.query, [['q', 's']]);
  assert.equal(request?.path, '/p');
  assert.equal(request?.body, '.');
});

test('templates see parameters as documented: path, then query, then header; hidden headers never', async () => {
  const template =
    "$input.params('stream-name')|$input.params('q')|$input.params('X-A')|$input.params('x-a')|$input.params('Expect')|" +
    "$input.params().header.keySet()|$input.params().querystring.get('q')|$stageVariables.greeting|$context.stage";
  const { request } = await sentBy(
    { requestTemplates: { 'application/json': template } },
    {
      query: 'q=1&stream-name=query',
      headers: [
        ['X-A', 'a'],
        ['q', 'header'],
        ['Expect', 'x'],
        ['TE', 'x'],
        ['Transfer-Encoding', 'x'],
      ],
    },
  );
  assert.equal(
    request?.body,
    's|1|a|||[X-A, q, X-Amzn-Trace-Id, X-Forwarded-For, X-Forwarded-Port, X-Forwarded-Proto]|1|hello|test',
  );
});

for (const template of ["$input.path('$.a')", "$input.json('$')"]) {
  test(`${template} of a body that is not JSON: 400, nothing is sent (GW-7, inferred)`, async () => {
    const { reply, request } = await sentBy(
      { requestTemplates: { 'application/json': template } },
      { text: 'nope' },
    );
    assert.equal(request, undefined);
    assert.equal(reply.status, 400);
    assert.match(reply.text, /^\{"message":"Could not parse request body into json: /);
  });
}

for (const [name, integration] of Object.entries({
  'a broken template': { requestTemplates: { 'application/json': '#if($x)' } },
  'a path that is not JSONPath': { requestTemplates: { 'application/json': "$input.path('$[?(@.a]')" } },
  'a method that only Java has': { requestTemplates: { 'application/json': '$input.body.chars()' } },
  'a bad URI': { uri: 'arn:aws:sns:us-east-1:1:topic' },
})) {
  test(`${name}: 500, nothing is sent`, async () => {
    const { reply, request } = await sentBy(integration);
    assert.equal(request, undefined);
    assert.equal(reply.status, 500);
  });
}

test('an unsupported type: 501, which AWS never answers, and nothing is sent', async () => {
  const { reply, request } = await sentBy({ type: 'HTTP' });
  assert.equal(request, undefined);
  const message = 'The embedded API Gateway does not emulate integrations of type HTTP';
  assert.deepEqual([reply.status, JSON.parse(reply.text)], [501, { message }]);
});

test('a body nested too deep is not JSON, as in json-smart', async () => {
  const text = '['.repeat(100_000) + ']'.repeat(100_000);
  const { reply } = await sentBy({ requestTemplates: { 'application/json': "$input.path('$')" } }, { text });
  assert.equal(reply.status, 400);
});
