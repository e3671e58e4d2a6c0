import { describe, test } from 'node:test';
import { expect } from 'chai';
import type { JsonObject } from '../types.ts';
import { readTerraform } from './read.ts';
import { context, type Described, oneMethod, planOf } from './testing/plan.ts';

const API = 'aws_api_gateway_rest_api.api';
const ROLE = 'aws_iam_role.gateway';
const TRUST = { Version: '2012-10-17', Statement: [] };
const OF_FUNCTION =
  'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:f/invocations';
const OF_TABLE = 'arn:aws:apigateway:us-east-1:dynamodb:action/GetItem';
const ids = { rest_api_id: [`${API}.id`, API] };
const at = { ...ids, resource_id: [`${API}.root_resource_id`, API] };

const read = (others: readonly Described[]) =>
  readTerraform(planOf([...oneMethod(), ...others]), { ...context });

/** A second method, under the given role. */
function secondMethod(values: JsonObject, credentials: readonly string[]): Described[] {
  return [
    {
      address: 'aws_api_gateway_method.get',
      values: { http_method: 'GET', authorization: 'NONE' },
      unknown: at,
    },
    {
      address: 'aws_api_gateway_integration.get',
      values: { http_method: 'GET', integration_http_method: 'POST', ...values },
      unknown: { ...at, credentials },
    },
  ];
}

/** A policy of a role that is known only after apply. */
const unknownPolicy = (role: string): Described => ({
  address: 'aws_iam_role_policy.own',
  values: { name: 'own' },
  unknown: { role: [`${role}.id`, role], policy: ['local.policy'] },
});
const TABLE_ROLE: Described = {
  address: 'aws_iam_role.table',
  values: { name: 'table', assume_role_policy: JSON.stringify(TRUST) },
  unknown: { arn: [], id: [] },
};

describe('the roles of a plan', () => {
  test('a role that cannot be read keeps its trust policy', () => {
    const { roles, unreadRoles = [] } = read([unknownPolicy(ROLE)]);
    expect(roles).to.deep.equal([]);
    expect(unreadRoles.map(({ arn, trust }) => [arn, trust])).to.deep.equal([
      ['arn:aws:iam::123456789012:role/gateway', TRUST],
    ]);
  });

  test('a role under which no method calls Kinesis is not read', () => {
    const table = secondMethod({ type: 'AWS', uri: OF_TABLE }, [
      'aws_iam_role.table.arn',
      'aws_iam_role.table',
    ]);
    const { roles, unreadRoles } = read([...table, TABLE_ROLE, unknownPolicy('aws_iam_role.table')]);
    expect(roles.map(({ id }) => id)).to.deep.equal([ROLE]);
    expect(unreadRoles).to.deep.equal([]);
  });

  test('nor does it stop a run that it is unclear which role that is', () => {
    const unclear = ['aws_iam_role.table.arn', 'aws_iam_role.table', `${ROLE}.arn`, ROLE];
    const { roles } = read([...secondMethod({ type: 'AWS', uri: OF_TABLE }, unclear), TABLE_ROLE]);
    expect(roles.map(({ id }) => id)).to.deep.equal([ROLE]);
  });

  test('functions of methods and of authorizers that the run leaves out are called under a role', () => {
    const method = secondMethod({ type: 'AWS_PROXY', uri: OF_FUNCTION }, [`${ROLE}.arn`, ROLE]);
    const authorizer: Described = {
      address: 'aws_api_gateway_authorizer.caller',
      values: { name: 'caller', authorizer_uri: OF_FUNCTION },
      unknown: { ...ids, authorizer_credentials: [`${ROLE}.arn`, ROLE] },
    };
    for (const others of [method, [authorizer]])
      expect(read(others).roles.map(({ otherServices }) => otherServices)).to.deep.equal([['lambda']]);
    expect(read([]).roles.map(({ otherServices }) => otherServices)).to.deep.equal([[]]);
  });

  test("a stream has a key of its owner's, or the default one", () => {
    const stream = (values: JsonObject, unknown: Described['unknown'] = {}): Described => ({
      address: 'aws_kinesis_stream.clicks',
      values: { name: 'clicks', shard_count: 1, ...values },
      unknown,
    });
    const key = { kms_key_id: ['aws_kms_key.own.arn', 'aws_kms_key.own'] };
    const hasOwnKey = (described: Described) => read([described]).streams[0]?.hasOwnKey ?? false;
    expect(hasOwnKey(stream({ encryption_type: 'KMS' }, key))).to.equal(true);
    expect(hasOwnKey(stream({ encryption_type: 'KMS', kms_key_id: 'alias/aws/kinesis' }))).to.equal(false);
    expect(hasOwnKey(stream({ encryption_type: 'NONE' }))).to.equal(false);
  });
});
