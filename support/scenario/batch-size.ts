import { schemaAt } from '../../infra/definition/interface/texts.ts';
import type { Call } from '../../infra/definition/interface/types.ts';
import { isObject } from '../../infra/definition/types.ts';

/** The maximum that Kinesis takes in one call (docs/facts/kinesis.md#limits). */
export const MAX_BATCH = 500;

/** The maximum number of records in a call: Kinesis's, or a smaller one of the call's model. */
export function maxBatchOf({ model, records }: Pick<Call, 'model' | 'records'>): number {
  const list = records !== undefined && 'list' in records ? records.list : undefined;
  const schema = list !== undefined && 'at' in list ? schemaAt(model, list.at) : undefined;
  const most = isObject(schema) ? Number(schema.maxItems ?? MAX_BATCH) : MAX_BATCH;
  return Math.max(1, Math.min(most, MAX_BATCH));
}
