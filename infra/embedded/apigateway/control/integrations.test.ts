import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import {
  DeleteIntegrationCommand,
  DeleteIntegrationResponseCommand,
  GetIntegrationCommand,
  GetIntegrationResponseCommand,
  GetMethodCommand,
  type PatchOperation,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
  UpdateIntegrationCommand,
  UpdateIntegrationResponseCommand,
} from '@aws-sdk/client-api-gateway';
import { type MethodPlace, type Served, serve } from './testing/served.ts';

let served: Served;
let at: MethodPlace;
before(async () => {
  served = await serve();
});
after(() => served.close());
beforeEach(async () => {
  at = await served.newApi('integrations');
  await served.client.send(
    new PutMethodCommand({
      ...at,
      authorizationType: 'NONE',
      requestParameters: { 'method.request.querystring.shard-id': false },
    }),
  );
  await served.client.send(
    new PutMethodResponseCommand({
      ...at,
      statusCode: '200',
      responseParameters: { 'method.response.header.Content-Type': false },
    }),
  );
});

const kinesis = 'arn:aws:apigateway:eu-west-1:kinesis:action/ListStreams';
const role = 'arn:aws:iam::123456789012:role/proxy';
const put = (input: Partial<PutIntegrationCommand['input']> = {}) =>
  served.client.send(
    new PutIntegrationCommand({
      ...at,
      type: 'AWS',
      integrationHttpMethod: 'POST',
      uri: kinesis,
      credentials: role,
      ...input,
    }),
  );
const update = (...patchOperations: PatchOperation[]) =>
  served.client.send(new UpdateIntegrationCommand({ ...at, patchOperations }));
const putResponse = (input: Partial<PutIntegrationResponseCommand['input']> = {}) =>
  served.client.send(new PutIntegrationResponseCommand({ ...at, statusCode: '200', ...input }));

test('an integration gets its defaults, is read and deleted', async () => {
  const { $metadata, ...integration } = await put();
  assert.equal($metadata.httpStatusCode, 201);
  assert.deepEqual(integration, {
    type: 'AWS',
    httpMethod: 'POST',
    uri: kinesis,
    credentials: role,
    passthroughBehavior: 'WHEN_NO_MATCH',
    timeoutInMillis: 29000,
    cacheNamespace: at.resourceId,
    cacheKeyParameters: [],
  });
  await served.client.send(new DeleteIntegrationCommand(at));
  await assert.rejects(served.client.send(new GetIntegrationCommand(at)), {
    name: 'NotFoundException',
    message: 'Invalid Integration identifier specified',
  });
});

test('invalid integrations are refused', async () => {
  const invalid = (text: string) =>
    `Invalid mapping expression specified: Validation Result: warnings : [], errors : [${text}]`;
  const cases: [Partial<PutIntegrationCommand['input']>, string, string?][] = [
    [{ integrationHttpMethod: undefined }, 'Enumeration value for HttpMethod must be non-empty'],
    [{ uri: 'non-valid-arn' }, 'Invalid ARN specified in the request'],
    [
      { uri: 'arn:aws:iam::0000000000:role/service-role/asdf' },
      'AWS ARN for integration must contain path or action',
    ],
    [
      { type: 'AWS_PROXY', uri: 'arn:aws:apigateway:eu-west-1:s3:path/b/k' },
      "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.",
    ],
    [{ type: 'HTTP', uri: 'non-valid-http' }, 'Invalid HTTP endpoint specified for URI'],
    [{ credentials: undefined }, 'Role ARN must be specified for AWS integrations'],
    [{ credentials: '' }, 'Role ARN must be specified for AWS integrations'],
    [{ credentials: 'proxy' }, 'Invalid ARN specified in the request'],
    [
      { credentials: 'arn:aws:iam::210987654321:role/proxy' },
      'Cross-account pass role is not allowed.',
      'AccessDeniedException',
    ],
    [
      { responseTransferMode: 'STREAM' },
      'Response transfer mode STREAM is only supported for proxy integrations',
    ],
    [
      { type: 'HTTPS_PROXY' as 'HTTP' },
      "1 validation error detected: Value 'HTTPS_PROXY' at 'putIntegrationInput.type' failed to satisfy constraint: Member must satisfy enum value set: [HTTP, MOCK, AWS_PROXY, HTTP_PROXY, AWS]",
      'ValidationException',
    ],
    [{ httpMethod: 'POST' }, 'Invalid Method identifier specified', 'NotFoundException'],
    [{ resourceId: 'nothere' }, 'Invalid Resource identifier specified', 'NotFoundException'],
    [
      { requestParameters: { 'integration.request.header.X': 'nonsense' } },
      invalid('Invalid mapping expression specified: nonsense'),
    ],
    [
      { requestParameters: { 'integration.request.header.X': 'method.request.header.Undeclared' } },
      invalid('Invalid mapping expression parameter specified: method.request.header.Undeclared'),
    ],
    [
      { requestTemplates: { 123: '{}' } },
      'Validation Result: warnings : [], errors : [Invalid content type specified: 123]',
    ],
  ];
  for (const [input, message, name = 'BadRequestException'] of cases) {
    await assert.rejects(put(input), { name, message });
  }
});

