import * as iam from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { ROLE_PATH } from '../../../infra/provision/role.ts';
import {
  ALIKE_USERS,
  type Attack,
  another,
  arnOf,
  boundaryArn,
  everything,
  type Fixture,
  FOREIGN_ROLES,
  KINESIS,
  LOOK_ALIKES,
  listed,
  ours,
  ourUser,
  RUNNER,
  Tags,
  tags,
  trusting,
} from './fixture.ts';

/** Attacks on users, roles and policies, others' and the runner's own. */
export function onIdentities({ runner, runnersAccess, policyOfOthers }: Fixture): Attack[] {
  const send = runner.iam.send.bind(runner.iam) as (command: unknown) => Promise<unknown>;
  const assume = (RoleArn: string) =>
    new STSClient(runnersAccess).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me' }));
  const onOthers = [...FOREIGN_ROLES, RUNNER].flatMap((RoleName): Attack[] => {
    const inline = { RoleName, PolicyName: 'own', PolicyDocument: everything };
    return [
      [`${RoleName} tagged`, () => send(new iam.TagRoleCommand({ RoleName, Tags }))],
      [`${RoleName} untagged`, () => send(new iam.UntagRoleCommand({ RoleName, TagKeys: ['owner'] }))],
      [`${RoleName} with more rights`, () => send(new iam.PutRolePolicyCommand(inline))],
      [
        `${RoleName} with a managed policy`,
        () => send(new iam.AttachRolePolicyCommand({ RoleName, PolicyArn: policyOfOthers })),
      ],
      [`${RoleName} rid of its rights`, () => send(new iam.DeleteRolePolicyCommand(inline))],
      [
        `${RoleName} within the suite's boundary`,
        () => send(new iam.PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: boundaryArn })),
      ],
      [
        `${RoleName} with another trust`,
        () =>
          send(new iam.UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trusting(arnOf(RUNNER)) })),
      ],
      [
        `${RoleName} with another description`,
        () => send(new iam.UpdateRoleCommand({ RoleName, Description: 'x' })),
      ],
      [`${RoleName} deleted`, () => send(new iam.DeleteRoleCommand({ RoleName }))],
      [`${RoleName} assumed`, () => assume(arnOf(RoleName))],
    ];
  });
  const [foreign] = FOREIGN_ROLES;
  const reads: Attack[] = [
    ["another user's role read", () => send(new iam.GetRoleCommand({ RoleName: foreign }))],
    [
      "policies of another user's role listed",
      () => send(new iam.ListRolePoliciesCommand({ RoleName: foreign })),
    ],
    [
      "policy of another user's role read",
      () => send(new iam.GetRolePolicyCommand({ RoleName: foreign, PolicyName: 'own' })),
    ],
    ["its role tagged without the run's tag", () => send(new iam.TagRoleCommand({ ...ours, Tags: [] }))],
    [
      'its role tagged with a time alone',
      () =>
        send(
          new iam.TagRoleCommand({
            ...ours,
            Tags: Tags.filter(({ Key }) => Key.endsWith(':expires')),
          }),
        ),
    ],
  ];
  const onLookAlikes = LOOK_ALIKES.flatMap(({ RoleName }): Attack[] => [
    [`${RoleName} deleted`, () => send(new iam.DeleteRoleCommand({ RoleName }))],
    [
      `${RoleName} with more rights`,
      () => send(new iam.PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument: everything })),
    ],
    [
      `${RoleName} with fewer rights`,
      () => send(new iam.DeleteRolePolicyCommand({ RoleName, PolicyName: 'own' })),
    ],
  ]);
  const create = (change: object) => () => send(new iam.CreateRoleCommand({ ...another, ...change }));
  return [
    ...onOthers,
    ...onLookAlikes,
    ...reads,
    ['a role without the boundary', create({ PermissionsBoundary: undefined })],
    ['a role within another boundary', create({ PermissionsBoundary: KINESIS })],
    ["a role within others' boundary", create({ PermissionsBoundary: policyOfOthers })],
    ['a role without the tag', create({ Tags: [] })],
    ["a role with others' tags too", create({ Tags: listed({ ...tags, owner: 'other-user' }) })],
    ['a role of another name', create({ RoleName: 'admin' })],
    ['a role of another path', create({ Path: '/' })],
    [
      'a managed policy for its role',
      () => send(new iam.AttachRolePolicyCommand({ RoleName: ours.RoleName, PolicyArn: policyOfOthers })),
    ],
    ["its role's boundary taken off", () => send(new iam.DeleteRolePermissionsBoundaryCommand(ours))],
    [
      "its role's boundary changed",
      () =>
        send(
          new iam.PutRolePermissionsBoundaryCommand({
            RoleName: ours.RoleName,
            PermissionsBoundary: policyOfOthers,
          }),
        ),
    ],
    [
      "its role's trust changed",
      () =>
        send(
          new iam.UpdateAssumeRolePolicyCommand({
            RoleName: ours.RoleName,
            PolicyDocument: trusting(arnOf(RUNNER)),
          }),
        ),
    ],
    ['its role untagged', () => send(new iam.UntagRoleCommand({ ...ours, TagKeys: Object.keys(tags) }))],
    [
      "its role with others' tags",
      () => send(new iam.TagRoleCommand({ ...ours, Tags: listed({ ...tags, owner: 'other-user' }) })),
    ],
    ['its role assumed', () => assume(arnOf(ours.RoleName, ROLE_PATH))],
    [
      'the boundary itself widened',
      () =>
        send(
          new iam.CreatePolicyVersionCommand({
            PolicyArn: boundaryArn,
            PolicyDocument: everything,
            SetAsDefault: true,
          }),
        ),
    ],
    ['the boundary deleted', () => send(new iam.DeletePolicyCommand({ PolicyArn: boundaryArn }))],
    [
      'a managed policy',
      () => send(new iam.CreatePolicyCommand({ PolicyName: 'kpc-p', PolicyDocument: everything })),
    ],
    ...onUsers(send, policyOfOthers),
  ];
}

