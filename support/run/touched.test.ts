import { test } from 'node:test';
import { expect } from 'chai';
import type { Declaration, JsonObject } from '../../infra/definition/types.ts';
import { callsAny, changedMethods, type Used } from './touched.ts';

const declaration = (openapi: JsonObject): Declaration => ({
  form: 'openapi',
  openapi,
  roles: [],
  streams: [],
  stage: undefined,
  apiKeys: [],
  usagePlans: [],
  leftOut: [],
});
const paths = (put: string): JsonObject => ({
  '/streams': { get: { template: 'list' } },
  '/streams/{name}/record': { put: { template: put } },
});
const called = (...calls: string[]): Used => ({ stepFiles: new Set(), calls: new Set(calls) });

test('the changed methods of a definition count, unless other parts changed too', () => {
  const before = declaration({ paths: paths('a') });
  expect(changedMethods(before, declaration({ paths: paths('a') }))).to.deep.equal([]);
  expect(changedMethods(before, declaration({ paths: paths('b') }))).to.deep.equal([
    'PUT /streams/{name}/record',
  ]);
  expect(changedMethods(before, declaration({ paths: paths('a'), info: {} }))).to.equal(undefined);
  expect(changedMethods(before, declaration({ paths: { '/streams': {} } }))).to.equal(undefined);
});

test('a change of a method affects the scenarios that called it, and those without calls', () => {
  const base = 'http://127.0.0.1:1/_aws/execute-api/abc/test';
  const put = called(`PUT ${base}/streams/x/record`);
  expect(callsAny(put, ['PUT /streams/{name}/record'])).to.equal(true);
  expect(callsAny(put, ['GET /streams'])).to.equal(false);
  expect(callsAny(put, ['POST /streams/{name}/record'])).to.equal(false);
  expect(callsAny(put, ['PARAMETERS /streams/{name}/record'])).to.equal(true);
  expect(callsAny(put, ['X-AMAZON-APIGATEWAY-ANY-METHOD /{proxy+}'])).to.equal(true);
  expect(callsAny(called(), ['GET /streams'])).to.equal(true);
});
