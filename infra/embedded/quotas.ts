/** So many calls in so many milliseconds, for the whole account and region or for each shard. */
export interface Quota {
  readonly calls: number;
  readonly perMillis: number;
  /** What is taken at once after a rest; `calls` where nothing else is documented. */
  readonly burst?: number;
  readonly scope: 'account' | 'shard';
}

/** Kinesis, by action (docs/facts/kinesis.md#limits). */
export const KINESIS_QUOTAS: Readonly<Record<string, Quota>> = {
  CreateStream: { calls: 5, perMillis: 1_000, scope: 'account' },
  DeleteStream: { calls: 5, perMillis: 1_000, scope: 'account' },
  ListStreams: { calls: 5, perMillis: 1_000, scope: 'account' },
  DescribeStream: { calls: 10, perMillis: 1_000, scope: 'account' },
  GetRecords: { calls: 5, perMillis: 1_000, scope: 'shard' },
  GetShardIterator: { calls: 5, perMillis: 1_000, scope: 'shard' },
};

/** The row of API Gateway's quotas that every operation of its control plane counts for. */
export const EVERY_OPERATION = 'every API Gateway operation';

/**
 * API Gateway's control plane, by action (docs/facts/gateway.md#limits; GUIDE/limits, "creating, deploying and managing
 * an API", today's page for the two that depend on the kind of endpoint: an edge-optimized API's, which an import makes
 * by default).
 */
export const APIGATEWAY_QUOTAS: Readonly<Record<string, Quota>> = {
  CreateDeployment: { calls: 1, perMillis: 5_000, scope: 'account' },
  CreateResource: { calls: 5, perMillis: 1_000, scope: 'account' },
  CreateRestApi: { calls: 1, perMillis: 30_000, scope: 'account' },
  DeleteResource: { calls: 5, perMillis: 1_000, scope: 'account' },
  DeleteRestApi: { calls: 1, perMillis: 30_000, scope: 'account' },
  GetResources: { calls: 5, perMillis: 2_000, scope: 'account' },
  ImportRestApi: { calls: 1, perMillis: 30_000, scope: 'account' },
  PutRestApi: { calls: 1, perMillis: 1_000, scope: 'account' },
  [EVERY_OPERATION]: { calls: 10, perMillis: 1_000, burst: 40, scope: 'account' },
};

/** What AWS lets an account do at most, by action. */
export const QUOTAS: Readonly<Record<string, Quota>> = { ...KINESIS_QUOTAS, ...APIGATEWAY_QUOTAS };
