/**
 * One call of a sequence, the same for every implementation. `<record 3>`, `<iterator 2>`, `<time 1>`, `<start of …>` and
 * `<end of …>` stand for what each implementation made of it: the sequence number of a record, and so on.
 */
export interface SequenceRequest {
  /** `mark` is not a call: it takes the time between two. */
  readonly action: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** The place that the answer fills: of the iterator in it, of the time taken. */
  readonly fills?: string;
  /** The labels of the records that it puts, in order. */
  readonly records?: readonly string[];
  /** The stream whose state it changes. */
  readonly settles?: string;
  readonly about: About;
}

/** What explanations want to know of a call and cannot see in its input. */
export interface About {
  /** Of a read: how its iterator began. */
  readonly origin?: SequenceRequest;
  /** Of an iterator: whether its shard was made by a split or a merge. */
  readonly isChild?: boolean;
  /** Of an iterator at a time: whether a record of its shard came later. */
  readonly hasLaterRecord?: boolean;
  /** Of a put: how many shards its stream has, open and closed. */
  readonly shards?: number;
}

export const recordPlace = (label: string) => `<${label}>`;
export const startPlace = (stream: string, shard: string) => `<start of ${shard} in ${stream}>`;
export const endPlace = (stream: string, shard: string) => `<end of ${shard} in ${stream}>`;

export function describeRequest({ action, input }: SequenceRequest): string {
  return Object.keys(input).length === 0 ? action : `${action} ${JSON.stringify(input)}`;
}
