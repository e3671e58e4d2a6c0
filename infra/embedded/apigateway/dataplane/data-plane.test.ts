import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiSnapshot, GatewayResponse, Method } from '../model.ts';
import { GatewayError } from './gateway-error.ts';
import { apiOf, integrationOf, methodOf, recordApi, resourceOf, rig } from './test-api.ts';

const API = recordApi(methodOf());
const NO_ROUTE: readonly (readonly [method: string, path: string])[] = [
  ['GET', '/streams/s/record'],
  ['HEAD', '/streams/s/record'],
  ['OPTIONS', '/streams/s/record'],
  ['PUT', '/'],
  ['PUT', '/Streams/s/record'],
  ['PUT', '/streams/s/record/more'],
];

for (const [method, path] of NO_ROUTE) {
  // docs/facts/gateway.md#errors
  test(`${method} ${path}: 403 Missing Authentication Token, nothing sent`, async () => {
    const { sent, call } = rig();
    const reply = await call(API, { method, path });
    assert.deepEqual([reply.status, reply.text], [403, '{"message":"Missing Authentication Token"}']);
    assert.deepEqual(
      reply.headers.map(([name]) => name),
      ['x-amzn-RequestId', 'x-amz-apigw-id', 'Date', 'x-amzn-ErrorType', 'Content-Type'],
    );
    assert.equal(reply.header('x-amzn-ErrorType'), 'MissingAuthenticationTokenException');
    assert.equal(sent.length, 0);
  });
}

for (const [header, fault] of [
  ['eyJabc', 'eyJabc'],
  ['Bearer eyJabc', 'eyJabc'],
] as const) {
  // docs/facts/gateway.md#errors
  test(`Authorization: ${header} on an unknown path is read as a signature`, async () => {
    const reply = await rig().call(API, { path: '/x', headers: [['Authorization', header]] });
    const message = `'${fault}' not a valid key=value pair (missing equal-sign) in Authorization header: '${header}'.`;
    assert.deepEqual([reply.status, JSON.parse(reply.text)], [403, { message }]);
  });
}

// docs/facts/gateway.md#routing
test('X-HTTP-Method-Override is honoured', async () => {
  const { sent, call } = rig();
  const reply = await call(API, { method: 'POST', headers: [['X-HTTP-Method-Override', 'PUT']] });
  assert.equal(reply.status, 200);
  assert.equal(sent.length, 1);
});

// docs/facts/gateway.md#errors
test('the payload limit is 10,485,760 bytes', async () => {
  const { sent, call } = rig();
  const reply = await call(API, { body: Buffer.alloc(10_485_761, 'a') });
  assert.deepEqual([reply.status, reply.text], [413, 'HTTP content length exceeded 10485760 bytes.']);
  assert.equal(sent.length, 0);
  assert.equal((await call(API, { body: Buffer.alloc(10_485_760, 'a') })).status, 200);
});

/** Methods that authorize their caller, and the errors for an unknown one (docs/facts/gateway.md#errors). */
const GUARDED: readonly (readonly [changes: Partial<Method>, status: number, message: string])[] = [
  [{ authorizationType: 'AWS_IAM' }, 403, 'Missing Authentication Token'],
  [{ authorizationType: 'CUSTOM' }, 401, 'Unauthorized'],
  [{ authorizationType: 'COGNITO_USER_POOLS' }, 401, 'Unauthorized'],
  [{ apiKeyRequired: true }, 403, 'Forbidden'],
];

for (const [changes, status, message] of GUARDED) {
  test(`${JSON.stringify(changes)} without credentials: ${status} ${message}`, async () => {
    const { sent, call } = rig();
    const reply = await call(recordApi(methodOf({}, changes)), { headers: [['x-api-key', 'wrong']] });
    assert.deepEqual([reply.status, JSON.parse(reply.text)], [status, { message }]);
    assert.equal(sent.length, 0);
  });
}

test("access control authorizes callers and keys, and gives the caller's identity to templates", async () => {
  const requestTemplates = {
    'application/json': '$context.identity.userArn $context.identity.apiKey $context.identity.apiKeyId',
  };
  const api = recordApi(
    methodOf({ requestTemplates }, { authorizationType: 'AWS_IAM', apiKeyRequired: true }),
  );
  const { sent, call } = rig(undefined, {
    accessControl: {
      authorize: ({ request }) =>
        request.headers.some(([name]) => name === 'Authorization')
          ? { allowed: true, identity: { userArn: 'arn:aws:iam::1:user/u' } }
          : {
              allowed: false,
              error: new GatewayError('ACCESS_DENIED', 'User: anonymous', 'AccessDeniedException'),
            },
      apiKeyId: (key) => (key === 'good' ? 'id-of-good' : undefined),
    },
  });
  const allowed = await call(api, {
    headers: [
      ['Authorization', 'x'],
      ['x-api-key', 'good'],
    ],
  });
  assert.equal(allowed.status, 200);
  assert.equal(sent[0]?.body, 'arn:aws:iam::1:user/u good id-of-good');
  const denied = await call(api, { headers: [['x-api-key', 'good']] });
  assert.deepEqual([denied.status, denied.text], [403, '{"Message":"User: anonymous"}']);
});

test('a method without an integration: 500', async () => {
  const reply = await rig().call(recordApi(methodOf({}, { methodIntegration: undefined })));
  assert.equal(reply.status, 500);
});

