import {
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import { DeleteStreamCommand } from '@aws-sdk/client-kinesis';
import { removeApiKey, removeUsagePlan } from '../provision/api-keys.ts';
import type { Clients } from '../provision/clients.ts';
import { removeRestApi } from '../provision/rest-api.ts';
import { removeRole } from '../provision/role.ts';
import { isAbsence, unlessAbsent } from '../provision/undo.ts';
import { removeUser } from '../provision/user.ts';
import { sleep } from '../retry/clock.ts';
import type { Finding } from './proof.ts';

/** In milliseconds: AWS accepts one DeleteRestApi per 30 s (docs/facts/gateway.md#limits). */
const API_PAUSE = 31_000;
/** The number of attempts while the thing is busy or the service throttles. */
const TRIES = 8;
const BUSY_PAUSE = 1_000;

/** Deletes one thing; succeeds if it is already gone. @throws the service's last error. */
export async function remove(clients: Clients, found: Pick<Finding, 'kind' | 'id'>): Promise<void> {
  switch (found.kind) {
    case 'stream':
      return retryWhileBusy('ResourceInUseException', BUSY_PAUSE, () =>
        clients.kinesis.send(
          new DeleteStreamCommand({ StreamName: found.id, EnforceConsumerDeletion: true }),
        ),
      );
    case 'rest-api':
      return retryWhileBusy('TooManyRequestsException', API_PAUSE, () => removeRestApi(clients, found.id));
    case 'role':
      return removeWithPolicies(clients, found.id);
    case 'user':
      return removeUser(clients.iam, found.id);
    case 'usage-plan':
      return removeUsagePlan(clients, found.id);
    case 'api-key':
      return removeApiKey(clients, found.id);
  }
}

/** Deletes the policies first, since IAM does not delete a role with policies (docs/facts/iam.md#deletion). */
async function removeWithPolicies({ iam }: Clients, RoleName: string): Promise<void> {
  await unlessAbsent(
    (async () => {
      const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
      for (const { PolicyArn } of AttachedPolicies)
        await unlessAbsent(iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn })));
      const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
      for (const PolicyName of PolicyNames)
        await unlessAbsent(iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName })));
      await removeRole(iam, RoleName);
    })(),
  );
}

async function retryWhileBusy(busy: string, pause: number, attempt: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (isAbsence(error)) return;
      if (!(error instanceof Error) || error.name !== busy || tries === TRIES) throw error;
      await sleep(pause);
    }
  }
}
