import { parseJsonBounded } from '../../infra/bounds/json.ts';

/** Members whose values differ from call to call, whatever is called. */
const VOLATILE: Readonly<Record<string, string>> = {
  SequenceNumber: '<sequence number>',
  StartingSequenceNumber: '<sequence number>',
  ShardIterator: '<iterator>',
  NextShardIterator: '<iterator>',
  StreamCreationTimestamp: '<time>',
  ApproximateArrivalTimestamp: '<time>',
  MillisBehindLatest: '<delay>',
  // Other scenarios and other people make and delete streams meanwhile.
  StreamNames: '<names>',
  StreamSummaries: '<summaries>',
  HasMoreStreams: '<more>',
  NextToken: '<token>',
};

/**
 * A body in which two answers to the same call are alike: volatile values and the given names replaced, members
 * that are null left out; a body that is not JSON stays text.
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
