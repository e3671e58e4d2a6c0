/** A rate limit: `calls` per `millis`, for the account and region or for each shard. */
export interface Quota {
  readonly calls: number;
  readonly perMillis: number;
  /** The burst after a pause; `calls` unless documented otherwise. */
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

/** The quota that all operations of API Gateway's control plane share. */
export const EVERY_OPERATION = 'every API Gateway operation';

/**
 * API Gateway's control plane, by action (docs/facts/gateway.md#limits; GUIDE/limits, "creating, deploying and
 * managing an API", the current page for the two that depend on the endpoint type: edge-optimized, the default of an
 * import).
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

/** AWS's quotas for an account, by action. */
export const QUOTAS: Readonly<Record<string, Quota>> = { ...KINESIS_QUOTAS, ...APIGATEWAY_QUOTAS };
