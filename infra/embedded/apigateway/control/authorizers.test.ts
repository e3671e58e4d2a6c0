import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import {
  CreateAuthorizerCommand,
  CreateDeploymentCommand,
  DeleteAuthorizerCommand,
  DeleteMethodCommand,
  GetAuthorizerCommand,
  GetAuthorizersCommand,
  GetExportCommand,
  GetMethodCommand,
  GetResourcesCommand,
  ImportRestApiCommand,
  PutIntegrationCommand,
  PutMethodCommand,
  PutRestApiCommand,
  TestInvokeAuthorizerCommand,
  UpdateAuthorizerCommand,
  UpdateMethodCommand,
} from '@aws-sdk/client-api-gateway';
import { type MethodPlace, type Served, serve } from './testing/served.ts';

const LAMBDA =
  'arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:f/invocations';
const POOL = 'arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_ABC123';

let served: Served;
let at: MethodPlace;
before(async () => {
  served = await serve();
});
after(() => served.close());
beforeEach(async () => {
  at = await served.newApi('authorizers');
});

const create = (input: Partial<CreateAuthorizerCommand['input']> = {}) =>
  served.client.send(
    new CreateAuthorizerCommand({
      ...at,
      name: 'mine',
      type: 'TOKEN',
      authorizerUri: LAMBDA,
      identitySource: 'method.request.header.Auth',
      ...input,
    }),
  );
const putMethod = (input: Partial<PutMethodCommand['input']>) =>
  served.client.send(new PutMethodCommand({ ...at, authorizationType: 'CUSTOM', ...input }));

test('an authorizer is created, read, updated and deleted', async () => {
  const { $metadata, ...authorizer } = await create();
  assert.equal($metadata.httpStatusCode, 201);
  assert.deepEqual(authorizer, {
    id: authorizer.id,
    name: 'mine',
    type: 'TOKEN',
    authType: 'custom',
    authorizerUri: LAMBDA,
    identitySource: 'method.request.header.Auth',
  });
  const one = { ...at, authorizerId: authorizer.id };
  const patchOperations = [
    { op: 'replace', path: '/name', value: 'renamed' },
    { op: 'replace', path: '/authorizerResultTtlInSeconds', value: '60' },
  ] as const;
  await served.client.send(new UpdateAuthorizerCommand({ ...one, patchOperations: [...patchOperations] }));
  const { $metadata: _, ...read } = await served.client.send(new GetAuthorizerCommand(one));
  assert.deepEqual(read, { ...authorizer, name: 'renamed', authorizerResultTtlInSeconds: 60 });
  await served.client.send(new DeleteAuthorizerCommand(one));
  assert.deepEqual((await served.client.send(new GetAuthorizersCommand(at))).items, []);
  await assert.rejects(served.client.send(new GetAuthorizerCommand(one)), {
    name: 'NotFoundException',
    message: 'Invalid Authorizer identifier specified',
  });
});

test('invalid authorizers are refused', async () => {
  const cases: [Partial<CreateAuthorizerCommand['input']>, string][] = [
    [{ name: '' }, 'Authorizer name must be non-empty'],
    [{ authorizerUri: undefined }, 'Authorizer URI must be specified for TOKEN authorizers'],
    [{ identitySource: undefined }, 'Identity source must be specified for TOKEN authorizers'],
    [{ type: 'COGNITO_USER_POOLS' }, 'Provider ARNs must be specified for COGNITO_USER_POOLS authorizers'],
    [{ authorizerResultTtlInSeconds: 3_601 }, 'Authorizer result TTL must be between 0 and 3600 seconds'],
  ];
  for (const [input, message] of cases)
    await assert.rejects(create(input), { name: 'BadRequestException', message });
  await assert.rejects(create({ type: 'JWT' as 'TOKEN' }), { name: 'ValidationException' });
  await assert.rejects(served.client.send(new TestInvokeAuthorizerCommand({ ...at, authorizerId: 'a' })), {
    name: 'NotImplementedException',
  });
});

