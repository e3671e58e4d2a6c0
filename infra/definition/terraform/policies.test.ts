import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Declaration, JsonObject } from '../types.ts';
import { readTerraform } from './read.ts';
import { context, oneMethod, planOf } from './testing/plan.ts';

const STREAM = 'aws_kinesis_stream.clicks';
const ARN = 'arn:aws:kinesis:eu-west-1:123456789012:stream/clicks';
const DOCUMENT = 'data.aws_iam_policy_document.put';

interface Statement {
  readonly actions: readonly string[];
  /** `null` for a resource that is known only after apply. */
  readonly resources: readonly (string | null)[];
  /** Undefined for a dynamic block, which a plan's configuration leaves out. */
  readonly references?: readonly string[];
}

/** Reads a plan with one method, whose role has a policy document of these statements. */
function read(statements: readonly Statement[]): Declaration {
  const document = planOf([
    ...oneMethod(),
    { address: STREAM, values: { name: 'clicks', shard_count: 1 }, unknown: { arn: [] } },
    {
      address: 'aws_iam_role_policy.put',
      values: { role: 'gateway', name: 'put' },
      unknown: { policy: [`${DOCUMENT}.json`, DOCUMENT] },
    },
    { address: DOCUMENT, unknown: { json: [] } },
  ]) as { [key: string]: never };
  const resourcesOf = (module: JsonObject) => module.resources as JsonObject[];
  const { planned_values, configuration, resource_changes } = document as unknown as {
    planned_values: { root_module: JsonObject };
    configuration: { root_module: JsonObject };
    resource_changes: { address: string; change: { after_unknown: JsonObject } }[];
  };
  const values = resourcesOf(planned_values.root_module).find(({ address }) => address === DOCUMENT);
  const block = resourcesOf(configuration.root_module).find(({ address }) => address === DOCUMENT);
  const change = resource_changes.find(({ address }) => address === DOCUMENT)?.change;
  assert.ok(values && block && change);
  values.values = {
    statement: statements.map(({ actions, resources }) => ({
      effect: null,
      actions: [...actions],
      resources: [...resources],
    })),
  };
  change.after_unknown = {
    json: true,
    statement: statements.map(({ resources }) => ({ resources: resources.map((each) => each === null) })),
  };
  block.expressions = {
    statement: statements.flatMap(({ references }) =>
      references ? [{ resources: { references: [...references] } }] : [],
    ),
  };
  return readTerraform(document, context);
}

const put = { actions: ['kinesis:PutRecord'], resources: [null], references: [`${STREAM}.arn`, STREAM] };

describe('a policy document whose resources are known only after apply', () => {
  test('gets the ARNs that it refers to', () => {
    const { roles, assumed } = read([put]);
    assert.deepEqual(roles[0]?.inline[0]?.document.Statement, [
      { Effect: 'Allow', Action: ['kinesis:PutRecord'], Resource: [ARN] },
    ]);
    assert.deepEqual(assumed, []);
  });

  test('reports an assumption if the plan does not show how an ARN is used', () => {
    const { assumed } = read([{ ...put, resources: [null, null] }]);
    assert.deepEqual(assumed, [
      { place: `${DOCUMENT}.statement.0.resources`, reading: `read as the ARNs of ${STREAM}` },
    ]);
  });

  test('loses a statement for another service, and reports it', () => {
    const logs = {
      actions: ['logs:PutLogEvents'],
      resources: [null],
      references: ['aws_cloudwatch_log_group.l.arn'],
    };
    const { roles, assumed } = read([logs, put]);
    assert.deepEqual(roles[0]?.inline[0]?.document.Statement, [
      { Effect: 'Allow', Action: ['kinesis:PutRecord'], Resource: [ARN] },
    ]);
    assert.equal(assumed?.[0]?.place, `${DOCUMENT}.statement.0`);
  });

  test('is not read if dynamic blocks make its statements ambiguous: the run uses its own role', () => {
    const hidden = { actions: ['kinesis:GetRecords'], resources: [null] };
    const { roles, leftOut } = read([hidden, put]);
    assert.deepEqual(roles, []);
    assert.deepEqual(leftOut, [
      {
        what: 'an execution role; the run uses its own instead',
        place: 'aws_iam_role.gateway',
        why: `${DOCUMENT}.statement.0.resources is known only after apply; to judge the role as well, apply and give terraform show -json of the state`,
      },
    ]);
  });
});