function onUsers(send: (command: unknown) => Promise<unknown>, policyOfOthers: string): Attack[] {
  const create = (change: object) => () =>
    send(new iam.CreateUserCommand({ ...ourUser, UserName: 'kpc-0123abcd-b', ...change }));
  const own = { UserName: ourUser.UserName };
  const onOthers = ['other-user', 'kpc-0123abcd-untagged', 'kpc-0123abcd-rootless'].flatMap(
    (UserName): Attack[] => [
      [`a key for ${UserName}`, () => send(new iam.CreateAccessKeyCommand({ UserName }))],
      [`the keys of ${UserName} listed`, () => send(new iam.ListAccessKeysCommand({ UserName }))],
      [`${UserName} deleted`, () => send(new iam.DeleteUserCommand({ UserName }))],
    ],
  );
  const rights = ['other-user', ...ALIKE_USERS.map(({ UserName }) => UserName)].flatMap(
    (UserName): Attack[] => {
      const inline = { UserName, PolicyName: 'invoke', PolicyDocument: everything };
      return [
        [`${UserName} with more rights`, () => send(new iam.PutUserPolicyCommand(inline))],
        [`${UserName} rid of its rights`, () => send(new iam.DeleteUserPolicyCommand(inline))],
      ];
    },
  );
  return [
    ...onOthers,
    ...rights,
    ['a user without the boundary', create({ PermissionsBoundary: undefined })],
    ['a user within another boundary', create({ PermissionsBoundary: KINESIS })],
    ['a user without the tag', create({ Tags: [] })],
    ["a user with others' tags too", create({ Tags: listed({ ...tags, owner: 'other-user' }) })],
    ['a user of another name', create({ UserName: 'admin' })],
    ['a user of another path', create({ Path: '/' })],
    ['another user adopted by its tag', () => send(new iam.TagUserCommand({ UserName: 'other-user', Tags }))],
    ['all users listed', () => send(new iam.ListUsersCommand({}))],
    [
      'a managed policy for its user',
      () => send(new iam.AttachUserPolicyCommand({ ...own, PolicyArn: policyOfOthers })),
    ],
    ["its user's boundary taken off", () => send(new iam.DeleteUserPermissionsBoundaryCommand(own))],
    [
      "its user's boundary changed",
      () => send(new iam.PutUserPermissionsBoundaryCommand({ ...own, PermissionsBoundary: policyOfOthers })),
    ],
    ['its user untagged', () => send(new iam.UntagUserCommand({ ...own, TagKeys: Object.keys(tags) }))],
  ];
}
