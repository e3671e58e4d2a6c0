import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRouter, MalformedPath } from './router.ts';

const router = createRouter({
  'GET /restapis': 'list',
  'GET /restapis/{id}': 'get',
  'DELETE /restapis/{id}': 'delete',
  'GET /tags/{arn}': 'tags',
});

test('a verb and a path name one operation, with its decoded parameters', () => {
  assert.deepEqual(router.match('GET', '/restapis'), { target: 'list', params: {} });
  assert.deepEqual(router.match('GET', '/restapis/'), { target: 'list', params: {} });
  assert.deepEqual(router.match('DELETE', '/restapis/a'), { target: 'delete', params: { id: 'a' } });
  const arn = 'arn:aws:apigateway:eu-west-1::/restapis/a/stages/b';
  assert.deepEqual(router.match('GET', `/tags/${encodeURIComponent(arn)}`), {
    target: 'tags',
    params: { arn },
  });
});

test('another verb or depth does not match; a malformed escape is an error', () => {
  assert.equal(router.match('PUT', '/restapis/a'), undefined);
  assert.equal(router.match('GET', '/restapis/a/b'), undefined);
  assert.throws(() => router.match('GET', '/restapis/%zz'), MalformedPath);
});