test('unknown values are refused before an unknown method, all in one error', async () => {
  const wrong = { type: 'A' as 'AWS', responseTransferMode: 'B' as 'STREAM', httpMethod: 'POST' };
  await assert.rejects(put(wrong), {
    name: 'ValidationException',
    message:
      "2 validation errors detected: Value 'A' at 'putIntegrationInput.type' failed to satisfy constraint: Member must satisfy enum value set: [HTTP, MOCK, AWS_PROXY, HTTP_PROXY, AWS]; Value 'B' at 'putIntegrationInput.responseTransferMode' failed to satisfy constraint: Member must satisfy enum value set: [BUFFERED, STREAM]",
  });
});

test('only AWS services need a role: Lambda, HTTP and MOCK do not', async () => {
  const lambda =
    'arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:f/invocations';
  for (const type of ['AWS', 'AWS_PROXY'] as const) {
    assert.equal((await put({ type, uri: lambda, credentials: undefined })).credentials, undefined);
  }
  const http = await put({ type: 'HTTP_PROXY', uri: 'http://example.com', credentials: '' });
  assert.equal(http.credentials, undefined);
  const mock = await put({ type: 'MOCK', credentials: undefined });
  assert.deepEqual([mock.uri, mock.httpMethod], [undefined, undefined]);
  assert.equal((await put({ credentials: 'arn:aws:iam::*:user/*' })).credentials, 'arn:aws:iam::*:user/*');
});

test('mapping sources of every kind are accepted', async () => {
  const sources = [
    "'static value'",
    'method.request.querystring.shard-id',
    'method.request.multivaluequerystring.shard-id',
    'method.request.body',
    'method.request.body.records[0].data',
    'stageVariables.name',
    'context.identity.sourceIp',
  ];
  const parameters = sources.map((source, index) => [`integration.request.header.h${index}`, source]);
  const integration = await put({ requestParameters: Object.fromEntries(parameters) });
  assert.deepEqual(Object.values(integration.requestParameters ?? {}), sources);
});

test("an integration's lost credentials can be patched, as the provisioner does", async () => {
  await put({ requestTemplates: { 'application/json': '{}' } });
  const patched = await update(
    { op: 'replace', path: '/credentials', value: role },
    { op: 'replace', path: '/passthroughBehavior', value: 'NEVER' },
    { op: 'replace', path: '/httpMethod', value: 'GET' },
    {
      op: 'add',
      path: '/requestParameters/integration.request.header.Content-Type',
      value: "'x-amz-json-1.1'",
    },
    { op: 'replace', path: '/requestTemplates/application~1json', value: '{ "a": 1 }' },
  );
  assert.equal(patched.credentials, role);
  assert.equal(patched.passthroughBehavior, 'NEVER');
  assert.equal(patched.httpMethod, 'GET');
  assert.deepEqual(patched.requestTemplates, { 'application/json': '{ "a": 1 }' });
  assert.deepEqual(patched.requestParameters, {
    'integration.request.header.Content-Type': "'x-amz-json-1.1'",
  });
  await assert.rejects(update({ op: 'replace', path: '/uri', value: 'nonsense' }), {
    message: 'Invalid ARN specified in the request',
  });
  const { $metadata: _, ...read } = await served.client.send(new GetIntegrationCommand(at));
  assert.equal(read.uri, kinesis);
});

