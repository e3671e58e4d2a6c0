import { CreateStreamCommand } from '@aws-sdk/client-kinesis';
import { AWS_MANAGED, type AwsManagedPolicy } from '../../infra/embedded/iam/aws-managed.ts';
import type { Variant } from '../changes/change.ts';
import { forEveryone } from '../changes/kinesis.ts';

const [FULL_ACCESS, LOGS] = ['AmazonKinesisFullAccess', 'AmazonAPIGatewayPushToCloudWatchLogs'].map((name) =>
  AWS_MANAGED.find((policy) => policy.name === name),
);

/** The statements of several policies in one. */
function documentOf(...policies: (AwsManagedPolicy | undefined)[]): string {
  const statements = policies.flatMap((policy) => JSON.parse(policy?.text ?? '').Statement);
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

/** How many streams of others there are, so that a list has more than one page. */
const MANY = 30;

/** Accounts that are not this one, not empty, or not quick. */
export const accounts: readonly Variant[] = [
  {
    name: 'another-region',
    why: 'The proxy may be anywhere.',
    change: { aws: { region: 'eu-central-1' } },
  },
  {
    name: 'another-account',
    why: 'The proxy may be anybody’s.',
    change: { aws: { accountId: '210987654321' } },
  },
  {
    name: 'another-stage',
    why: 'The tutorial calls its stage test; others call theirs otherwise.',
    change: { deployment: { stage: 'v1_prod' } },
  },
  {
    name: 'role-of-today',
    why: 'The console gives a role for API Gateway the policy that pushes its logs, before Kinesis is added.',
    change: {
      deployment: {
        policies: (role, own) =>
          role === 'full-access' ? { ...own, permissions: documentOf(LOGS, FULL_ACCESS) } : own,
      },
    },
  },
  {
    name: 'slow-creation',
    why: 'A stream takes its time to become ACTIVE, and to go.',
    change: {
      aws: { createMillis: 250, deleteMillis: 250 },
      environment: { KPC_WAIT_STREAM_ACTIVE_MS: '20000', KPC_WAIT_STREAM_GONE_MS: '20000' },
    },
  },
  {
    name: 'streams-of-others-before',
    why: 'The account has streams already, some of which sort first.',
    change: {
      deployment: {
        afterwards: async (_api, { kinesis }) => {
          for (let i = 0; i < MANY; i++)
            await kinesis
              .send(
                new CreateStreamCommand({ StreamName: `${i % 2 ? 'a' : 'z'}-others-${i}`, ShardCount: 1 }),
              )
              // Each API under a role of its own comes by here.
              .catch(() => undefined);
        },
      },
    },
  },
  {
    name: 'streams-of-others-meanwhile',
    why: 'Others make streams, and delete them, while the suite runs.',
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
