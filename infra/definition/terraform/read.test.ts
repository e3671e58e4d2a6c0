import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { UsageError } from '../../errors.ts';
import type { JsonObject } from '../types.ts';
import { isTerraform } from './document.ts';
import { readTerraform } from './read.ts';
import { context, type Described, oneMethod, planOf, stateOf } from './testing/plan.ts';

const API = 'aws_api_gateway_rest_api.api';
const INTEGRATION = 'aws_api_gateway_integration.put';
const REMEDY = 'apply, then give terraform show -json of the state';

function refusal(document: JsonObject, api?: string): string {
  try {
    readTerraform(document, { ...context, api });
  } catch (error) {
    assert.ok(error instanceof UsageError, String(error));
    assert.doesNotMatch(error.message, /\n/);
    return error.message;
  }
  throw new Error('the file was read');
}

/** A plan with one method, with the given values or references for its integration. */
function integrationWith(unknown: Record<string, readonly string[]>, values: JsonObject = {}): JsonObject {
  const plain = oneMethod().find(({ address }) => address === INTEGRATION);
  const kept = Object.entries(plain?.values ?? {}).filter(([name]) => unknown[name] === undefined);
  return planOf(
    oneMethod({
      [INTEGRATION]: {
        values: { ...Object.fromEntries(kept), ...values },
        unknown: { ...plain?.unknown, ...unknown },
      },
    }),
  );
}

