/**
 * One call of a sequence, the same for every implementation. `<record 3>`, `<iterator 2>`, `<time 1>`, `<start of …>` and
 * `<end of …>` stand for each implementation's own values: the sequence number of a record, and so on.
 */
export interface SequenceRequest {
  /** `mark` is not a call: it records the time between two calls. */
  readonly action: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** The placeholder that the answer fills: with its iterator, or with the recorded time. */
  readonly fills?: string;
  /** The labels of the records that it puts, in order. */
  readonly records?: readonly string[];
  /** The stream whose state it changes. */
  readonly settles?: string;
  readonly about: About;
}

/** What explanations need to know about a call and its input does not show. */
export interface About {
  /** For a read: the type of its first iterator. */
  readonly origin?: SequenceRequest;
  /** For an iterator: whether its shard was created by a split or a merge. */
  readonly isChild?: boolean;
  /** For an iterator at a time: whether a record of its shard arrived later. */
  readonly hasLaterRecord?: boolean;
  /** For a put: how many shards its stream has, open and closed. */
  readonly shards?: number;
}

export const recordPlace = (label: string) => `<${label}>`;
export const startPlace = (stream: string, shard: string) => `<start of ${shard} in ${stream}>`;
export const endPlace = (stream: string, shard: string) => `<end of ${shard} in ${stream}>`;

export function describeRequest({ action, input }: SequenceRequest): string {
  return Object.keys(input).length === 0 ? action : `${action} ${JSON.stringify(input)}`;
}
