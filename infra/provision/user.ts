import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  GetUserCommand,
  ListAccessKeysCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import type { AwsAccess } from '../targets/target.ts';
import type { Clients } from './clients.ts';
import type { Marks } from './declared.ts';
import { ROLE_PATH } from './role.ts';
import { isAbsence, isDenial, isRefusal, type UndoStack, unlessAbsent } from './undo.ts';

/** The path of a run's users on every target; a sweep lists only users under this path. */
export const USER_PATH = ROLE_PATH;
const POLICY_NAME = 'invoke';

/**
 * Creates an IAM user with one inline policy and an access key.
 * @param user.policy JSON text.
 * @returns the key, which is valid for as long as the user exists.
 * @throws IAM's error; the user may exist nevertheless, and the undo deletes it.
 */
export async function createUser(
  { iam }: Clients,
  user: { name: string; policy: string } & Pick<Marks, 'tags' | 'boundary'>,
  undo: UndoStack,
): Promise<NonNullable<AwsAccess['credentials']>> {
  const { name: UserName } = user;
  const thing = { kind: 'user', name: UserName } as const;
  let isRefused = false;
  undo.push(
    `user ${UserName}`,
    async () => {
      if (!isRefused) await removeUser(iam, UserName);
    },
    thing,
    { taggedAtOnce: true },
  );
  try {
    await iam.send(
      new CreateUserCommand({
        UserName,
        Path: USER_PATH,
        PermissionsBoundary: user.boundary,
        Tags: Object.entries(user.tags).map(([Key, Value]) => ({ Key, Value })),
      }),
    );
  } catch (error) {
    // A target without IAM users cannot delete one either.
    isRefused = isRefusal(error);
    if (isRefused) undo.journal.note('gone', thing);
    throw error;
  }
  undo.journal.note('created', thing);
  await iam.send(
    new PutUserPolicyCommand({ UserName, PolicyName: POLICY_NAME, PolicyDocument: user.policy }),
  );
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  if (!AccessKey?.AccessKeyId || !AccessKey.SecretAccessKey)
    throw new Error(`CreateAccessKey answered without a key for ${UserName}`);
  return { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey };
}

/**
 * Deletes a user with its keys and its policy; succeeds if it is already gone. A policy that demands a tag also denies
 * the deletion of a missing user, so after a denial it checks whether the user is gone.
 */
export async function removeUser(iam: Clients['iam'], UserName: string): Promise<void> {
  try {
    await unlessAbsent(
      (async () => {
        const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName }));
        for (const { AccessKeyId } of AccessKeyMetadata)
          await unlessAbsent(iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId })));
        await unlessAbsent(iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName: POLICY_NAME })));
        await iam.send(new DeleteUserCommand({ UserName }));
      })(),
    );
  } catch (refused) {
    if (!isDenial(refused)) throw refused;
    const isGone = await iam.send(new GetUserCommand({ UserName })).then(() => false, isAbsence);
    if (!isGone) throw refused;
  }
}
