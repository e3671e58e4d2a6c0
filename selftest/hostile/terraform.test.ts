import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTerraform } from '../../infra/definition/terraform/read.ts';
import { context, type Described, oneMethod, planOf } from '../../infra/definition/terraform/testing/plan.ts';
import type { Json, JsonObject } from '../../infra/definition/types.ts';
import { UsageError } from '../../infra/errors.ts';

const API = 'aws_api_gateway_rest_api.api';

/** A plan with so many methods by for_each, whose parts refer to each other's ids, as JSON text. */
function largePlan(methods: number, padding: number): string {
  const keys = Array.from({ length: methods }, (_, at) => `m${at}`);
  const id = { rest_api_id: [`${API}.id`, API] };
  const at = { ...id, resource_id: ['aws_api_gateway_resource.r', 'each.key'] };
  const each = { rest_api_id: ['each.value.rest_api_id'], resource_id: ['each.value.resource_id'] };
  const values = { http_method: 'PUT', status_code: '200' };
  const integration = {
    ...values,
    type: 'AWS',
    integration_http_method: 'POST',
    uri: 'arn:aws:apigateway:us-east-1:kinesis:action/PutRecord',
    request_templates: { 'application/json': `{"StreamName": "clicks"}${' '.repeat(padding)}` },
  };
  const all = keys.flatMap((index): Described[] => [
    {
      address: 'aws_api_gateway_resource.r',
      index,
      values: { path_part: index },
      unknown: { ...id, id: [], parent_id: [`${API}.root_resource_id`, API] },
    },
    { address: 'aws_api_gateway_method.m', index, values: { ...values, authorization: 'NONE' }, unknown: at },
    {
      address: 'aws_api_gateway_integration.i',
      index,
      values: integration,
      unknown: { ...at, credentials: ['aws_iam_role.gateway.arn', 'aws_iam_role.gateway'] },
    },
    {
      address: 'aws_api_gateway_method_response.p',
      index,
      values,
      unknown: each,
      forEach: ['aws_api_gateway_method.m'],
    },
    {
      address: 'aws_api_gateway_integration_response.q',
      index,
      values,
      unknown: each,
      forEach: ['aws_api_gateway_method_response.p'],
    },
  ]);
  return JSON.stringify(planOf([...oneMethod(), ...all]));
}

test('a plan of 20 MB is read in bounded time and memory', () => {
  const text = largePlan(7500, 400);
  assert.ok(text.length > 20e6);
  const document = JSON.parse(text) as JsonObject;
  const heap = process.memoryUsage().heapUsed;
  const started = performance.now();
  const { openapi } = readTerraform(document, context);
  const seconds = (performance.now() - started) / 1000;
  assert.equal(Object.keys(openapi.paths as JsonObject).length, 7501);
  // 2 to 6 s on two busy cores; in quadratic time it would take minutes.
  assert.ok(seconds < 25, `${seconds} s`);
  const grown = (process.memoryUsage().heapUsed - heap) / 1e6;
  assert.ok(grown < 400, `${grown} MB`);
});

test('the time to read a plan is linear in its size, not quadratic', () => {
  const time = (methods: number) => {
    const document = JSON.parse(largePlan(methods, 0)) as JsonObject;
    const times = [1, 2, 3].map(() => {
      const started = performance.now();
      readTerraform(document, context);
      return performance.now() - started;
    });
    return Math.min(...times);
  };
  time(300);
  const ratio = time(4000) / time(500);
  // Eight times the size; quadratic would be 64 times.
  assert.ok(ratio < 32, `${ratio}`);
});

for (const [what, deep] of Object.entries({
  modules: (depth: number): JsonObject => {
    let module: JsonObject = { resources: [] };
    for (let at = 0; at < depth; at++) module = { address: `module.m${at}`, child_modules: [module] };
    return { format_version: '1.0', values: { root_module: module } };
  },
  policies: (depth: number): JsonObject => {
    const policy = `{"Statement": ${'['.repeat(depth)}${']'.repeat(depth)}}`;
    return planOf(
      oneMethod({ 'aws_iam_role.gateway': { values: { name: 'g', assume_role_policy: policy } } }),
    );
  },
}))
  test(`${what} nested 200,000 deep are refused in one line`, () => {
    assert.throws(
      () => readTerraform(deep(200_000), context),
      (error) => error instanceof UsageError && /^plan\.json: .*nested too deeply.*$/.test(error.message),
    );
  });

test('names of built-in object members are names like any other', () => {
  const hostile = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
  const more = hostile.flatMap((name): Described[] => [
    {
      address: `aws_api_gateway_resource.${name}`,
      values: { path_part: name },
      unknown: { id: [], rest_api_id: [API], parent_id: [`${API}.root_resource_id`] },
    },
    {
      address: `aws_api_gateway_model.${name}`,
      values: { name, schema: '{"type": "object", "__proto__": {"polluted": true}}' },
      unknown: { rest_api_id: [API] },
    },
  ]);
  const { openapi } = readTerraform(planOf([...oneMethod(), ...more]), context);
  const { schemas } = openapi.components as { schemas: JsonObject };
  assert.deepEqual(Object.keys(schemas).sort(), hostile.sort());
  assert.deepEqual(
    Object.keys(openapi.paths as JsonObject).sort(),
    [...hostile.map((name) => `/${name}`), '/events'].sort(),
  );
  assert.equal(({} as Record<string, Json>).polluted, undefined);
});