// docs/facts/templates.md#variables
test('the context of a call', async () => {
  const names = [
    'requestId',
    'apiId',
    'stage',
    'httpMethod',
    'resourcePath',
    'resourceId',
    'path',
    'protocol',
    'accountId',
  ];
  const template = [
    ...names,
    'identity.sourceIp',
    'identity.userAgent',
    'identity.caller',
    'domainName',
    'identity',
    'nothing',
  ]
    .map((name) => `$context.${name}`)
    .join('|');
  const { sent, call } = rig();
  await call(recordApi(methodOf({ requestTemplates: { 'application/json': template } })), {
    headers: [
      ['Host', 'abc123.execute-api.us-east-1.amazonaws.com'],
      ['user-agent', 'curl'],
    ],
  });
  assert.equal(
    sent[0]?.body,
    '01010101-0101-4101-8101-010101010101|abc123|test|PUT|/streams/{stream-name}/record|id/streams/{stream-name}/record|' +
      '/test/streams/s/record|HTTP/1.1|123456789012|10.0.0.1|curl||abc123.execute-api.us-east-1.amazonaws.com||',
  );
});

function customised(changes: Partial<GatewayResponse>): Partial<ApiSnapshot> {
  const response: GatewayResponse = {
    responseType: 'MISSING_AUTHENTICATION_TOKEN',
    responseParameters: {},
    responseTemplates: {},
    defaultResponse: false,
    ...changes,
  };
  return { gatewayResponses: [response] };
}

/** docs/facts/gateway.md#errors: the answer to an unknown path, customised. */
const CUSTOM: readonly (readonly [
  name: string,
  changes: Partial<GatewayResponse>,
  status: number,
  text: string,
])[] = [
  ['status', { statusCode: '404' }, 404, '{"message":"Missing Authentication Token"}'],
  [
    'template',
    {
      responseTemplates: {
        'application/json': '{"m":$context.error.messageString,"t":"$context.error.responseType"}',
      },
    },
    403,
    '{"m":"Missing Authentication Token","t":"MISSING_AUTHENTICATION_TOKEN"}',
  ],
  [
    'no VTL',
    {
      responseTemplates: {
        'application/json': '#set($x = 1)$x ${context.stage} $stageVariables.greeting $context.none.',
      },
    },
    403,
    '#set($x = 1)$x test hello .',
  ],
  [
    'fallback',
    { responseType: 'DEFAULT_4XX', statusCode: '418' },
    418,
    '{"message":"Missing Authentication Token"}',
  ],
  [
    'other fallback',
    { responseType: 'DEFAULT_5XX', statusCode: '599' },
    403,
    '{"message":"Missing Authentication Token"}',
  ],
];

for (const [name, changes, status, text] of CUSTOM) {
  test(`a customised gateway response: ${name}`, async () => {
    const reply = await rig().call(recordApi(methodOf(), customised(changes)), { path: '/none' });
    assert.deepEqual([reply.status, reply.text], [status, text]);
  });
}

test('gateway response parameters and media type', async () => {
  const changes = customised({
    responseParameters: {
      'gatewayresponse.header.Access-Control-Allow-Origin': "'*'",
      'gatewayresponse.header.X-Asked': 'method.request.header.X-Ask',
      'gatewayresponse.header.X-None': 'method.request.header.X-None',
    },
    responseTemplates: { 'application/json': '{}', 'text/html': '<p>$context.error.message</p>' },
  });
  const reply = await rig().call(recordApi(methodOf(), changes), {
    path: '/none',
    headers: [
      ['Accept', 'text/html, */*'],
      ['X-Ask', 'yes'],
    ],
  });
  assert.equal(reply.text, '<p>Missing Authentication Token</p>');
  assert.equal(reply.header('Content-Type'), 'text/html');
  assert.equal(reply.header('Access-Control-Allow-Origin'), '*');
  assert.equal(reply.header('X-Asked'), 'yes');
  assert.equal(reply.header('X-None'), undefined);
});

test('ANY serves every verb', async () => {
  const api = apiOf([resourceOf('/x', { ANY: methodOf({}, { methodIntegration: integrationOf() }) })]);
  assert.equal((await rig().call(api, { method: 'PATCH', path: '/x' })).status, 200);
});

const ADDED = ['X-Amzn-Trace-Id', 'X-Forwarded-For', 'X-Forwarded-Port', 'X-Forwarded-Proto'];
const ROOT = 'Root=1-67891233-abcdef012345678912345678';

for (const [name, headers, seen] of [
  ['alone', [], ['Root=1-68a4aeb2-030303030303030303030303', '10.0.0.1', '443', 'https']],
  [
    'beside the client’s own',
    [
      ['x-forwarded-for', '1.2.3.4'],
      ['X-Forwarded-Port', '80'],
      ['x-forwarded-proto', 'http'],
      ['X-Amzn-Trace-Id', ROOT],
    ],
    [ROOT, '1.2.3.4, 10.0.0.1', '443', 'https'],
  ],
] as const) {
  // docs/facts/gateway.md#parameters
  test(`headers that the gateway adds are parameters, ${name}`, async () => {
    const template = ADDED.map((header) => `$input.params('${header}')`).join('|');
    const { sent, call } = rig();
    await call(recordApi(methodOf({ requestTemplates: { 'application/json': template } })), { headers });
    assert.equal(sent[0]?.body, seen.join('|'));
    const names = sent[0]?.headers.map(([header]) => header) ?? [];
    assert.deepEqual(
      names.filter((header) => header.startsWith('X-Forwarded')),
      [],
    );
  });
}

// docs/facts/gateway.md#parameters
test('an added header can be mapped', async () => {
  const requestParameters = {
    'integration.request.header.X-Client': 'method.request.header.X-Forwarded-For',
  };
  const { sent, call } = rig();
  await call(recordApi(methodOf({ requestParameters })));
  assert.deepEqual(
    sent[0]?.headers.find(([name]) => name === 'X-Client'),
    ['X-Client', '10.0.0.1'],
  );
});