describe('a file that is refused says why, where and what to do', () => {
  const plan = planOf(oneMethod());
  const second: Described = { address: 'aws_api_gateway_rest_api.other', values: { name: 'other' } };

  test('a newer format', () => {
    assert.equal(
      refusal({ ...plan, format_version: '2.0' }),
      'plan.json: format_version "2.0" is not supported, only 1.x is; use a Terraform whose terraform show -json writes 1.x',
    );
  });

  test("Terraform's own state file", () => {
    const raw = { version: 4, serial: 3, lineage: 'a', resources: [] };
    assert.ok(isTerraform(raw));
    assert.equal(
      refusal(raw),
      "plan.json: it is Terraform's own state file; write terraform show -json into a file and give that",
    );
  });

  test('a plan that failed', () => {
    assert.equal(
      refusal({ ...plan, errored: true }),
      'plan.json: the plan failed with an error, so it is incomplete; plan again without errors',
    );
  });

  test('a plan and a state without an API', () => {
    assert.equal(
      refusal(planOf([])),
      'plan.json: the plan has no aws_api_gateway_rest_api, so there is nothing to judge; give the plan of the configuration that declares the API',
    );
    assert.match(
      refusal({ format_version: '1.0' }),
      /^plan.json: the state has no aws_api_gateway_rest_api,/,
    );
  });

  test('two APIs and none chosen, or one that is not there', () => {
    const both = planOf([...oneMethod(), second]);
    assert.equal(
      refusal(both),
      `plan.json: the plan has 2 APIs: ${API}, aws_api_gateway_rest_api.other; choose one with --api NAME`,
    );
    assert.equal(
      refusal(both, 'third'),
      `plan.json: --api third matches no API; the file has: ${API}, aws_api_gateway_rest_api.other`,
    );
    for (const name of ['clicks', 'api', API])
      assert.deepEqual(Object.keys(readTerraform(both, { ...context, api: name }).openapi.paths ?? {}), [
        '/events',
      ]);
    assert.deepEqual(readTerraform(both, { ...context, api: 'other' }).openapi.paths, {});
  });

  test('a role that comes from a local value', () => {
    assert.equal(
      refusal(integrationWith({ credentials: ['local.role'] })),
      `plan.json: ${INTEGRATION}.credentials: it is known only after apply and comes from local.role, which a plan does not contain; ${REMEDY}`,
    );
  });

  test('a role that is one of two', () => {
    const other: Described = { address: 'aws_iam_role.other', values: { name: 'other' } };
    const document = planOf([
      ...oneMethod({
        [INTEGRATION]: {
          unknown: {
            rest_api_id: [API],
            resource_id: ['aws_api_gateway_resource.events'],
            credentials: ['var.which', 'aws_iam_role.gateway.arn', 'aws_iam_role.other.arn'],
          },
        },
      }),
      other,
    ]);
    assert.equal(
      refusal(document),
      `plan.json: ${INTEGRATION}.credentials: it is known only after apply and may be aws_iam_role.gateway.arn or aws_iam_role.other.arn; ${REMEDY}`,
    );
  });

  test('a template and a URI whose text only apply knows', () => {
    assert.equal(
      refusal(integrationWith({ request_templates: ['local.template'] })),
      `plan.json: ${INTEGRATION}.request_templates: it is known only after apply, since it depends on local.template; ${REMEDY}`,
    );
    assert.equal(
      refusal(integrationWith({ uri: ['data.aws_region.current.name', 'data.aws_region.current'] })),
      `plan.json: ${INTEGRATION}.uri: it is known only after apply, since it depends on data.aws_region.current.name; ${REMEDY}`,
    );
  });

  test('a body whose text only apply knows', () => {
    const role = oneMethod().filter(({ address }) => address.startsWith('aws_iam_role'));
    const api: Described = {
      address: API,
      values: { name: 'clicks' },
      unknown: { body: ['aws_iam_role.gateway.arn', 'aws_iam_role.gateway'] },
    };
    assert.equal(
      refusal(planOf([api, ...role])),
      `plan.json: ${API}.body: it is known only after apply, since it depends on aws_iam_role.gateway.arn; apply, then give terraform show -json of the state, or give the OpenAPI file itself`,
    );
  });

  test('a body that is not OpenAPI, or has placeholders', () => {
    const withBody = (body: string) => planOf([{ address: API, values: { name: 'clicks', body } }]);
    assert.equal(
      refusal(withBody('{"paths": {}}')),
      `plan.json: ${API}.body: it is not an OpenAPI document; correct the body`,
    );
    const uri = 'arn:aws:apigateway:${AWS::Region}:kinesis:action/PutRecord';
    const document = {
      openapi: '3.0.1',
      paths: { '/x': { post: { 'x-amazon-apigateway-integration': { type: 'aws', uri } } } },
    };
    assert.equal(
      refusal(withBody(JSON.stringify(document))),
      `plan.json: ${API}.body: an integration's uri contains a placeholder that Terraform did not fill in; fill it in with templatefile()`,
    );
  });

  test('a resource whose parent is itself, or is declared elsewhere', () => {
    const events = 'aws_api_gateway_resource.events';
    const under = (parent_id: string) =>
      stateOf([
        { address: API, values: { name: 'clicks', id: 'a1', root_resource_id: 'r1' } },
        { address: events, values: { rest_api_id: 'a1', id: 'e1', parent_id, path_part: 'events' } },
      ]);
    assert.equal(refusal(under('e1')), `plan.json: ${events}.parent_id: it leads back to itself; correct it`);
    assert.equal(
      refusal(under('zz')),
      `plan.json: ${events}.parent_id: the file does not declare this resource; give the state of the configuration that declares it`,
    );
  });
});

describe('sensitive values', () => {
  const SECRET = 'do-not-print-0123456789';

  test('are never part of an error', () => {
    const sensitive = { policy: true, schema: true, body: true };
    const withModel = planOf([
      ...oneMethod(),
      {
        address: 'aws_api_gateway_model.m',
        values: { name: 'M', schema: `{"${SECRET}` },
        sensitive,
        unknown: { rest_api_id: [API] },
      },
    ]);
    assert.equal(
      refusal(withModel),
      'plan.json: aws_api_gateway_model.m.schema: it is not a JSON object; correct it',
    );
    const withBody = planOf([
      { address: API, values: { name: 'x', body: `openapi: [${SECRET}` }, sensitive },
    ]);
    assert.doesNotMatch(refusal(withBody), /do-not-print/);
  });

  test('of keys, variables and templates are in the declaration and listed as secrets', () => {
    const document = stateOf([
      { address: API, values: { name: 'clicks', id: 'a1', root_resource_id: 'r1' } },
      {
        address: 'aws_api_gateway_stage.s',
        values: { rest_api_id: 'a1', stage_name: 'live', variables: { token: SECRET } },
        sensitive: { variables: { token: true } },
      },
      // The value is a secret even if the provider's schema does not mark it.
      { address: 'aws_api_gateway_api_key.k', values: { id: 'k1', name: 'k', value: 'unmarked-key-value' } },
    ]);
    const { stage, apiKeys, secrets, leftOut, openapi } = readTerraform(document, context);
    assert.equal(stage?.variables.token, SECRET);
    assert.equal(apiKeys[0]?.value, 'unmarked-key-value');
    assert.deepEqual([...(secrets ?? [])].sort(), [SECRET, 'unmarked-key-value'].sort());
    assert.doesNotMatch(JSON.stringify([leftOut, openapi]), /do-not-print|unmarked/);
  });
});

