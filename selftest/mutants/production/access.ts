import { combine, type Mutant } from '../../changes/change.ts';
import {
  api,
  calls,
  GATEWAY_RESPONSES,
  type Picked,
  permissions,
  request,
  stack,
} from '../../changes/stack.ts';
import { ALL, escaped, OPEN, on, VALUES } from './row.ts';

const PUTS = ['PutRecord', 'PutRecords'];
const VALIDATOR = 'x-amazon-apigateway-request-validator';

const passes = (picked: Picked, behaviour: string) =>
  calls(picked, ({ integration }) => {
    integration.passthroughBehavior = behaviour;
  });
const open = (picked: Picked) =>
  calls(picked, ({ operation }) => {
    delete operation.security;
  });
const unchecked = (picked: Picked) =>
  calls(picked, ({ operation }) => {
    delete operation[VALIDATOR];
  });
const loosened = api(({ components }) => {
  for (const schema of Object.values(components.schemas)) delete schema.required;
});
const trusts = (principal: Record<string, unknown>) =>
  stack(({ Resources: { Role } }) => {
    Role.Properties.AssumeRolePolicyDocument.Statement = [
      { Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' },
    ];
  });
const GATEWAY = 'apigateway.amazonaws.com';
const { hardened } = VALUES;

/** Access, media types, validation of bodies, and roles. */
export const access: readonly Mutant[] = [
  ...on(
    ALL,
    'unknown-types-pass',
    'SAFE-12',
    'A body of a media type without a template reaches Kinesis unchanged.',
    passes('*', 'when_no_match'),
  ),
  ...on(
    ['intake'],
    'unknown-types-pass-in-batches',
    'SAFE-12',
    'PutRecords passes bodies of other media types through.',
    passes('PutRecords', 'when_no_match'),
  ),
  ...on(
    ['intake', 'desk'],
    'unknown-types-pass-by-default',
    'SAFE-12',
    'passthroughBehavior is not set, and its default lets bodies of other media types through.',
    calls(PUTS, ({ integration }) => {
      delete integration.passthroughBehavior;
    }),
  ),
  ...on(
    OPEN,
    'unknown-types-pass-in-readings',
    'SAFE-12',
    'GetRecords, which needs no body, passes bodies of other media types through.',
    passes('GetRecords', 'when_no_match'),
  ),
  // Kinesis itself refuses what the other bases do not validate: a batch without records, a record without a key.
  ...on(['intake'], 'bodies-unchecked', 'SAFE-13', 'No validator checks bodies.', unchecked(PUTS)),
  ...on(['intake'], 'nothing-required', 'SAFE-13', 'The models require no member.', loosened),
  ...on(
    ['hardened'],
    'bodies-unchecked-and-key-fixed',
    'SAFE-13',
    'No validator checks bodies, and the template always supplies a key.',
    combine(unchecked(PUTS), request('PutRecord', escaped(VALUES.hardened.key), '$context.requestId')),
  ),
  ...on(
    ['desk'],
    'bodies-unchecked-and-key-fixed',
    'SAFE-13',
    'No validator checks bodies, and the template always supplies a key.',
    combine(unchecked(PUTS), request('PutRecord', escaped(VALUES.desk.key), '$context.requestId')),
  ),
  ...on(
    ALL,
    'bad-bodies-are-500',
    'SAFE-13',
    'A body that the validator refuses is answered with 500.',
    api((body) => {
      body[GATEWAY_RESPONSES] = {
        ...(body[GATEWAY_RESPONSES] as object),
        BAD_REQUEST_BODY: { statusCode: '500' },
      };
    }),
  ),
  ...on(ALL, 'open-to-all', 'SAFE-14', 'No method that writes requires authentication.', open('writing')),
  ...on(
    ['intake', 'desk'],
    'batches-open',
    'SAFE-14',
    'PutRecords does not demand authentication.',
    open('PutRecords'),
  ),
  ...on(
    OPEN,
    'deletion-open',
    'SAFE-14',
    'DeleteStream does not demand authentication.',
    open('DeleteStream'),
  ),
  ...on(
    ['hardened'],
    'role-of-everything',
    'SAFE-16',
    'The role has AdministratorAccess.',
    permissions((all) => void all.push({ Effect: 'Allow', Action: '*', Resource: '*' })),
  ),
  ...on(
    ['intake', 'desk'],
    'role-of-all-of-kinesis',
    'SAFE-16',
    'The role may use every action of Kinesis on the API’s own streams.',
    permissions((all) => {
      for (const statement of all) statement.Action = 'kinesis:*';
    }),
  ),
  ...on(
    ['intake'],
    'role-of-one-more',
    'SAFE-16',
    'The role may split shards, which no call needs.',
    permissions((all) => void all.push({ Effect: 'Allow', Action: 'kinesis:SplitShard', Resource: '*' })),
  ),
  ...on(
    ALL,
    'role-for-every-stream',
    'SAFE-16',
    'The role may write to any stream.',
    permissions((all) => {
      for (const statement of all) statement.Resource = '*';
    }),
  ),
  ...on(
    ['intake'],
    'role-for-another-stream',
    'SAFE-16',
    'The role may also write to a stream that the API does not name.',
    permissions((all) => {
      const Resource = 'arn:aws:kinesis:us-east-1:123456789012:stream/invoices';
      all.push({ Effect: 'Allow', Action: 'kinesis:PutRecord', Resource });
    }),
  ),
  ...on(
    ALL,
    'role-for-anyone',
    'SAFE-16',
    'Anyone may assume the role.',
    trusts({ Service: GATEWAY, AWS: '*' }),
  ),
  ...on(
    ['intake'],
    'role-for-lambda-too',
    'SAFE-16',
    'Another service may assume the role.',
    trusts({ Service: [GATEWAY, 'lambda.amazonaws.com'] }),
  ),
  ...on(
    ['hardened'],
    'shard-count-raw',
    'SAFE-10',
    'The template prints the shard count without checking or escaping it.',
    combine(
      api(({ components }) => {
        components.schemas.CreateStream = { type: 'object' };
      }),
      request('CreateStream', `"${escaped('$count')}"`, '$count'),
    ),
  ),
  ...on(
    ['hardened'],
    'created-name-raw',
    'SAFE-10',
    'The template does not escape the stream name.',
    request('CreateStream', escaped(hardened.stream), hardened.stream),
  ),
];
