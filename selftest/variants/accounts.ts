import { CreateStreamCommand } from '@aws-sdk/client-kinesis';
import { AWS_MANAGED, type AwsManagedPolicy } from '../../infra/embedded/iam/aws-managed.ts';
import type { Variant } from '../changes/change.ts';
import { forEveryone } from '../changes/kinesis.ts';

const [FULL_ACCESS, LOGS] = ['AmazonKinesisFullAccess', 'AmazonAPIGatewayPushToCloudWatchLogs'].map((name) =>
  AWS_MANAGED.find((policy) => policy.name === name),
);

/** One policy document with the statements of several. */
function documentOf(...policies: (AwsManagedPolicy | undefined)[]): string {
  const statements = policies.flatMap((policy) => JSON.parse(policy?.text ?? '').Statement);
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

/** How many streams other users have: enough for more than one page of a list. */
const MANY = 30;

/** Accounts with another region, id, stage or role, with other streams, or with slow ones. */
export const accounts: readonly Variant[] = [
  {
    name: 'another-region',
    why: 'The proxy is in another region.',
    change: { aws: { region: 'eu-central-1' } },
  },
  {
    name: 'another-account',
    why: 'The proxy belongs to another account.',
    change: { aws: { accountId: '210987654321' } },
  },
  {
    name: 'another-stage',
    why: 'The stage has another name than the tutorial’s.',
    change: { deployment: { stage: 'v1_prod' } },
  },
  {
    name: 'role-of-today',
    why: 'The role also has the policy for pushing logs, which the console adds to roles for API Gateway.',
    change: {
      deployment: {
        policies: (role, own) =>
          role === 'full-access' ? { ...own, permissions: documentOf(LOGS, FULL_ACCESS) } : own,
      },
    },
  },
  {
    name: 'slow-creation',
    why: 'Streams take time to become ACTIVE and to be deleted.',
    change: {
      aws: { createMillis: 250, deleteMillis: 250 },
      environment: { KPC_WAIT_STREAM_ACTIVE_MS: '20000', KPC_WAIT_STREAM_GONE_MS: '20000' },
    },
  },
  {
    name: 'streams-of-others-before',
    why: 'The account already has streams, some of which sort before the run’s.',
    change: {
      deployment: {
        afterwards: async (_api, { kinesis }) => {
          for (let i = 0; i < MANY; i++)
            await kinesis
              .send(
                new CreateStreamCommand({ StreamName: `${i % 2 ? 'a' : 'z'}-others-${i}`, ShardCount: 1 }),
              )
              // Every API of the run calls this, so the streams may already exist.
              .catch(() => undefined);
        },
      },
    },
  },
  {
    name: 'streams-of-others-meanwhile',
    why: 'Other users create and delete streams during the run.',
    change: forEveryone(['CreateStream'], () => {
      let made = 0;
      return async ({ pass, also }) => {
        const answer = await pass();
        made += 1;
        await also('CreateStream', { StreamName: `meanwhile-${made}`, ShardCount: 1 });
        if (made > 3) await also('DeleteStream', { StreamName: `meanwhile-${made - 3}` });
        return answer;
      };
    }),
  },
];