test('an integration response is put, overwritten, patched and deleted', async () => {
  await put();
  const { $metadata, ...response } = await putResponse({
    selectionPattern: '',
    responseTemplates: { 'application/json': '' },
  });
  assert.equal($metadata.httpStatusCode, 201);
  assert.equal(response.selectionPattern, '');
  const raw = await fetch(
    `${served.endpoint}/restapis/${at.restApiId}/resources/${at.resourceId}/methods/GET/integration/responses/200`,
  );
  assert.deepEqual(await raw.json(), {
    statusCode: '200',
    selectionPattern: '',
    responseTemplates: { 'application/json': null },
  });
  await putResponse({
    responseParameters: {
      'method.response.header.Content-Type': 'integration.response.header.Content-Type',
    },
  });
  const patchOperations = [{ op: 'replace', path: '/selectionPattern', value: '4\\d{2}' }] as const;
  const input = { ...at, statusCode: '200' };
  await served.client.send(
    new UpdateIntegrationResponseCommand({ ...input, patchOperations: [...patchOperations] }),
  );
  const method = await served.client.send(new GetMethodCommand(at));
  assert.deepEqual(method.methodIntegration?.integrationResponses, {
    200: {
      statusCode: '200',
      selectionPattern: '4\\d{2}',
      responseParameters: {
        'method.response.header.Content-Type': 'integration.response.header.Content-Type',
      },
    },
  });
  const deletion = await served.client.send(new DeleteIntegrationResponseCommand(input));
  assert.equal(deletion.$metadata.httpStatusCode, 204);
  await assert.rejects(served.client.send(new GetIntegrationResponseCommand(input)), {
    name: 'NotFoundException',
    message: 'Invalid Response status code specified',
  });
});

test('invalid integration responses are refused', async () => {
  const undeclared = { 'method.response.header.Other': "'x'" };
  await assert.rejects(putResponse(), { message: 'Invalid Integration identifier specified' });
  await put();
  await assert.rejects(putResponse({ responseParameters: undeclared }), {
    name: 'BadRequestException',
    message:
      'Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression parameter specified: method.response.header.Other]',
  });
  await assert.rejects(putResponse({ statusCode: '404', responseParameters: undeclared }), {
    message:
      'Invalid mapping expression specified: Validation Result: warnings : [], errors : [No method response exists for method.]',
  });
  await assert.rejects(putResponse({ httpMethod: 'POST' }), {
    message: 'Invalid Method identifier specified',
  });
  const wrongMethod = { ...at, httpMethod: 'POST', statusCode: '200' };
  await assert.rejects(served.client.send(new DeleteIntegrationResponseCommand(wrongMethod)), {
    name: 'NotFoundException',
    message: 'Invalid Integration identifier specified',
  });
});

test('a value of the wrong type is a SerializationException', async () => {
  const url = `${served.endpoint}/restapis/${at.restApiId}/resources/${at.resourceId}/methods/GET/integration`;
  const body = { type: 'HTTP_PROXY', requestParameters: { 'integration.request.path.testPath': true } };
  const answer = await fetch(url, { method: 'PUT', body: JSON.stringify(body) });
  assert.equal(answer.headers.get('x-amzn-errortype'), 'SerializationException');
  assert.deepEqual(await answer.json(), {
    message: 'class java.lang.Boolean can not be converted to an String',
  });
});
