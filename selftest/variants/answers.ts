import type { Change, Variant } from '../changes/change.ts';
import { gatewayAnswers } from '../changes/gateway.ts';
import { answered, behindGateway, forEveryone, type Json, outputOf, withBody } from '../changes/kinesis.ts';

/** What makes iterators longer than the embedded Kinesis's; the length of AWS's own has changed over the years. */
const LONG = 'A'.repeat(200);

/** Answers that differ in details on which no client may rely. */
export const answers: readonly Variant[] = [
  {
    name: 'further-response-members',
    why: 'Answers have a member that AWS added later.',
    change: forEveryone(['*'], () => async ({ pass }) => {
      const answer = await pass();
      const isObject = answer.status === 200 && answer.body.toString().startsWith('{');
      return isObject ? withBody(answer, { ...outputOf(answer), LaterAddition: { Of: ['AWS'] } }) : answer;
    }),
  },
  {
    name: 'further-members-of-records',
    why: 'Records have a member that AWS added later, such as EncryptionType.',
    change: answered('GetRecords', (output) => ({
      ...output,
      Records: output.Records.map((record: Json) => ({ ...record, EncryptionType: 'NONE' })),
    })),
  },
  {
    name: 'encryption-told-of-puts',
    why: 'PutRecord reports that the stream is encrypted.',
    change: answered('PutRecord', (output) => ({ ...output, EncryptionType: 'KMS' })),
  },
  {
    name: 'nulls-written-out',
    why: 'Members that an open shard lacks are null instead of absent: which of the two AWS sends is not recorded (inferred).',
    change: behindGateway(['DescribeStream'], () => async ({ pass }) => {
      const answer = await pass();
      return answer.status === 200 ? withBody(answer, withNulls(outputOf(answer))) : answer;
    }),
  },
  {
    name: 'answers-in-another-order',
    why: 'The members of a JSON object have no order.',
    change: forEveryone(['*'], () => async ({ pass }) => {
      const answer = await pass();
      return answer.body.toString().startsWith('{')
        ? withBody(answer, Object.fromEntries(Object.entries(outputOf(answer)).toReversed()))
        : answer;
    }),
  },
  {
    name: 'headers-in-another-order-and-case',
    why: 'Header names have neither order nor case; HTTP/2 sends them in lower case.',
    change: gatewayAnswers(
      () => true,
      (answer) => ({
        ...answer,
        headers: answer.headers.map(([name, value]) => [name.toLowerCase(), value] as const).toReversed(),
      }),
    ),
  },
  {
    name: 'further-headers',
    why: 'A proxy in front of API Gateway adds headers.',
    change: gatewayAnswers(
      () => true,
      (answer) => ({ ...answer, headers: [...answer.headers, ['x-cache', 'Miss from cloudfront']] }),
    ),
  },
  {
    name: 'longer-iterators',
    why: 'Iterators are longer; Kinesis does not promise a length.',
    change: longerIterators(),
  },
  {
    name: 'one-record-a-reading',
    why: 'Each reading gives one record; the following readings give the others.',
    change: behindGateway(
      ['GetRecords'],
      () =>
        ({ input, pass }) =>
          pass({ ...input, Limit: 1 }),
    ),
  },
  {
    name: 'empty-reading-between',
    why: 'A reading gives no records although the shard has more.',
    change: behindGateway(['GetRecords'], () => {
      const seen = new Set<string>();
      return async ({ input, pass }) => {
        const answer = await pass();
        const output = outputOf(answer);
        if (answer.status !== 200 || output.Records.length < 2 || seen.has(input.ShardIterator))
          return answer;
        seen.add(input.ShardIterator);
        return withBody(answer, {
          ...output,
          Records: [],
          NextShardIterator: input.ShardIterator,
          MillisBehindLatest: 1000,
        });
      };
    }),
  },
];

function longerIterators(): Change {
  const lengthened = (iterator: unknown) => (typeof iterator === 'string' ? `${iterator}${LONG}` : iterator);
  return forEveryone(['GetShardIterator', 'GetRecords'], () => async ({ input, pass }) => {
    const { ShardIterator: given } = input;
    const isOurs = typeof given === 'string' && given.endsWith(LONG);
    const answer = await pass(isOurs ? { ...input, ShardIterator: given.slice(0, -LONG.length) } : input);
    if (answer.status !== 200) return answer;
    const output = outputOf(answer);
    for (const member of ['ShardIterator', 'NextShardIterator'])
      if (member in output) output[member] = lengthened(output[member]);
    return withBody(answer, output);
  });
}

function withNulls({ StreamDescription, ...output }: Json): Json {
  const Shards = StreamDescription.Shards.map((shard: Json) => ({
    ParentShardId: null,
    AdjacentParentShardId: null,
    ...shard,
    SequenceNumberRange: { EndingSequenceNumber: null, ...shard.SequenceNumberRange },
  }));
  return { ...output, StreamDescription: { ...StreamDescription, Shards } };
}
