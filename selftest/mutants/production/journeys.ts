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

/** Changes the answer to a batch that Kinesis stored in part. */
const inPart = (edit: (records: Json[]) => Json[]): Change =>
  answered('PutRecords', (output) =>
    output.FailedRecordCount > 0 ? { ...output, Records: edit(output.Records) } : output,
  );
const isRefused = ({ ErrorCode }: Json) => ErrorCode !== undefined;
const lastIndexOf = (records: Json[], is: (record: Json) => boolean) => records.findLastIndex(is);

/** Changes every request for an iterator of a shard but the first. */
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

/** Answers an expired iterator with a success. */
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

/** Answers every nth put as stored without storing it. */
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

/** Defects that only show in sequences of calls, or in calls at the same time. */
export const journeys: readonly Mutant[] = [
  ...on(
    ALL,
    'last-refused-told-as-stored',
    'SAFE-4',
    'A refused record is reported as stored, so it is lost.',
    inPart((records) => records.with(lastIndexOf(records, isRefused), STORED)),
  ),
  ...on(
    ALL,
    'one-stored-told-as-refused',
    'SAFE-4',
    'A stored record is reported as failed, so a producer sends it again and it is stored twice.',
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
    'The results of a batch are in reverse order.',
    inPart((records) => records.toReversed()),
  ),
  ...on(
    ['desk'],
    'positions-of-the-stored',
    'SAFE-4',
    'The condition for failed records is inverted.',
    answer('PutRecords', 'default', `"$!result.ErrorCode" != ''`, `"$!result.ErrorCode" == ''`),
  ),
  ...on(
    OPEN,
    'restart-at-the-newest',
    'SAFE-17',
    'A consumer that starts again misses the records that arrived meanwhile.',
    laterIterators(latest),
  ),
  ...on(
    ['hardened'],
    'restart-with-the-last',
    'SAFE-17',
    'A consumer that starts again reads its last record twice.',
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
    'The first shard is read, whichever shard the client names.',
    asked('GetShardIterator', (input) => ({ ...input, ShardId: 'shardId-000000000000' })),
  ),
  ...on(
    OPEN,
    'busy-puts-lost',
    'SAFE-17',
    'Every seventh put is reported as stored, but lost.',
    everyLost(7),
  ),
  ...on(
    OPEN,
    'expired-is-nothing-new',
    'SAFE-2',
    'An expired iterator gives empty pages for ever.',
    expiredAs(() => ({ Records: [], MillisBehindLatest: 0 })),
  ),
  ...on(
    OPEN,
    'expired-is-a-failure',
    'SAFE-2',
    'An expired iterator is answered as a server error, so a consumer retries it for ever.',
    statusOfExpired(500),
  ),
  ...on(
    ['desk'],
    'expired-is-404',
    'SAFE-2',
    'An expired iterator is answered as a missing stream.',
    answer(
      'GetRecords',
      REFUSED,
      '#set($context.responseOverride.status = $status)',
      "#if($code == 'ExpiredIteratorException')#set($status = 404)#end#set($context.responseOverride.status = $status)",
    ),
  ),
];
