import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import {
  CreateModelCommand,
  CreateRestApiCommand,
  DeleteMethodCommand,
  DeleteMethodResponseCommand,
  DeleteModelCommand,
  GetMethodCommand,
  GetMethodResponseCommand,
  type PatchOperation,
  PutMethodCommand,
  PutMethodResponseCommand,
  UpdateMethodCommand,
  UpdateMethodResponseCommand,
} from '@aws-sdk/client-api-gateway';
import { type Served, serve } from './testing/served.ts';

let served: Served;
let at: { restApiId: string; resourceId: string; httpMethod: string };
before(async () => {
  served = await serve();
});
beforeEach(async () => {
  const { id = '', rootResourceId = '' } = await served.client.send(
    new CreateRestApiCommand({ name: 'methods' }),
  );
  at = { restApiId: id, resourceId: rootResourceId, httpMethod: 'GET' };
});
after(() => served.close());

const put = (input: Partial<PutMethodCommand['input']> = {}) =>
  served.client.send(new PutMethodCommand({ ...at, authorizationType: 'NONE', ...input }));
const update = (...patchOperations: PatchOperation[]) =>
  served.client.send(new UpdateMethodCommand({ ...at, patchOperations }));

test('a method is put once, read, and deleted', async () => {
  const { $metadata, ...method } = await put({
    requestParameters: { 'method.request.header.a': true, 'method.request.querystring.b': false },
  });
  assert.equal($metadata.httpStatusCode, 201);
  assert.deepEqual(method, {
    httpMethod: 'GET',
    authorizationType: 'NONE',
    apiKeyRequired: false,
    requestParameters: { 'method.request.header.a': true, 'method.request.querystring.b': false },
  });
  await assert.rejects(put(), {
    name: 'ConflictException',
    message: 'Method already exists for this resource',
  });
  const deletion = await served.client.send(new DeleteMethodCommand(at));
  assert.equal(deletion.$metadata.httpStatusCode, 204);
  await assert.rejects(served.client.send(new GetMethodCommand(at)), {
    name: 'NotFoundException',
    message: 'Invalid Method identifier specified',
  });
});

test('invalid methods are refused', async () => {
  const cases: [Partial<PutMethodCommand['input']>, string, string][] = [
    [{ restApiId: 'nothere' }, 'NotFoundException', 'Invalid Resource identifier specified'],
    [{ resourceId: 'nothere' }, 'NotFoundException', 'Invalid Resource identifier specified'],
    [
      { httpMethod: 'TRACE' },
      'BadRequestException',
      'Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY',
    ],
    [
      { authorizationType: 'CUSTOM' },
      'BadRequestException',
      'Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.',
    ],
    [
      { requestValidatorId: 'nothere' },
      'BadRequestException',
      'Invalid Request Validator identifier specified',
    ],
    [
      { requestModels: { 'application/json': 'petModel' } },
      'BadRequestException',
      'Invalid model identifier specified: petModel',
    ],
    [
      { requestParameters: { 'method.request.header.a': true, 'method.request.querystring.a': true } },
      'BadRequestException',
      'Parameter names must be unique across querystring, header and path',
    ],
    [
      { requestParameters: { true: true } },
      'BadRequestException',
      'Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: true]',
    ],
  ];
  for (const [input, name, message] of cases) await assert.rejects(put(input), { name, message });
});

test('a method is patched; a map without entries disappears', async () => {
  await put();
  const added = await update(
    { op: 'add', path: '/requestParameters/method.request.querystring.optional', value: 'true' },
    { op: 'add', path: '/requestModels/application~1json', value: 'Empty' },
    { op: 'replace', path: '/authorizationType', value: 'AWS_IAM' },
    { op: 'replace', path: '/apiKeyRequired', value: 'true' },
  );
  assert.deepEqual(added.requestModels, { 'application/json': 'Empty' });
  assert.deepEqual(added.requestParameters, { 'method.request.querystring.optional': true });
  assert.equal(added.authorizationType, 'AWS_IAM');
  assert.equal(added.apiKeyRequired, true);
  const removed = await update(
    { op: 'remove', path: '/requestParameters/method.request.querystring.optional' },
    { op: 'remove', path: '/requestModels/application~1json' },
  );
  assert.equal(removed.requestModels, undefined);
  assert.equal(removed.requestParameters, undefined);
  for (const path of ['/httpMethod', '/requestParameters', '/requestModels/application/json']) {
    await assert.rejects(update({ op: 'replace', path, value: 'x' }), {
      message: `Invalid patch path ${path}`,
    });
  }
});

test('a method response is put, patched with 201, and deleted', async () => {
  await put();
  const response = { ...at, statusCode: '200' };
  const { $metadata: _, ...stored } = await served.client.send(new PutMethodResponseCommand(response));
  assert.deepEqual(stored, { statusCode: '200' });
  const patched = await served.client.send(
    new UpdateMethodResponseCommand({
      ...response,
      patchOperations: [
        { op: 'add', path: '/responseParameters/method.response.header.my-header', value: 'true' },
        { op: 'add', path: '/responseModels/application~1json', value: 'Empty' },
      ],
    }),
  );
  assert.equal(patched.$metadata.httpStatusCode, 201);
  assert.deepEqual(patched.responseParameters, { 'method.response.header.my-header': true });
  const wrong = [{ op: 'remove', path: '/responseParameters/method.response.header.other' }] as const;
  await assert.rejects(
    served.client.send(new UpdateMethodResponseCommand({ ...response, patchOperations: [...wrong] })),
    { name: 'NotFoundException', message: 'Invalid parameter name specified' },
  );
  await served.client.send(new DeleteMethodResponseCommand(response));
  await assert.rejects(served.client.send(new GetMethodResponseCommand(response)), {
    name: 'NotFoundException',
    message: 'Invalid Response status code specified',
  });
  await assert.rejects(
    served.client.send(new GetMethodResponseCommand({ ...response, statusCode: 'wrong' })),
    {
      name: 'ValidationException',
      message:
        "1 validation error detected: Value 'wrong' at 'statusCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [1-5]\\d\\d",
    },
  );
});

test('an unknown patch operation is refused before anything else', async () => {
  await put();
  const patchOperations = [
    { op: 'replace', path: '/operationName', value: 'x' },
    { op: 'wrong' as 'add', path: '/operationName', value: 'x' },
  ] as const;
  await assert.rejects(update(...patchOperations), {
    name: 'ValidationException',
    message:
      "1 validation error detected: Value 'wrong' at 'updateMethodInput.patchOperations.2.member.op' failed to satisfy constraint: Member must satisfy enum value set: [add, remove, move, test, replace, copy]",
  });
});

test('a model in use cannot be deleted', async () => {
  const { restApiId } = at;
  const model = { restApiId, name: 'Pet', contentType: 'application/json', schema: '{"type":"object"}' };
  await served.client.send(new CreateModelCommand(model));
  await put({ requestModels: { 'application/json': 'Pet' } });
  await assert.rejects(served.client.send(new DeleteModelCommand({ restApiId, modelName: 'Pet' })), {
    name: 'ConflictException',
    message: "Cannot delete model 'Pet', is referenced in method request: //GET",
  });
  await served.client.send(new DeleteMethodCommand(at));
  const deletion = await served.client.send(new DeleteModelCommand({ restApiId, modelName: 'Pet' }));
  assert.equal(deletion.$metadata.httpStatusCode, 202);
});
