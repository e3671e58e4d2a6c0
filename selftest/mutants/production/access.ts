import { combine, type Mutant } from '../../changes/change.ts';
import {
  answers,
  api,
  calls,
  FAILED,
  type Picked,
  permissions,
  REFUSED,
  request,
  stack,
} from '../../changes/stack.ts';
import { ALL, escaped, OPEN, on, VALUES } from './row.ts';

const PUTS = ['PutRecord', 'PutRecords'];
const VALIDATOR = 'x-amazon-apigateway-request-validator';
const ORIGIN = 'method.response.header.Access-Control-Allow-Origin';
const GATEWAY_RESPONSES = 'x-amazon-apigateway-gateway-responses';

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
const withoutOrigin = (...which: string[]) =>
  answers('*', (responses) => {
    for (const name of which) delete responses[name]?.responseParameters?.[ORIGIN];
  });
const trusts = (principal: Record<string, unknown>) =>
  stack(({ Resources: { Role } }) => {
    Role.Properties.AssumeRolePolicyDocument.Statement = [
      { Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' },
    ];
  });
const GATEWAY = 'apigateway.amazonaws.com';
const { hardened } = VALUES;

/** Who may do what, and with which bodies. */
export const access: readonly Mutant[] = [
  ...on(
    ALL,
    'unknown-types-pass',
    'SAFE-12',
    'A body without a template goes to Kinesis as it came.',
    passes('*', 'when_no_match'),
  ),
  ...on(
    ['intake'],
    'unknown-types-pass-in-batches',
    'SAFE-12',
    'One method was forgotten.',
    passes('PutRecords', 'when_no_match'),
  ),
  ...on(
    ['intake', 'desk'],
    'unknown-types-pass-by-default',
    'SAFE-12',
    'The default of the console.',
    calls(PUTS, ({ integration }) => {
      delete integration.passthroughBehavior;
    }),
  ),
  ...on(
    OPEN,
    'unknown-types-pass-in-readings',
    'SAFE-12',
    'A method without a body was not thought of, and a client gives it one.',
    passes('GetRecords', 'when_no_match'),
  ),
  // Of the others Kinesis refuses what they lack: a key, or any record.
  ...on(['intake'], 'bodies-unchecked', 'SAFE-13', 'No validator looks at bodies.', unchecked(PUTS)),
  ...on(['intake'], 'nothing-required', 'SAFE-13', 'The models demand no member.', loosened),
  ...on(
    ['hardened'],
    'bodies-unchecked-and-key-fixed',
    'SAFE-13',
    'No validator looks at bodies, and a key there always is.',
    combine(unchecked(PUTS), request('PutRecord', escaped(VALUES.hardened.key), '$context.requestId')),
  ),
  ...on(
    ['desk'],
    'bodies-unchecked-and-key-fixed',
    'SAFE-13',
    'No validator looks at bodies, and a key there always is.',
    combine(unchecked(PUTS), request('PutRecord', escaped(VALUES.desk.key), '$context.requestId')),
  ),
  ...on(
    ALL,
    'bad-bodies-are-500',
    'SAFE-13',
    'A client’s mistake is told as a failure of the server.',
    api((body) => {
      body[GATEWAY_RESPONSES] = {
        ...(body[GATEWAY_RESPONSES] as object),
        BAD_REQUEST_BODY: { statusCode: '500' },
      };
    }),
  ),
  ...on(ALL, 'open-to-all', 'SAFE-14', 'Nobody is asked who calls.', open('writing')),
  ...on(['intake', 'desk'], 'batches-open', 'SAFE-14', 'One method was forgotten.', open('PutRecords')),
  ...on(OPEN, 'deletion-open', 'SAFE-14', 'One method was forgotten.', open('DeleteStream')),
  ...on(
    OPEN,
    'answers-without-origin',
    'SAFE-15',
    'Only the preflight allows the origin.',
    withoutOrigin('default'),
  ),
  ...on(
    OPEN,
    'refusals-without-origin',
    'SAFE-15',
    'A page does not see what Kinesis refuses.',
    withoutOrigin(REFUSED, FAILED),
  ),
  ...on(
    OPEN,
    'gateway-without-origin',
    'SAFE-15',
    'A page does not see what the gateway refuses.',
    api((body) => {
      for (const response of Object.values(
        body[GATEWAY_RESPONSES] as Record<string, Record<string, unknown>>,
      ))
        delete response.responseParameters;
    }),
  ),
  ...on(
    OPEN,
    'another-origin',
    'SAFE-15',
    'Answers allow the origin of a test.',
    answers('*', (responses) => {
      for (const { responseParameters } of Object.values(responses))
        if (responseParameters) responseParameters[ORIGIN] = "'http://localhost:3000'";
    }),
  ),
  ...on(
    ['hardened'],
    'role-of-everything',
    'SAFE-16',
    'AdministratorAccess, to make it work.',
    permissions((all) => void all.push({ Effect: 'Allow', Action: '*', Resource: '*' })),
  ),
  ...on(
    ['intake', 'desk'],
    'role-of-all-of-kinesis',
    'SAFE-16',
    'kinesis:* on the API’s own streams.',
    permissions((all) => {
      for (const statement of all) statement.Action = 'kinesis:*';
    }),
  ),
  ...on(
    ['intake'],
    'role-of-one-more',
    'SAFE-16',
    'An action was left from a test.',
    permissions((all) => void all.push({ Effect: 'Allow', Action: 'kinesis:SplitShard', Resource: '*' })),
  ),
  ...on(
    ALL,
    'role-for-every-stream',
    'SAFE-16',
    'It may write to any stream.',
    permissions((all) => {
      for (const statement of all) statement.Resource = '*';
    }),
  ),
  ...on(ALL, 'role-for-anyone', 'SAFE-16', 'Anyone may assume it.', trusts({ Service: GATEWAY, AWS: '*' })),
  ...on(
    ['intake'],
    'role-for-lambda-too',
    'SAFE-16',
    'Another service may assume it.',
    trusts({ Service: [GATEWAY, 'lambda.amazonaws.com'] }),
  ),
  ...on(
    ['hardened'],
    'shard-count-raw',
    'SAFE-10',
    'Whatever is given as a number is printed as one.',
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
    'The stream’s name is printed as it is.',
    request('CreateStream', escaped(hardened.stream), hardened.stream),
  ),
];