describe('what is known only after apply', () => {
  test('an API id from a local value is taken as that of the only API, and the assumption is reported', () => {
    const document = planOf(
      oneMethod({
        'aws_api_gateway_method.put': {
          unknown: { rest_api_id: ['local.api'], resource_id: ['aws_api_gateway_resource.events.id'] },
        },
      }),
    );
    const { openapi, assumed } = readTerraform(document, context);
    assert.deepEqual(Object.keys((openapi.paths as JsonObject)['/events'] ?? {}), ['put']);
    assert.deepEqual(assumed, [
      {
        place: 'aws_api_gateway_method.put.rest_api_id',
        reading: `read as the id of ${API}, the only API of the file`,
      },
    ]);
  });

  test('a role with a policy from outside the file is left out, so the run uses its own', () => {
    const document = planOf([
      ...oneMethod(),
      {
        address: 'aws_iam_role_policy_attachment.a',
        values: { role: 'gateway', policy_arn: 'arn:aws:iam::123456789012:policy/elsewhere' },
      },
    ]);
    const { roles, leftOut } = readTerraform(document, context);
    assert.deepEqual(roles, []);
    assert.deepEqual(leftOut, [
      {
        what: 'an execution role; the run uses its own instead',
        place: 'aws_iam_role.gateway',
        why: `the policy at aws_iam_role_policy_attachment.a.policy_arn is not in the file; to judge the role as well, apply and give terraform show -json of the state`,
      },
    ]);
  });

  test('names are generated from the addresses', () => {
    const document = planOf([
      ...oneMethod({ 'aws_iam_role.gateway': { values: { assume_role_policy: '{"Statement": []}' } } }),
      { address: 'aws_kinesis_stream.s', index: 'a/b', values: { shard_count: 1 } },
    ]);
    const { roles, streams } = readTerraform(document, context);
    assert.equal(roles[0]?.name, 'judged-aws_iam_role-gateway');
    assert.equal(streams[0]?.name, 'judged-aws_kinesis_stream-s-a-b');
  });
});

test('an incomplete plan is reported', () => {
  const { leftOut } = readTerraform({ ...planOf(oneMethod()), complete: false }, context);
  assert.equal(leftOut[0]?.what, 'what the plan does not contain');
});

test('the region and account of the file become those of the run, others stay', () => {
  const uri = 'arn:aws:apigateway:us-east-1:kinesis:action/PutRecord';
  const policy = JSON.stringify({
    Statement: [
      'arn:aws:kinesis:us-east-1:999999999999:stream/mine',
      'arn:aws:kinesis:ap-south-1:888888888888:stream/*',
    ],
  });
  const document = planOf([
    ...oneMethod({ [INTEGRATION]: { ...oneMethod()[3], values: { ...oneMethod()[3]?.values, uri } } }),
    { address: 'aws_iam_role_policy.p', values: { role: 'gateway', name: 'p', policy } },
    { address: 'aws_kinesis_stream.mine', values: { name: 'mine', shard_count: 1 } },
  ]);
  const { openapi, roles } = readTerraform(document, {
    ...context,
    region: 'cn-north-1',
    partition: 'aws-cn',
  });
  assert.match(JSON.stringify(openapi), /arn:aws-cn:apigateway:cn-north-1:kinesis:action\/PutRecord/);
  assert.deepEqual(roles[0]?.inline[0]?.document.Statement, [
    'arn:aws-cn:kinesis:cn-north-1:123456789012:stream/mine',
    'arn:aws-cn:kinesis:ap-south-1:888888888888:stream/*',
  ]);
});
