import fc from 'fast-check';

export const ITERATOR_TYPES = [
  'TRIM_HORIZON',
  'LATEST',
  'AT_SEQUENCE_NUMBER',
  'AFTER_SEQUENCE_NUMBER',
  'AT_TIMESTAMP',
] as const;

/** Sequence numbers: of a record, the start or end of a shard, or a record of another shard. */
export type NumberOf = 'record' | 'start' | 'end' | 'other-shard';

/** A time between two calls of the sequence, one before all of them, and one that is yet to come. */
export type TimeOf = 'mark' | 'past' | 'future';

/**
 * One step of a sequence, in terms of what exists at that point: `shard: 0` is the newest shard of the stream,
 * `iterator: 0` the newest iterator, and so on, modulo their number. A step that has nothing to act on
 * is left out, so that a sequence stays valid while it shrinks.
 */
export type Step =
  | { readonly do: 'create'; readonly stream: StreamSlot; readonly shards: number }
  | { readonly do: 'delete'; readonly stream: StreamSlot }
  | { readonly do: 'put'; readonly stream: StreamSlot; readonly key: number; readonly hash?: number }
  | { readonly do: 'put-many'; readonly stream: StreamSlot; readonly keys: readonly number[] }
  | { readonly do: 'split'; readonly stream: StreamSlot; readonly shard: number; readonly closed?: boolean }
  | {
      readonly do: 'merge';
      readonly stream: StreamSlot;
      readonly shard: number;
      /** With the shard before it, with itself, or with one that was closed. */
      readonly wrong?: 'order' | 'same' | 'closed';
    }
  | { readonly do: 'scale'; readonly stream: StreamSlot; readonly count: number }
  | {
      readonly do: 'iterate';
      readonly stream: StreamSlot;
      /** A shard, or that of a record. */
      readonly shard: number | 'of-record';
      readonly type: (typeof ITERATOR_TYPES)[number];
      readonly number: NumberOf;
      readonly time: TimeOf;
      /** Which record, and which mark. */
      readonly nth: number;
    }
  | { readonly do: 'read'; readonly iterator: number; readonly limit?: number }
  | { readonly do: 'mark' }
  | { readonly do: 'shards' | 'describe' | 'tags'; readonly stream: StreamSlot; readonly after?: number }
  | { readonly do: 'summary'; readonly stream: StreamSlot }
  /** From the start, or after a name that need not exist. */
  | { readonly do: 'streams'; readonly after?: StreamSlot }
  | { readonly do: 'longer' | 'shorter'; readonly stream: StreamSlot; readonly hours: number }
  | { readonly do: 'tag' | 'untag'; readonly stream: StreamSlot; readonly key: number };

/** Two streams, so that a mix-up of streams shows. */
export type StreamSlot = 0 | 1;

const stream: fc.Arbitrary<StreamSlot> = fc.oneof(
  { weight: 15, arbitrary: fc.constant<StreamSlot>(0) },
  { weight: 1, arbitrary: fc.constant<StreamSlot>(1) },
);
const few = fc.nat(3);

const create = fc.record({
  do: fc.constant('create' as const),
  stream,
  shards: fc.integer({ min: 1, max: 3 }),
});
const put = fc.record(
  { do: fc.constant('put' as const), stream, key: fc.nat(7), hash: fc.nat(3) },
  { requiredKeys: ['do', 'stream', 'key'] },
);
const putMany = fc.record({
  do: fc.constant('put-many' as const),
  stream,
  keys: fc.array(fc.nat(7), { minLength: 2, maxLength: 5 }),
});
const split = fc.record(
  { do: fc.constant('split' as const), stream, shard: few, closed: rarely(true) },
  { requiredKeys: ['do', 'stream', 'shard'] },
);
const merge = fc.record(
  { do: fc.constant('merge' as const), stream, shard: few, wrong: rarely('order', 'same', 'closed') },
  { requiredKeys: ['do', 'stream', 'shard'] },
);
const scale = fc.record({ do: fc.constant('scale' as const), stream, count: fc.integer({ min: 1, max: 6 }) });
const iterate = fc.record({
  do: fc.constant('iterate' as const),
  stream,
  shard: fc.oneof(few, fc.constant('of-record' as const)),
  type: fc.constantFrom(...ITERATOR_TYPES),
  number: fc.oneof(
    { weight: 6, arbitrary: fc.constant<NumberOf>('record') },
    { weight: 4, arbitrary: fc.constantFrom<NumberOf>('start', 'end', 'other-shard') },
  ),
  time: fc.oneof(
    { weight: 6, arbitrary: fc.constant<TimeOf>('mark') },
    { weight: 2, arbitrary: fc.constantFrom<TimeOf>('past', 'future') },
  ),
  nth: few,
});
const read = fc.record(
  {
    do: fc.constant('read' as const),
    iterator: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: few }),
    limit: fc.integer({ min: 1, max: 3 }),
  },
  { requiredKeys: ['do', 'iterator'] },
);
const look = fc.record(
  { do: fc.constantFrom('shards' as const, 'describe' as const, 'tags' as const), stream, after: few },
  { requiredKeys: ['do', 'stream'] },
);
const retention = fc.record({
  do: fc.constantFrom('longer' as const, 'shorter' as const),
  stream,
  hours: fc.constantFrom(23, 24, 48, 168, 8760, 8761),
});
const streams = fc.record({ do: fc.constant('streams' as const), after: stream }, { requiredKeys: ['do'] });
const tag = fc.record({ do: fc.constantFrom('tag' as const, 'untag' as const), stream, key: few });

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: create },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), stream }) },
  { weight: 12, arbitrary: put },
  { weight: 16, arbitrary: putMany },
  { weight: 8, arbitrary: split },
  { weight: 8, arbitrary: merge },
  { weight: 2, arbitrary: scale },
  { weight: 30, arbitrary: iterate },
  { weight: 36, arbitrary: read },
  { weight: 6, arbitrary: fc.constant<Step>({ do: 'mark' }) },
  { weight: 6, arbitrary: look },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('summary' as const), stream }) },
  { weight: 2, arbitrary: streams },
  { weight: 2, arbitrary: retention },
  { weight: 3, arbitrary: tag },
) as fc.Arbitrary<Step>;

/** A stream and the action on it. */
export const sequence: fc.Arbitrary<readonly Step[]> = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.array(step, { minLength: 4, maxLength: 9, size: 'max' }))
  .map(([shards, steps]) => [{ do: 'create', stream: 0, shards }, ...steps]);

/** One of the values in one of eight cases, otherwise undefined. */
function rarely<T>(...values: readonly T[]): fc.Arbitrary<T | undefined> {
  return fc.oneof(
    { weight: 7, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom(...values) },
  );
}
