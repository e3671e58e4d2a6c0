import type { RoleName } from '../../infra/proxy/roles.ts';
import type { Change, Mutant } from '../changes/change.ts';

const GATEWAY = 'apigateway.amazonaws.com';

/** Execution roles that are too weak, too strong or trust the wrong principals. */
export const roles: readonly Mutant[] = [
  trust('anyone', 'Anyone may assume the role.', { Service: GATEWAY, AWS: '*' }),
  trust('ec2-too', 'Another service may also assume the role.', { Service: [GATEWAY, 'ec2.amazonaws.com'] }),
  trust('account-too', 'The whole account may assume the role.', {
    Service: GATEWAY,
    AWS: 'arn:aws:iam::000000000000:root',
  }),
  {
    name: 'role-trusts-in-a-second-statement',
    why: 'The trust policy has a second statement, left from a test.',
    clauses: ['ROLE-1'],
    change: policies('full-access', {
      trust: policy(
        allow({ Principal: { Service: GATEWAY }, Action: 'sts:AssumeRole' }),
        allow({ Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }),
      ),
    }),
  },
  {
    name: 'role-may-be-tagged',
    why: 'The trust policy allows sts:TagSession as well as sts:AssumeRole.',
    clauses: ['ROLE-1'],
    change: policies('full-access', {
      trust: policy(allow({ Principal: { Service: GATEWAY }, Action: ['sts:AssumeRole', 'sts:TagSession'] })),
    }),
  },
  {
    name: 'role-not-trusted',
    why: 'The role trusts only another service.',
    clauses: ['ROLE-1', 'ROLE-2', 'JOURNEY-1'],
    change: policies('full-access', {
      trust: policy(allow({ Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' })),
    }),
  },
  {
    name: 'role-without-policy',
    why: 'The policy was never attached.',
    clauses: ['ROLE-2', 'JOURNEY-1', 'LIST-1'],
    change: policies('full-access', { permissions: undefined }),
  },
  ...(
    [
      'PutRecords',
      'DeleteStream',
      'DescribeStream',
      'GetShardIterator',
      'CreateStream',
      'ListStreams',
    ] as const
  ).map(
    (action): Mutant => ({
      name: `role-without-${action}`,
      why: 'The policy denies one action.',
      clauses: ['ROLE-2', 'JOURNEY-1'],
      change: policies('full-access', {
        permissions: policy(allow({ Action: 'kinesis:*', Resource: '*' }), {
          Effect: 'Deny',
          Action: `kinesis:${action}`,
          Resource: '*',
        }),
      }),
    }),
  ),
  permitted('may-do-everything', 'The role has AdministratorAccess.', 'full-access', '*', ['ROLE-2a']),
  permitted(
    'reaches-buckets',
    'The policy also allows an action of S3.',
    'full-access',
    ['kinesis:*', 's3:GetObject'],
    ['ROLE-2a'],
  ),
  permitted(
    'reaches-all-logs',
    'The policy allows every action on logs.',
    'full-access',
    ['kinesis:*', 'logs:*'],
    ['ROLE-2a'],
  ),
  permitted(
    'deletes-logs',
    'The policy allows deleting logs as well as pushing them.',
    'full-access',
    ['kinesis:*', 'logs:CreateLogGroup', 'logs:PutLogEvents', 'logs:DeleteLogGroup'],
    ['ROLE-2a'],
  ),
  permitted('read-only-writes', 'The read-only role has full access.', 'read-only', 'kinesis:*', ['ROLE-3']),
  permitted(
    'read-only-puts',
    'The read-only role may put records.',
    'read-only',
    ['kinesis:Get*', 'kinesis:List*', 'kinesis:Describe*', 'kinesis:PutRecord'],
    ['ROLE-3'],
  ),
  permitted(
    'read-only-cannot-read',
    'The read-only policy lacks Get*.',
    'read-only',
    ['kinesis:List*', 'kinesis:Describe*'],
    ['ROLE-3'],
  ),
  permitted(
    'read-only-cannot-list',
    'The read-only policy lacks List*.',
    'read-only',
    ['kinesis:Get*', 'kinesis:Describe*'],
    ['ROLE-3'],
  ),
  {
    name: 'role-untrusted-trusted',
    why: 'The role that should not trust API Gateway does.',
    clauses: ['ROLE-4'],
    change: policies('untrusted', {
      trust: policy(allow({ Principal: { Service: GATEWAY }, Action: 'sts:AssumeRole' })),
    }),
  },
  permitted(
    'powerless-powerful',
    'The role that should have no permissions has all of them.',
    'powerless',
    'kinesis:*',
    ['ROLE-5'],
  ),
  permitted(
    'powerless-looks',
    'The role that should have no permissions may list and describe.',
    'powerless',
    ['kinesis:Describe*', 'kinesis:List*'],
    ['ROLE-5'],
  ),
  permitted(
    'one-stream-everywhere',
    'The role that is limited to one stream may use every stream.',
    'one-stream',
    'kinesis:*',
    ['ROLE-6'],
  ),
  {
    name: 'role-one-stream-nowhere',
    why: 'The role is limited to a stream that does not exist.',
    clauses: ['ROLE-6'],
    change: policies('one-stream', {
      permissions: policy(allow({ Action: 'kinesis:*', Resource: 'arn:aws:kinesis:*:*:stream/elsewhere' })),
    }),
  },
];

function policies(
  role: RoleName,
  replacement: { readonly trust?: string; readonly permissions?: string | undefined },
): Change {
  return {
    deployment: {
      policies: (asked, own) => (asked === role ? { ...own, ...replacement } : own),
    },
  };
}

function trust(name: string, why: string, Principal: object): Mutant {
  return {
    name: `role-trusts-${name}`,
    why,
    clauses: ['ROLE-1'],
    change: policies('full-access', { trust: policy(allow({ Principal, Action: 'sts:AssumeRole' })) }),
  };
}

function permitted(
  name: string,
  why: string,
  role: RoleName,
  Action: string | string[],
  clauses: readonly string[],
): Mutant {
  return {
    name: `role-${name}`,
    why,
    clauses,
    change: policies(role, { permissions: policy(allow({ Action, Resource: '*' })) }),
  };
}

function policy(...Statement: object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

function allow(rest: object): object {
  return { Effect: 'Allow', ...rest };
}
