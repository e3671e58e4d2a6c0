import type { Change, Fault } from '../changes/change.ts';
import { behindGateway, forEveryone, type Json, outputOf, success, withBody } from '../changes/kinesis.ts';

const NOWHERE = { ShardId: 'shardId-000000000000', SequenceNumber: '4'.repeat(56) };

/** Records that are lost, duplicated or from another shard. */
export const records: readonly Fault[] = [
  {
    name: 'one-record-of-a-batch-lost',
    why: 'All records of a batch are accepted, but the last one is not stored.',
    expect: { clauses: ['PUTS-2', 'PUTS-3', 'PUTS-4'] },
    change: behindGateway(['PutRecords'], () => async ({ input, pass }) => {
      const answer = await pass({ ...input, Records: input.Records?.slice(0, -1) });
      if (answer.status !== 200) return answer;
      const output = outputOf(answer);
      return withBody(answer, { ...output, Records: [...output.Records, NOWHERE] });
    }),
  },
  {
    name: 'second-record-lost',
    why: 'Every second PutRecord is reported as stored but is lost.',
    expect: { clauses: ['PUT-5'] },
    change: behindGateway(['PutRecord'], () => {
      let puts = 0;
      return async ({ pass }) => (++puts % 2 === 0 ? success(NOWHERE) : pass());
    }),
  },
  {
    name: 'record-duplicated',
    why: 'A retry inside Kinesis stores a record twice.',
    expect: { clauses: ['PUT-2', 'PUT-5', 'JOURNEY-1'] },
    change: behindGateway(['PutRecord'], () => async ({ input, pass, also }) => {
      const answer = await pass();
      if (answer.status === 200) await also('PutRecord', input);
      return answer;
    }),
  },
  {
    name: 'batch-duplicated',
    why: 'A retry inside Kinesis stores a batch twice.',
    expect: { clauses: ['PUTS-2', 'PUTS-3', 'PUTS-4'] },
    change: behindGateway(['PutRecords'], () => async ({ input, pass, also }) => {
      const answer = await pass();
      if (answer.status === 200) await also('PutRecords', input);
      return answer;
    }),
  },
  {
    name: 'accepted-and-not-stored',
    why: 'The answer names a shard and sequence number without a record.',
    expect: { clauses: ['PUT-2', 'PUT-3', 'PUT-5', 'JOURNEY-1'] },
    change: behindGateway(['PutRecord'], () => async () => success(NOWHERE)),
  },
  {
    name: 'stored-and-never-shown',
    why: 'Records are stored, but no caller can read them.',
    expect: { clauses: ['PUT-2', 'PUTS-2'] },
    change: forEveryone(['GetRecords'], () => async ({ pass }) => {
      const answer = await pass();
      return answer.status === 200
        ? withBody(answer, { ...outputOf(answer), Records: [], MillisBehindLatest: 0 })
        : answer;
    }),
  },
  {
    name: 'records-of-another-shard',
    why: 'GetRecords returns the records of another shard.',
    expect: { clauses: ['GET-2', 'GET-3', 'GET-4', 'GET-6'] },
    change: recordsOfAnotherShard(),
  },
  {
    name: 'reading-loses-the-last',
    why: 'The last record of each GetRecords answer is missing.',
    expect: { clauses: ['GET-2', 'GET-4', 'JOURNEY-1'] },
    change: behindGateway(['GetRecords'], () => async ({ pass }) => {
      const answer = await pass();
      if (answer.status !== 200) return answer;
      const output = outputOf(answer);
      return withBody(answer, { ...output, Records: output.Records.slice(0, -1) });
    }),
  },
  {
    name: 'reading-gives-one-twice',
    why: 'The first record of each GetRecords answer comes twice.',
    expect: { clauses: ['GET-2', 'GET-4', 'JOURNEY-1'] },
    change: behindGateway(['GetRecords'], () => async ({ pass }) => {
      const answer = await pass();
      if (answer.status !== 200) return answer;
      const output = outputOf(answer);
      return withBody(answer, { ...output, Records: [...output.Records.slice(0, 1), ...output.Records] });
    }),
  },
];

/** Remembers the shard of each iterator, and reads another shard instead. */
function recordsOfAnotherShard(): Change {
  return {
    middleware: () => {
      const asked = new Map<string, Json>();
      return {
        kinesis: (call) => async (request) => {
          const ask = async (action: string, input: Json): Promise<Json> =>
            outputOf(
              await call({ action, headers: request.headers, body: Buffer.from(JSON.stringify(input)) }),
            );
          const answer = await call(request);
          if (answer.status !== 200) return answer;
          if (request.action === 'GetShardIterator') {
            const { ShardIterator } = outputOf(answer);
            asked.set(ShardIterator, JSON.parse(request.body.toString()));
          }
          if (request.action !== 'GetRecords' || request.session === undefined) return answer;
          const input = asked.get(JSON.parse(request.body.toString()).ShardIterator);
          if (input === undefined) return answer;
          const isFirst = String(input.ShardId).endsWith('0000');
          const ShardId = `shardId-00000000000${isFirst ? 4 : 0}`;
          const { ShardIterator } = await ask('GetShardIterator', {
            StreamName: input.StreamName,
            ShardId,
            ShardIteratorType: 'TRIM_HORIZON',
          });
          const other = ShardIterator === undefined ? {} : await ask('GetRecords', { ShardIterator });
          return withBody(answer, { ...outputOf(answer), Records: other.Records ?? [] });
        },
      };
    },
  };
}
