import {
  CreatePolicyCommand,
  CreateRoleCommand,
  DeletePolicyCommand,
  DeleteRoleCommand,
} from '@aws-sdk/client-iam';
import { startEmbeddedAws } from '../../../infra/embedded/embedded-aws.ts';
import { type Clients, createClients } from '../../../infra/provision/clients.ts';
import { asTarget } from '../../../infra/targets/embedded.ts';
import { type Vector, type Verdict, verdictOf } from './vector.ts';

interface PolicyVector extends Vector {
  /** The policy; a text is sent unchanged. */
  readonly document?: unknown;
  /**
   * The only statement of a policy of version 2012-10-17, without `Effect: Allow`; a list for several complete ones.
   */
  readonly statement?: object | readonly object[];
  /** Whether it is a trust policy. */
  readonly trust?: boolean;
  /** IAM's error; absent where it accepts the policy. */
  readonly text?: string;
}

export async function atPolicies(vectors: readonly PolicyVector[]): Promise<readonly Verdict[]> {
  const aws = await startEmbeddedAws();
  const clients = createClients(asTarget(aws).access);
  try {
    const verdicts: Verdict[] = [];
    for (const vector of vectors) {
      const refusal = await (vector.trust ? trusted : managed)(textOf(vector), clients.iam).catch(
        (error) => ({
          name: String(error.name),
          text: String(error.message),
        }),
      );
      const isRefused = vector.text !== undefined;
      verdicts.push(
        verdictOf(vector, [
          ['refused', isRefused, refusal !== undefined],
          ['name', isRefused ? 'MalformedPolicyDocumentException' : undefined, refusal?.name],
          ['text', vector.text, refusal?.text],
        ]),
      );
    }
    return verdicts;
  } finally {
    clients.destroy();
    await aws.stop();
  }
}

function textOf({ document, statement }: PolicyVector): string {
  if (typeof document === 'string') return document;
  const Statement = Array.isArray(statement) ? statement : { Effect: 'Allow', ...statement };
  return JSON.stringify(document ?? { Version: '2012-10-17', Statement });
}

async function managed(PolicyDocument: string, iam: Clients['iam']): Promise<undefined> {
  const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: 'recorded', PolicyDocument }));
  await iam.send(new DeletePolicyCommand({ PolicyArn: Policy?.Arn }));
  return undefined;
}

async function trusted(AssumeRolePolicyDocument: string, iam: Clients['iam']): Promise<undefined> {
  await iam.send(new CreateRoleCommand({ RoleName: 'recorded', AssumeRolePolicyDocument }));
  await iam.send(new DeleteRoleCommand({ RoleName: 'recorded' }));
  return undefined;
}
