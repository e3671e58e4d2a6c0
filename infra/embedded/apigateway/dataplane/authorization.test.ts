import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Header } from '../../http.ts';
import type { Authorizer } from '../model.ts';
import { admit, REFUSE_ALL } from './authorization.ts';
import type { GatewayError } from './gateway-error.ts';
import { apiOf, methodOf, resourceOf } from './test-api.ts';

async function answerTo(
  authorizer: Partial<Authorizer>,
  call: { headers?: readonly Header[]; query?: string },
): Promise<readonly [type: string, text: string]> {
  const method = methodOf({}, { authorizationType: 'CUSTOM', authorizerId: 'a1' });
  const own: Authorizer = { id: 'a1', name: 'mine', type: 'TOKEN', ...authorizer };
  const refusal = await admit(REFUSE_ALL, {
    api: apiOf([], { authorizers: [own] }),
    stage: { stageName: 'test', variables: { tenant: 't', empty: '' } },
    route: { resource: resourceOf('/admin'), method, pathParameters: new Map() },
    request: {
      method: 'PUT',
      target: '/test/admin',
      path: '/admin',
      query: call.query ?? '',
      headers: call.headers ?? [],
      body: Buffer.alloc(0),
      sourceIp: '127.0.0.1',
    },
  }).then(
    () => assert.fail('it was let in'),
    (error: GatewayError) => error,
  );
  return [refusal.type, refusal.message];
}

const UNAUTHORIZED = ['UNAUTHORIZED', 'Unauthorized'] as const;
const NOT_EMULATED = [
  'NOT_EMULATED',
  'The embedded API Gateway does not emulate authorizers, so PUT /admin is neither allowed nor denied by mine',
] as const;
const TOKEN = { identitySource: 'method.request.header.Auth' };

test('a call without a token is unauthorized; with a token, the authorizer is not emulated', async () => {
  assert.deepEqual(await answerTo(TOKEN, {}), UNAUTHORIZED);
  assert.deepEqual(await answerTo(TOKEN, { headers: [['Auth', '']] }), UNAUTHORIZED);
  assert.deepEqual(await answerTo(TOKEN, { headers: [['auth', 'anything']] }), NOT_EMULATED);
  const pool = { ...TOKEN, type: 'COGNITO_USER_POOLS' } as const;
  assert.deepEqual(await answerTo(pool, {}), UNAUTHORIZED);
  assert.deepEqual(await answerTo(pool, { headers: [['Auth', 'a.b.c']] }), NOT_EMULATED);
});

test("a token must match the authorizer's validation expression", async () => {
  const formed = { ...TOKEN, identityValidationExpression: '^x-[a-z]+$' };
  assert.deepEqual(await answerTo(formed, { headers: [['Auth', 'y-1']] }), UNAUTHORIZED);
  assert.deepEqual(await answerTo(formed, { headers: [['Auth', 'x-y']] }), NOT_EMULATED);
  const java = { ...TOKEN, identityValidationExpression: '(?i)^x++$' };
  assert.deepEqual(await answerTo(java, { headers: [['Auth', 'y']] }), NOT_EMULATED);
});

test('a REQUEST authorizer needs a value for each of its sources', async () => {
  const sources = (identitySource: string) => ({ type: 'REQUEST', identitySource }) as const;
  const both = sources('method.request.header.Auth, method.request.querystring.who');
  assert.deepEqual(await answerTo(both, { headers: [['Auth', 'a']] }), UNAUTHORIZED);
  assert.deepEqual(await answerTo(both, { headers: [['Auth', 'a']], query: 'who=' }), UNAUTHORIZED);
  assert.deepEqual(await answerTo(both, { headers: [['Auth', 'a']], query: 'who=b' }), NOT_EMULATED);
  assert.deepEqual(await answerTo(sources('stageVariables.empty'), {}), UNAUTHORIZED);
  assert.deepEqual(await answerTo(sources('stageVariables.tenant'), {}), NOT_EMULATED);
  assert.deepEqual(await answerTo(sources('context.identity.sourceIp'), {}), NOT_EMULATED);
  assert.deepEqual(await answerTo(sources(''), {}), NOT_EMULATED);
});
