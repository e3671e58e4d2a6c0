/** One of AWS's prices, documented, not measured: US dollars. */
export interface Price {
  readonly what: string;
  readonly usd: number;
  readonly source: string;
  /** The year in which it was read. */
  readonly asOf: string;
}

/** The price in us-east-1; other regions cost up to about two thirds more. */
export const PRICES = {
  shardHour: {
    what: 'a provisioned shard for an hour',
    usd: 0.015,
    source: 'https://aws.amazon.com/kinesis/data-streams/pricing/',
    asOf: '2025',
  },
  putUnit: {
    what: 'a PUT payload unit of 25 KB',
    usd: 0.014 / 1e6,
    source: 'https://aws.amazon.com/kinesis/data-streams/pricing/',
    asOf: '2025',
  },
  apiCall: {
    what: 'a call of a REST API',
    usd: 3.5 / 1e6,
    source: 'https://aws.amazon.com/api-gateway/pricing/',
    asOf: '2025',
  },
} as const satisfies Record<string, Price>;

/** What a run of the whole contract created on the embedded AWS at the last count, plus a margin. */
export const WHOLE_RUN = {
  streams: 180,
  shards: 370,
  shardsAtOnce: 150,
  apiCalls: 400,
  /** 97 puts, some of them of 1 MiB. */
  putUnits: 2_000,
} as const;

/**
 * The maximum cost of one run of the whole contract, in US dollars: every shard counts for a whole hour, though
 * most exist for a minute or two.
 */
export function highestCost(): number {
  const { shards, apiCalls, putUnits } = WHOLE_RUN;
  return shards * PRICES.shardHour.usd + apiCalls * PRICES.apiCall.usd + putUnits * PRICES.putUnit.usd;
}
