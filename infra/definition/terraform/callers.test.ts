import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BY_ENDPOINT, BY_POLICY } from '../callers.ts';
import type { JsonObject } from '../types.ts';
import { readTerraform } from './read.ts';
import { context, type Described, oneMethod, planOf } from './testing/plan.ts';

const API = 'aws_api_gateway_rest_api.api';
const ALLOW = { Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Resource: '*' };
const policy = (more: object) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ ...ALLOW, ...more }] });
const ids = { id: [], root_resource_id: [] };

function limitOf(values: JsonObject, more: Described[] = [], unknown: Described['unknown'] = {}) {
  const changed = { values: { name: 'clicks', ...values }, unknown: { ...ids, ...unknown } };
  return readTerraform(planOf([...oneMethod({ [API]: changed }), ...more]), context).limitsCallers;
}

describe('what limits the callers of an API in Terraform', () => {
  const beside = (values: JsonObject, unknown: Described['unknown'] = {}): Described => ({
    address: 'aws_api_gateway_rest_api_policy.own',
    values,
    unknown: { rest_api_id: [`${API}.id`, API], ...unknown },
  });
  for (const [what, limit, found] of [
    ['nothing', undefined, () => limitOf({})],
    ['a policy that the provider computes', undefined, () => limitOf({}, [], { policy: [] })],
    ['a policy for everybody', undefined, () => limitOf({ policy: policy({}) })],
    ['a policy of an account', BY_POLICY, () => limitOf({ policy: policy({ Principal: { AWS: '1' } }) })],
    [
      'a policy that is known after apply only',
      BY_POLICY,
      () => limitOf({}, [], { policy: ['data.aws_iam_policy_document.own.json'] }),
    ],
    ['a policy beside it', BY_POLICY, () => limitOf({}, [beside({ policy: policy({ Effect: 'Deny' }) })])],
    ['a policy beside it for everybody', undefined, () => limitOf({}, [beside({ policy: policy({}) })])],
    ['a disabled endpoint', BY_ENDPOINT, () => limitOf({ disable_execute_api_endpoint: true })],
    [
      'an endpoint that the provider decides',
      undefined,
      () => limitOf({}, [], { disable_execute_api_endpoint: [] }),
    ],
  ] as const)
    test(what, () => {
      assert.equal(found(), limit);
    });
});
