import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import type { RolePolicies } from '../proxy/roles.ts';
import type { Clients } from './clients.ts';
import { type UndoStack, unlessAbsent } from './undo.ts';

const POLICY_NAME = 'kinesis-access';

/**
 * Makes an execution role with its inline permission policy.
 * @param role.boundary ARN of the managed policy beyond which the role may do nothing, if any.
 * @returns its ARN.
 */
export async function createRole(
  { iam }: Clients,
  role: {
    name: string;
    policies: RolePolicies;
    tags: Readonly<Record<string, string>>;
    boundary: string | undefined;
  },
  undo: UndoStack,
): Promise<string> {
  const thing = { kind: 'role', name: role.name } as const;
  undo.push(
    `role ${role.name}`,
    () => unlessAbsent(iam.send(new DeleteRoleCommand({ RoleName: role.name }))),
    thing,
    { taggedAtOnce: true },
  );
  const created = await iam.send(
    new CreateRoleCommand({
      RoleName: role.name,
      AssumeRolePolicyDocument: role.policies.trust,
      PermissionsBoundary: role.boundary,
      Description: 'Execution role of a Kinesis proxy under test',
      Tags: Object.entries(role.tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  );
  undo.journal.note('created', thing);
  if (role.policies.permissions !== undefined) {
    undo.push(`policy of role ${role.name}`, () =>
      unlessAbsent(iam.send(new DeleteRolePolicyCommand({ RoleName: role.name, PolicyName: POLICY_NAME }))),
    );
    await iam.send(
      new PutRolePolicyCommand({
        RoleName: role.name,
        PolicyName: POLICY_NAME,
        PolicyDocument: role.policies.permissions,
      }),
    );
  }
  const arn = created.Role?.Arn;
  if (arn === undefined) throw new Error(`CreateRole answered without the ARN of ${role.name}`);
  return arn;
}
