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
 * Where the roles of a run are on AWS. A path is given once, when a role is made, and is part of its ARN: it tells
 * them from all other roles where IAM looks at no tag, as it does not reliably for iam:PassRole (IAM User Guide).
 */
export const ROLE_PATH = '/kinesis-proxy-conformance/';

/**
 * Makes an execution role with its policies.
 * @param role.trust and the inline policies as JSON text; `managed` are ARNs.
 * @param role.boundary ARN of the managed policy beyond which the role may do nothing, if any.
 * @returns its ARN.
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
 * Deletes a role that has no policies any more; that it is gone already is as good. Where a policy lets the caller
 * delete what has a tag, IAM refuses the deletion of what is not there, so a refusal is looked into.
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
