import type { RoleName } from '../../infra/proxy/roles.ts';
import type { Change, Mutant } from '../changes/change.ts';

const GATEWAY = 'apigateway.amazonaws.com';

/** Execution roles: too weak, too strong, trusted by the wrong ones. */
export const roles: readonly Mutant[] = [
  trust('anyone', 'Anyone may use the role.', { Service: GATEWAY, AWS: '*' }),
  trust('ec2-too', 'Another service may use the role.', { Service: [GATEWAY, 'ec2.amazonaws.com'] }),
  trust('account-too', 'The whole account may use the role.', {
    Service: GATEWAY,
    AWS: 'arn:aws:iam::000000000000:root',
  }),
  {
    name: 'role-trusts-in-a-second-statement',
    why: 'The second statement was left from a test.',
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
    why: 'The trust policy allows more than to assume the role.',
    clauses: ['ROLE-1'],
    change: policies('full-access', {
      trust: policy(allow({ Principal: { Service: GATEWAY }, Action: ['sts:AssumeRole', 'sts:TagSession'] })),
    }),
  },
  {
    name: 'role-not-trusted',
    why: 'The role trusts another service only.',
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
      why: 'One action was left out of a list.',
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
  permitted('may-do-everything', 'AdministratorAccess, to make it work.', 'full-access', '*', ['ROLE-2a']),
  permitted(
    'reaches-buckets',
    'Another service was added to the policy.',
    'full-access',
    ['kinesis:*', 's3:GetObject'],
    ['ROLE-2a'],
  ),
  permitted(
    'reaches-all-logs',
    'The logs are opened as a whole, to be deleted too.',
    'full-access',
    ['kinesis:*', 'logs:*'],
    ['ROLE-2a'],
  ),
  permitted(
    'deletes-logs',
    'One more action beside those that push logs.',
    'full-access',
    ['kinesis:*', 'logs:CreateLogGroup', 'logs:PutLogEvents', 'logs:DeleteLogGroup'],
    ['ROLE-2a'],
  ),
  permitted('read-only-writes', 'The read-only policy is the full one.', 'read-only', 'kinesis:*', [
    'ROLE-3',
  ]),
  permitted(
    'read-only-puts',
    'The read-only policy lets records in.',
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
    why: 'A principal that is not trusted is accepted.',
    clauses: ['ROLE-4'],
    change: policies('untrusted', {
      trust: policy(allow({ Principal: { Service: GATEWAY }, Action: 'sts:AssumeRole' })),
    }),
  },
  permitted('powerless-powerful', 'A role without a policy may do everything.', 'powerless', 'kinesis:*', [
    'ROLE-5',
  ]),
  permitted(
    'powerless-looks',
    'A role without a policy may look.',
    'powerless',
    ['kinesis:Describe*', 'kinesis:List*'],
    ['ROLE-5'],
  ),
  permitted('one-stream-everywhere', 'The limit to one stream is a wildcard.', 'one-stream', 'kinesis:*', [
    'ROLE-6',
  ]),
  {
    name: 'role-one-stream-nowhere',
    why: 'The limit names a stream that is not there.',
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
