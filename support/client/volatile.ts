import { parseJsonBounded } from '../../infra/bounds/json.ts';

/** Members whose values differ between any two calls. */
const VOLATILE: Readonly<Record<string, string>> = {
  SequenceNumber: '<sequence number>',
  StartingSequenceNumber: '<sequence number>',
  ShardIterator: '<iterator>',
  NextShardIterator: '<iterator>',
  StreamCreationTimestamp: '<time>',
  ApproximateArrivalTimestamp: '<time>',
  MillisBehindLatest: '<delay>',
  // Other scenarios and other users create and delete streams meanwhile.
  StreamNames: '<names>',
  StreamSummaries: '<summaries>',
  HasMoreStreams: '<more>',
  NextToken: '<token>',
};

/**
 * Normalizes a body so that two answers to the same call are equal: replaces volatile values and the given names, and
 * omits null members; a body that is not JSON stays text.
 */
export function withoutVolatile(body: string, names: Readonly<Record<string, string>>): unknown {
  let text = body;
  for (const [name, placeholder] of Object.entries(names)) text = text.replaceAll(name, placeholder);
  try {
    return parseJsonBounded(text, (key, value: unknown) =>
      value === null ? undefined : (Object.getOwnPropertyDescriptor(VOLATILE, key)?.value ?? value),
    );
  } catch {
    return text;
  }
}