test('a method accepts an authorizer of its type, which then cannot be deleted', async () => {
  const { id: token } = await create();
  const { id: pool } = await create({ name: 'pool', type: 'COGNITO_USER_POOLS', providerARNs: [POOL] });
  const message =
    'Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.';
  await assert.rejects(putMethod({}), { message });
  await assert.rejects(putMethod({ authorizerId: pool }), { message });
  await assert.rejects(putMethod({ authorizationType: 'COGNITO_USER_POOLS', authorizerId: token }), {
    message,
  });
  await putMethod({
    authorizationType: 'COGNITO_USER_POOLS',
    authorizerId: pool,
    authorizationScopes: ['a'],
  });
  const scopes = [{ op: 'add', path: '/authorizationScopes', value: 'b' }] as const;
  const patched = await served.client.send(new UpdateMethodCommand({ ...at, patchOperations: [...scopes] }));
  assert.deepEqual(patched.authorizationScopes, ['a', 'b']);
  const inUse = served.client.send(new DeleteAuthorizerCommand({ ...at, authorizerId: pool }));
  await assert.rejects(inUse, { name: 'ConflictException' });
  await served.client.send(new DeleteMethodCommand(at));
  await served.client.send(new DeleteAuthorizerCommand({ ...at, authorizerId: pool }));
});

const definition = (extra: object = {}) => ({
  openapi: '3.0.1',
  info: { title: 'Guarded', version: '1' },
  paths: {
    '/open': { get: { responses: {}, 'x-amazon-apigateway-integration': { type: 'mock' } } },
    '/guarded': {
      get: {
        security: [{ mine: ['read'] }],
        responses: {},
        'x-amazon-apigateway-integration': { type: 'mock' },
      },
    },
  },
  components: {
    securitySchemes: {
      mine: {
        type: 'apiKey',
        name: 'Authorization',
        in: 'header',
        'x-amazon-apigateway-authtype': 'custom',
        'x-amazon-apigateway-authorizer': { type: 'token', authorizerUri: LAMBDA, ...extra },
      },
    },
  },
});
const bytes = (document: object) => new TextEncoder().encode(JSON.stringify(document));

test('an exported authorizer equals the imported one; a second import keeps its id', async () => {
  const { id: restApiId } = await served.client.send(new ImportRestApiCommand({ body: bytes(definition()) }));
  const authorizers = async () => (await served.client.send(new GetAuthorizersCommand({ restApiId }))).items;
  const before = await authorizers();
  await served.client.send(new PutRestApiCommand({ restApiId, mode: 'merge', body: bytes(definition()) }));
  assert.deepEqual(await authorizers(), before);
  await served.client.send(new CreateDeploymentCommand({ restApiId, stageName: 'test' }));
  const exported = async (extensions: string) => {
    const { body } = await served.client.send(
      new GetExportCommand({ restApiId, stageName: 'test', exportType: 'oas30', parameters: { extensions } }),
    );
    return JSON.parse(Buffer.from(body ?? []).toString());
  };
  const { components, paths } = await exported('apigateway');
  assert.deepEqual(components.securitySchemes, definition().components.securitySchemes);
  assert.deepEqual(paths['/guarded'].get.security, [{ mine: ['read'] }]);
  assert.equal(paths['/open'].get.security, undefined);
  const bare = await exported('integrations');
  assert.equal('x-amazon-apigateway-authorizer' in bare.components.securitySchemes.mine, false);
});

test('the error for an authorizer of another kind of API names it', async () => {
  const jwt = definition({ type: 'jwt' });
  await assert.rejects(served.client.send(new ImportRestApiCommand({ body: bytes(jwt) })), {
    message:
      /^Errors found during import:\n\tUnable to create authorizer 'mine': 1 validation error detected/,
  });
});

test('methods without the authorizer are unaffected', async () => {
  const { id: restApiId } = await served.client.send(new ImportRestApiCommand({ body: bytes(definition()) }));
  const { items } = await served.client.send(new GetResourcesCommand({ restApiId }));
  const resourceId = items?.find(({ path }) => path === '/open')?.id;
  const open = await served.client.send(new GetMethodCommand({ ...at, restApiId, resourceId }));
  assert.deepEqual([open.authorizationType, open.authorizerId], ['NONE', undefined]);
  await served.client.send(new PutIntegrationCommand({ ...at, restApiId, resourceId, type: 'MOCK' }));
});
