import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import type { Clients } from './clients.ts';
import { isAbsence, isDenial, type UndoStack, unlessAbsent } from './undo.ts';

/**
 * The path of a run's roles on AWS. A role gets its path at its creation, as part of its ARN. Policies recognise the
 * run's roles by it where IAM does not evaluate tags reliably, as for iam:PassRole (IAM User Guide).
 */
export const ROLE_PATH = '/kinesis-proxy-conformance/';

/**
 * Creates an execution role with its policies.
 * @param role.trust and the inline policies are JSON text; `managed` are ARNs.
 * @param role.boundary the ARN of the managed policy that is the role's permissions boundary, if any.
 * @returns the role's ARN.
 */
export async function createRole(
  { iam }: Clients,
  role: {
    name: string;
    path: string;
    trust: string;
    inline: readonly { readonly name: string; readonly document: string }[];
    managed?: readonly string[];
    tags: Readonly<Record<string, string>>;
    boundary: string | undefined;
  },
  undo: UndoStack,
): Promise<string> {
  const thing = { kind: 'role', name: role.name } as const;
  undo.push(`role ${role.name}`, () => removeRole(iam, role.name), thing, { taggedAtOnce: true });
  const created = await iam.send(
    new CreateRoleCommand({
      RoleName: role.name,
      Path: role.path,
      AssumeRolePolicyDocument: role.trust,
      PermissionsBoundary: role.boundary,
      Description: 'Execution role of a Kinesis proxy under test',
      Tags: Object.entries(role.tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  );
  undo.journal.note('created', thing);
  const { name: RoleName } = role;
  for (const { name: PolicyName, document: PolicyDocument } of role.inline) {
    undo.push(`policy ${PolicyName} of role ${RoleName}`, () =>
      unlessAbsent(iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }))),
    );
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
  }
  for (const PolicyArn of role.managed ?? []) {
    undo.push(`policy ${PolicyArn} of role ${RoleName}`, () =>
      unlessAbsent(iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }))),
    );
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  }
  const arn = created.Role?.Arn;
  if (arn === undefined) throw new Error(`CreateRole answered without the ARN of ${role.name}`);
  return arn;
}

/**
 * Deletes a role without policies; succeeds if it is already gone. A policy that demands a tag also denies the deletion
 * of a missing role, so after a denial it checks whether the role is gone.
 */
export async function removeRole(iam: Clients['iam'], RoleName: string): Promise<void> {
  try {
    await unlessAbsent(iam.send(new DeleteRoleCommand({ RoleName })));
  } catch (refused) {
    if (!isDenial(refused)) throw refused;
    const isGone = await iam.send(new GetRoleCommand({ RoleName })).then(() => false, isAbsence);
    if (!isGone) throw refused;
  }
}
