import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hindrances } from './preflight.ts';

const JSON_BODY = { 'Content-Type': 'application/json' };
const GOOD = {
  'access-control-allow-origin': 'https://a.example',
  'access-control-allow-methods': 'POST, PUT',
  'access-control-allow-headers': 'content-type,X-Api-Key',
};
const asked = (
  answer: { status?: number; headers?: Record<string, string | undefined> },
  call: { method?: string; auth?: 'none' | 'iam' | 'api-key' | 'authorizer'; apiKeyRequired?: boolean } = {},
  headers: Record<string, string> = JSON_BODY,
) => {
  const told: Record<string, string | undefined> = { ...GOOD, ...answer.headers };
  return hindrances({
    call: { method: 'PUT', auth: 'none', apiKeyRequired: false, ...call },
    request: { method: 'PUT', resource: '/', path: '/', query: [], headers },
    answer: { status: answer.status ?? 204, header: (name) => told[name] },
  });
};

test('a preflight with success, an origin, the method and the headers lets a page call', () => {
  assert.deepEqual(asked({}), []);
  assert.deepEqual(asked({ status: 200 }, { auth: 'api-key', apiKeyRequired: true }), []);
  assert.deepEqual(asked({ headers: { 'access-control-allow-methods': '*' } }), []);
  assert.deepEqual(asked({ headers: { 'access-control-allow-headers': '*' } }), []);
});

test('what a browser does not request need not be allowed', () => {
  const bare = { 'access-control-allow-methods': undefined, 'access-control-allow-headers': undefined };
  assert.deepEqual(asked({ headers: bare }, { method: 'POST' }, { 'Content-Type': 'text/plain' }), []);
  assert.deepEqual(asked({ headers: bare }, { method: 'GET' }, {}), []);
  assert.deepEqual(asked({}, { auth: 'iam' }), []);
  assert.deepEqual(
    asked(
      { headers: { 'access-control-allow-headers': 'Content-Type' } },
      { auth: 'authorizer', apiKeyRequired: true },
    ),
    [],
  );
});

test('anything that a preflight lacks prevents the call', () => {
  assert.deepEqual(asked({ status: 403 }), ['the status is 403']);
  assert.deepEqual(asked({ status: 302 }), ['the status is 302']);
  assert.deepEqual(asked({ headers: { 'access-control-allow-origin': undefined } }), [
    'no origin is allowed',
  ]);
  assert.deepEqual(asked({}, { method: 'DELETE' }), ['the method DELETE is not allowed']);
  assert.deepEqual(asked({}, {}, { ...JSON_BODY, 'Shard-Iterator': 'x' }), [
    'the header shard-iterator is not allowed',
  ]);
  assert.deepEqual(
    asked(
      { headers: { 'access-control-allow-headers': 'Content-Type' } },
      { auth: 'api-key', apiKeyRequired: true },
    ),
    ['the header x-api-key is not allowed'],
  );
});
