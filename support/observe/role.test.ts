import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { interfaceOf } from '../../infra/definition/interface/testing.ts';
import {
  allowedActions,
  allowedBeyond,
  isBeyondTutorial,
  type Role,
  statements,
  writesElsewhere,
} from './role.ts';

const TRUST = {
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'apigateway.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
};

describe('statements', () => {
  it('reads a document as IAM answers it, percent-encoded, and as plain JSON', () => {
    const read = [
      {
        effect: 'Allow',
        principals: { Service: ['apigateway.amazonaws.com'] },
        actions: ['sts:AssumeRole'],
        resources: [],
      },
    ];
    assert.deepEqual(statements(encodeURIComponent(JSON.stringify(TRUST))), read);
    assert.deepEqual(statements(JSON.stringify(TRUST)), read);
  });

  it('takes a single statement, lists, and everyone', () => {
    const everyone = { Statement: { Effect: 'Allow', Principal: '*', Action: ['a:B', 'c:*'] } };
    assert.deepEqual(statements(JSON.stringify(everyone)), [
      { effect: 'Allow', principals: { '*': ['*'] }, actions: ['a:B', 'c:*'], resources: [] },
    ]);
  });

  it('treats what a document does not exclude as allowed', () => {
    const open = { Statement: [{ Effect: 'Allow', NotPrincipal: { AWS: 'x' }, NotAction: 'iam:*' }] };
    assert.deepEqual(statements(JSON.stringify(open)), [
      { effect: 'Allow', principals: { '*': ['*'] }, actions: ['*'], resources: [] },
    ]);
  });
});

describe('isBeyondTutorial', () => {
  it('takes Kinesis and the seven actions of the logging policy, in any case', () => {
    for (const action of ['kinesis:*', 'Kinesis:PutRecord', 'logs:PutLogEvents', 'LOGS:createloggroup'])
      assert.equal(isBeyondTutorial(action), false, action);
  });

  it('accepts no other action on logs, no other service, and no pattern for everything', () => {
    for (const action of ['logs:*', 'logs:Put*', 'logs:DeleteLogGroup', 's3:GetObject', '*', 'kinesis*:*'])
      assert.equal(isBeyondTutorial(action), true, action);
  });

  it('considers what is allowed, not what is denied', () => {
    const permissions = [
      { effect: 'Allow', principals: {}, actions: ['kinesis:*'], resources: [] },
      { effect: 'Deny', principals: {}, actions: ['s3:*'], resources: [] },
    ];
    assert.deepEqual(allowedActions({ trust: [], permissions }), ['kinesis:*']);
  });
});

const roleOf = (actions: readonly string[], resources: readonly string[] = ['*']): Role => ({
  trust: [],
  permissions: [{ effect: 'Allow', principals: {}, actions, resources }],
});

describe('allowedBeyond', () => {
  const PUTS = new Set(['PutRecord']);
  const beyond = (action: string, ...rest: [ReadonlySet<string>?, Parameters<typeof allowedBeyond>[2]?]) =>
    allowedBeyond(roleOf([action]), rest[0] ?? PUTS, rest[1]).length > 0;

  it("takes a producer's and a consumer's permission for a key, where a stream may have one", () => {
    const keyed = { mayHaveOwnKey: true };
    assert.equal(beyond('kms:GenerateDataKey', PUTS, keyed), false);
    assert.equal(beyond('kms:Decrypt', new Set(['GetRecords']), keyed), false);
    assert.equal(beyond('kms:GenerateDataKey', PUTS), true);
    for (const action of ['kms:Decrypt', 'kms:GenerateDataKey*', 'kms:*', 'kms:Encrypt'])
      assert.equal(beyond(action, PUTS, keyed), true, action);
    assert.equal(beyond('kms:GenerateDataKey', new Set(['GetRecords']), keyed), true);
  });

  it('takes the services that other methods under the role call', () => {
    assert.equal(beyond('lambda:InvokeFunction', PUTS, { services: ['lambda'] }), false);
    assert.equal(beyond('lambda:InvokeFunction'), true);
    assert.equal(beyond('kinesis:*', PUTS, { services: ['kinesis'] }), true);
  });
});

describe('writesElsewhere', () => {
  const ARN = 'arn:aws:kinesis:us-east-1:123456789012:stream/';
  const api = (name: string) =>
    interfaceOf({ template: `{"StreamName": "${name}", "Data": "ZA==", "PartitionKey": "k"}` });
  const FIXED = api('orders');
  const CHOSEN = api("$input.params('X-Stream')");
  const places = (resource: string, offered = FIXED, actions = ['kinesis:PutRecord']) =>
    writesElsewhere(roleOf(actions, [resource]), offered, ['orders', 'shop-all', 'orders-of-2020']);

  it('takes the streams that the API serves, and patterns that reach no other known stream', () => {
    for (const resource of [`${ARN}orders`, `${ARN}ord?rs`, 'arn:aws:sqs:us-east-1:123456789012:*'])
      assert.deepEqual(places(resource), [], resource);
  });

  it('tells what reaches streams of others', () => {
    for (const resource of ['*', `${ARN}*`, 'arn:aws:kinesis:*', `${ARN}*team`]) {
      assert.deepEqual(places(resource), [resource]);
      assert.deepEqual(places(resource, CHOSEN), [resource]);
    }
  });

  it('tells what reaches a stream that the API does not serve, unless clients choose it', () => {
    for (const resource of [`${ARN}returns`, `${ARN}returns-*`, `${ARN}orders*`, `${ARN}Orders`]) {
      assert.deepEqual(places(resource), [resource]);
      assert.deepEqual(places(resource, CHOSEN), []);
    }
  });

  it('considers what writes', () => {
    assert.deepEqual(places('*', FIXED, ['kinesis:GetRecords']), []);
    assert.deepEqual(places('*', FIXED, ['kinesis:*']), ['*']);
  });
});
