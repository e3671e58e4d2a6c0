import type { Change, Mutant } from '../../changes/change.ts';
import {
  answered,
  asked,
  behindGateway,
  type Json,
  outputOf,
  success,
  withBody,
} from '../../changes/kinesis.ts';
import { answer, REFUSED } from '../../changes/stack.ts';
import { ALL, OPEN, on } from './row.ts';

const STORED = {
  SequenceNumber: '49543463076570308322303623326179887152428262250726293586',
  ShardId: 'shardId-000000000000',
};

/** Rewrites what is told of a batch that was stored in part. */
const inPart = (edit: (records: Json[]) => Json[]): Change =>
  answered('PutRecords', (output) =>
    output.FailedRecordCount > 0 ? { ...output, Records: edit(output.Records) } : output,
  );
const isRefused = ({ ErrorCode }: Json) => ErrorCode !== undefined;
const lastIndexOf = (records: Json[], is: (record: Json) => boolean) => records.findLastIndex(is);

/** Of the iterators that a stream's shard gives only the first is as asked for. */
const laterIterators = (edit: (input: Json) => Json): Change =>
  behindGateway(['GetShardIterator'], () => {
    const given = new Set<string>();
    return ({ input, pass }) => {
      const place = `${input.StreamName} ${input.ShardId}`;
      if (given.has(place)) return pass(edit(input));
      given.add(place);
      return pass();
    };
  });
const latest = ({ StartingSequenceNumber: _start, ...input }: Json) => ({
  ...input,
  ShardIteratorType: 'LATEST',
});

/** What an expired iterator is told as. */
const expiredAs = (edit: () => Json): Change =>
  behindGateway(['GetRecords'], () => async ({ input, pass }) => {
    const told = await pass();
    const isExpired = told.status !== 200 && outputOf(told).__type === 'ExpiredIteratorException';
    return isExpired ? success({ ...edit(), NextShardIterator: input.ShardIterator }) : told;
  });
const statusOfExpired = (status: number) =>
  behindGateway(['GetRecords'], () => async ({ pass }) => {
    const told = await pass();
    const isExpired = told.status !== 200 && outputOf(told).__type === 'ExpiredIteratorException';
    return isExpired ? { ...withBody(told, { __type: 'InternalFailure' }), status } : told;
  });

/** Each so-manieth put is answered and lost. */
const everyLost = (nth: number): Change =>
  behindGateway(['PutRecord', 'PutRecords'], () => {
    let count = 0;
    return async ({ input, pass }) => {
      count += 1;
      if (count % nth !== 0) return pass();
      return success(
        input.Records === undefined
          ? STORED
          : { FailedRecordCount: 0, Records: input.Records.map(() => STORED) },
      );
    };
  });

/** What only shows where calls follow each other, or happen at the same time. */
export const journeys: readonly Mutant[] = [
  ...on(
    ALL,
    'last-refused-told-as-stored',
    'SAFE-4',
    'One record of a batch is lost without a word.',
    inPart((records) => records.with(lastIndexOf(records, isRefused), STORED)),
  ),
  ...on(
    ALL,
    'one-stored-told-as-refused',
    'SAFE-4',
    'One record is sent again, and stored twice.',
    inPart((records) => {
      const refused = records.find(isRefused) ?? {};
      return records.with(
        lastIndexOf(records, (record) => !isRefused(record)),
        refused,
      );
    }),
  ),
  ...on(
    ALL,
    'results-in-another-order',
    'SAFE-4',
    'What is told of one record is told of another.',
    inPart((records) => records.toReversed()),
  ),
  ...on(
    ['desk'],
    'positions-of-the-stored',
    'SAFE-4',
    'The condition is the wrong way round.',
    answer('PutRecords', 'default', `"$!result.ErrorCode" != ''`, `"$!result.ErrorCode" == ''`),
  ),
  ...on(
    OPEN,
    'restart-at-the-newest',
    'SAFE-17',
    'A consumer that begins anew misses what came in meanwhile.',
    laterIterators(latest),
  ),
  ...on(
    ['hardened'],
    'restart-with-the-last',
    'SAFE-17',
    'A consumer that begins anew reads its last record twice.',
    asked('GetShardIterator', (input) =>
      input.ShardIteratorType === 'AFTER_SEQUENCE_NUMBER'
        ? { ...input, ShardIteratorType: 'AT_SEQUENCE_NUMBER' }
        : input,
    ),
  ),
  ...on(
    OPEN,
    'first-shard-always',
    'SAFE-17',
    'Whatever shard is asked for, the first one is read.',
    asked('GetShardIterator', (input) => ({ ...input, ShardId: 'shardId-000000000000' })),
  ),
  ...on(OPEN, 'busy-puts-lost', 'SAFE-17', 'Now and then a put is answered and lost.', everyLost(7)),
  ...on(
    OPEN,
    'expired-is-nothing-new',
    'SAFE-2',
    'An iterator that has expired gives empty pages for ever.',
    expiredAs(() => ({ Records: [], MillisBehindLatest: 0 })),
  ),
  ...on(
    OPEN,
    'expired-is-a-failure',
    'SAFE-2',
    'A consumer tries an expired iterator again and again.',
    statusOfExpired(500),
  ),
  ...on(
    ['desk'],
    'expired-is-404',
    'SAFE-2',
    'An expired iterator is taken for a stream that is gone.',
    answer(
      'GetRecords',
      REFUSED,
      '#set($context.responseOverride.status = $status)',
      "#if($code == 'ExpiredIteratorException')#set($status = 404)#end#set($context.responseOverride.status = $status)",
    ),
  ),
];
