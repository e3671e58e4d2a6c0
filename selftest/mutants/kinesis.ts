import type { Mutant } from '../changes/change.ts';
import {
  answered,
  asked,
  behindGateway,
  error,
  type Json,
  outputOf,
  PUTS,
  refused,
  success,
  withBody,
} from '../changes/kinesis.ts';

/** What a layer between the gateway and Kinesis may do, where no template can. */
export const kinesis: readonly Mutant[] = [
  {
    name: 'list-cached',
    why: 'The list is kept for as long as the proxy lives.',
    clauses: ['LIST-2'],
    change: behindGateway(['ListStreams'], () => {
      let kept: ReturnType<typeof success> | undefined;
      return async ({ pass }) => {
        kept ??= await pass();
        return kept;
      };
    }),
  },
  {
    name: 'list-in-reverse',
    why: 'The newest names were wanted on top.',
    clauses: ['LIST-4'],
    change: answered('ListStreams', (output) => ({
      ...output,
      StreamNames: output.StreamNames.toReversed(),
    })),
  },
  {
    name: 'list-says-that-is-all',
    why: 'HasMoreStreams is always false.',
    clauses: ['LIST-4'],
    change: answered('ListStreams', (output) => ({ ...output, HasMoreStreams: false })),
  },
  {
    name: 'list-of-ten',
    why: 'Ten names are enough for a page.',
    clauses: ['LIST-4'],
    change: answered('ListStreams', (output) => ({
      ...output,
      StreamNames: output.StreamNames.slice(0, 10),
    })),
  },
  {
    name: 'list-more-as-text',
    why: 'A Boolean became a string.',
    clauses: ['LIST-1'],
    change: answered('ListStreams', (output) => ({
      ...output,
      HasMoreStreams: String(output.HasMoreStreams),
    })),
  },
  {
    name: 'description-cached',
    why: 'Descriptions are kept, so a state never changes.',
    clauses: ['DESC-4', 'JOURNEY-1'],
    change: behindGateway(['DescribeStream'], () => {
      const kept = new Map<string, Awaited<ReturnType<typeof success>>>();
      return async ({ input, pass }) => {
        const answer = kept.get(input.StreamName) ?? (await pass());
        kept.set(input.StreamName, answer);
        return answer;
      };
    }),
  },
  {
    name: 'description-without-sequence-numbers',
    why: 'The shards lose a member.',
    clauses: ['DESC-2', 'DESC-3'],
    change: shards(({ SequenceNumberRange: _dropped, ...shard }) => shard),
  },
  {
    name: 'description-without-the-end',
    why: 'A closed shard looks open.',
    clauses: ['DESC-3a'],
    change: shards((shard) => ({
      ...shard,
      SequenceNumberRange: { StartingSequenceNumber: shard.SequenceNumberRange.StartingSequenceNumber },
    })),
  },
  {
    name: 'created-under-another-count-in-use',
    why: 'A creation of what is there is refused and splits a shard of it all the same.',
    clauses: ['CREATE-8'],
    change: behindGateway(['CreateStream'], () => async ({ input, pass, also }) => {
      const answer = await pass();
      if (answer.status !== 200)
        await also('SplitShard', {
          StreamName: input.StreamName,
          ShardToSplit: 'shardId-000000000000',
          NewStartingHashKey: '1000',
        });
      return answer;
    }),
  },
  {
    name: 'created-although-refused',
    why: 'What is refused is made all the same, with one shard.',
    clauses: ['CREATE-7', 'CREATE-7a'],
    change: behindGateway(['CreateStream'], () => async ({ input, pass, also }) => {
      const answer = await pass();
      if (answer.status !== 200) await also('CreateStream', { StreamName: input.StreamName, ShardCount: 1 });
      return answer;
    }),
  },
  {
    name: 'created-with-a-copy',
    why: 'A second stream is made for a backup, under the name that a client gave elsewhere as well.',
    clauses: ['CREATE-10'],
    change: behindGateway(['CreateStream'], () => {
      return async ({ pass, also }) => {
        const answer = await pass();
        const { StreamNames = [] } = await also('ListStreams', {});
        const other = StreamNames.find((name: string) => name.includes('-Other-'));
        if (other)
          await also('SplitShard', {
            StreamName: other,
            ShardToSplit: 'shardId-000000000000',
            NewStartingHashKey: '1000',
          });
        return answer;
      };
    }),
  },
  {
    name: 'created-and-kept-for-two-days',
    why: 'Retention is raised behind the client’s back.',
    clauses: ['CREATE-5'],
    change: behindGateway(['CreateStream'], () => async ({ input, pass, also }) => {
      const answer = await pass();
      await becomesActive(also, input.StreamName);
      await also('IncreaseStreamRetentionPeriod', { StreamName: input.StreamName, RetentionPeriodHours: 48 });
      return answer;
    }),
  },
  {
    name: 'names-never-free-again',
    why: 'A name that was once used is refused for ever.',
    clauses: ['DEL-4'],
    change: behindGateway(
      ['CreateStream'],
      () =>
        async ({ input, pass }) =>
          String(input.StreamName).includes('Fresh')
            ? error(400, 'ResourceInUseException', `Stream ${input.StreamName} already exists.`)
            : pass(),
    ),
  },
  {
    name: 'new-stream-not-empty',
    why: 'A new stream is greeted with a record.',
    clauses: ['DEL-4'],
    change: behindGateway(['CreateStream'], () => async ({ input, pass, also }) => {
      const answer = await pass();
      await becomesActive(also, input.StreamName);
      await also('PutRecord', { StreamName: input.StreamName, Data: 'aGk=', PartitionKey: 'k' });
      return answer;
    }),
  },
  {
    name: 'delete-pretended',
    why: 'A deletion is answered and not done.',
    clauses: ['DEL-2', 'JOURNEY-1'],
    change: behindGateway(['DeleteStream'], () => async () => success('')),
  },
  {
    name: 'delete-takes-others-along',
    why: 'Streams of the same first letters go as well.',
    clauses: ['DEL-2'],
    change: behindGateway(['DeleteStream'], () => async ({ input, pass, also }) => {
      const answer = await pass();
      const start = String(input.StreamName).slice(0, -10);
      const { StreamNames = [] } = await also('ListStreams', { ExclusiveStartStreamName: start });
      for (const StreamName of StreamNames.filter((name: string) => name.startsWith(start)))
        await also('DeleteStream', { StreamName });
      return answer;
    }),
  },
  {
    name: 'errors-of-another-type',
    why: 'Every error becomes an InternalFailure.',
    clauses: [
      'GW-3',
      'DESC-5',
      'DEL-3',
      'CREATE-8',
      'ITER-4',
      'GET-7',
      'PUTS-5',
      'PUTS-8',
      'PUT-7',
      'ROLE-3',
      'GW-6',
    ],
    change: refused(['*'], (answer) => withBody(answer, { ...outputOf(answer), __type: 'InternalFailure' })),
  },
  {
    name: 'errors-of-another-text',
    why: 'Every error says the same.',
    clauses: ['DESC-5', 'DEL-3', 'CREATE-8'],
    change: refused(['*'], (answer) =>
      withBody(answer, { ...outputOf(answer), message: 'Something went wrong.' }),
    ),
  },
  {
    name: 'errors-without-account',
    why: 'The account is replaced in every text.',
    clauses: ['DESC-5', 'DEL-3', 'CREATE-8'],
    change: refused(['*'], (answer) => withBody(answer, answer.body.toString().replace(/\b\d{12}\b/, '***'))),
  },
  {
    name: 'refused-with-an-iterator',
    why: 'An error carries an iterator all the same.',
    clauses: ['ITER-4'],
    change: refused(['GetShardIterator'], (answer) =>
      withBody(answer, { ...outputOf(answer), ShardIterator: 'AAAA' }),
    ),
  },
  {
    name: 'refused-with-records',
    why: 'An error carries records all the same.',
    clauses: ['GET-7', 'GET-3', 'GET-8'],
    change: refused(['GetRecords'], (answer) => withBody(answer, { ...outputOf(answer), Records: [] })),
  },
  ...(
    [
      ['denied-and-done', PUTS, 'What the role may not do'],
      ['denied-and-deleted', ['DeleteStream'], 'A deletion that the role may not do'],
      ['denied-and-created', ['CreateStream'], 'A creation that the role may not do'],
    ] as const
  ).map(([name, actions, what]) => ({
    name,
    why: `${what} is refused, and done all the same.`,
    clauses: ['ROLE-3', 'ROLE-5'],
    change: behindGateway(actions, () => async ({ input, pass, also }, action) => {
      const answer = await pass();
      if (answer.status !== 200) await also(action, input);
      return answer;
    }),
  })),
  {
    name: 'put-into-both',
    why: 'Each record is stored in every stream of one shard as well.',
    clauses: ['PUT-9', 'PUTS-2', 'ROLE-6'],
    change: behindGateway(PUTS, () => async ({ input, pass, also }, action) => {
      const { StreamNames = [] } = await also('ListStreams', {});
      for (const StreamName of StreamNames.filter((name: string) => name.includes('-Other-')))
        await also(action, { ...input, StreamName });
      return pass();
    }),
  },
  {
    name: 'put-although-refused',
    why: 'What Kinesis refuses is stored under a key that it takes.',
    clauses: ['PUT-7', 'PUTS-5', 'PUTS-8', 'GW-6'],
    change: behindGateway(PUTS, () => async ({ input, pass, also }) => {
      const answer = await pass();
      if (answer.status !== 200)
        await also('PutRecord', { StreamName: input.StreamName, Data: 'c3RvcmVk', PartitionKey: 'k' });
      return answer;
    }),
  },
  {
    name: 'put-later',
    why: 'A record for a stream that is being created waits in a buffer, after it was refused.',
    clauses: ['PUT-10'],
    change: {
      ...behindGateway(['PutRecord'], () => async ({ input, pass, also }) => {
        const answer = await pass();
        if (answer.status !== 200)
          becomesActive(also, input.StreamName)
            .then(() => also('PutRecord', input))
            // The scenario may have removed the stream meanwhile.
            .catch(() => undefined);
        return answer;
      }),
      environment: { KPC_WAIT_NOTHING_STORED_MS: '300' },
    },
  },
  {
    name: 'put-waits',
    why: 'A record for a stream that is being created is stored once it is ACTIVE, and nobody is told.',
    clauses: ['PUT-10'],
    change: behindGateway(['PutRecord'], () => async ({ input, pass }) => {
      const answer = await pass();
      return answer.status === 200
        ? answer
        : success({
            ShardId: 'shardId-000000000000',
            SequenceNumber: '0'.repeat(56),
            StreamName: input.StreamName,
          });
    }),
  },
  {
    name: 'put-says-another-shard',
    why: 'The answer names the shard after the one that has the record.',
    clauses: ['PUT-2', 'PUT-4', 'PUTS-1', 'PUTS-4'],
    change: behindGateway(PUTS, () => async ({ pass }) => {
      const answer = await pass();
      return withBody(
        answer,
        answer.body
          .toString()
          .replace(/shardId-0{11}(\d)/g, (_, digit) => `shardId-00000000000${(Number(digit) + 1) % 5}`),
      );
    }),
  },
  {
    name: 'put-says-the-same-number',
    why: 'The answer’s sequence number is made up.',
    clauses: ['PUT-2', 'PUT-5', 'PUTS-3', 'PUTS-4'],
    change: behindGateway(PUTS, () => async ({ pass }) => {
      const answer = await pass();
      return withBody(answer, answer.body.toString().replace(/"\d{56}"/g, `"${'4'.repeat(56)}"`));
    }),
  },
  {
    name: 'put-in-reverse',
    why: 'A batch is stored from the last record to the first.',
    clauses: ['PUTS-2', 'PUTS-4'],
    change: asked('PutRecords', (input) => ({ ...input, Records: input.Records?.toReversed() })),
  },
  {
    name: 'places-in-reverse',
    why: 'The places of a batch come in the wrong order.',
    clauses: ['PUTS-1', 'PUTS-3', 'PUTS-4'],
    change: answered('PutRecords', (output) => ({ ...output, Records: output.Records.toReversed() })),
  },
  {
    name: 'places-without-numbers',
    why: 'The places lack their sequence numbers.',
    clauses: ['PUTS-1', 'PUTS-3'],
    change: answered('PutRecords', (output) => ({
      ...output,
      Records: output.Records.map(({ ShardId }: Json) => ({ ShardId, SequenceNumber: '' })),
    })),
  },
  {
    name: 'batch-key-per-record',
    why: 'Each record of a batch gets a shard in turn.',
    clauses: ['PUTS-1', 'PUTS-3'],
    change: asked('PutRecords', (input) => ({
      ...input,
      Records: input.Records?.map((record: Json, i: number) => ({
        ...record,
        ExplicitHashKey: String((BigInt(i % 5) * 2n ** 128n) / 5n + 1n),
      })),
    })),
  },
  {
    name: 'partial-failure-stored-later',
    why: 'What Kinesis refused of a batch is stored a second later, and the answer does not say so.',
    clauses: ['PUTS-6'],
    change: answered('PutRecords', (output) => ({
      ...output,
      Records: output.Records.map((place: Json, i: number) =>
        i === 0 && !place.ErrorCode && output.FailedRecordCount > 0
          ? { ErrorCode: 'InternalFailure', ErrorMessage: 'made up' }
          : place,
      ),
      FailedRecordCount: output.FailedRecordCount > 0 ? output.FailedRecordCount + 1 : 0,
    })),
  },
  {
    name: 'data-normalised',
    why: 'Letters and their marks are put together on the way.',
    clauses: ['PUT-6'],
    change: asked('PutRecord', (input) => ({ ...input, Data: recoded(input.Data, composed) })),
  },
  {
    name: 'data-evaluated',
    why: 'Data that looks like a template is run as one.',
    clauses: ['INJ-3'],
    change: behindGateway(PUTS, () => ({ input, pass }) => {
      const run = (data: string) =>
        recoded(data, (text) => text.replace(/#\w+\([^"]*\)|##[^"]*|\$!?\{?\w[\w.]*\}?(\([^"]*\))?/g, ''));
      return pass({
        ...input,
        ...(input.Data && { Data: run(input.Data) }),
        ...(input.Records && { Records: input.Records.map((r: Json) => ({ ...r, Data: run(r.Data) })) }),
      });
    }),
  },
  {
    name: 'batch-in-latin-1',
    why: 'The texts of a batch go through a narrower encoding.',
    clauses: ['PUTS-7'],
    change: asked('PutRecords', (input) => ({
      ...input,
      Records: input.Records?.map((record: Json) => ({
        ...record,
        Data: recoded(record.Data, (text) => Buffer.from(text, 'latin1').toString('latin1')),
      })),
    })),
  },
  {
    name: 'large-data-refused',
    why: 'An old limit of 50 KB.',
    clauses: ['PUT-8'],
    change: behindGateway(
      ['PutRecord'],
      () =>
        async ({ input, pass }) =>
          String(input.Data).length > 66_000
            ? error(400, 'ValidationException', 'Record too large.')
            : pass(),
    ),
  },
  {
    name: 'too-large-data-cut',
    why: 'What Kinesis would refuse is cut to what it takes.',
    clauses: ['PUT-8'],
    change: asked('PutRecord', (input) => ({
      ...input,
      Data: Buffer.from(String(input.Data), 'base64').subarray(0, 1_048_570).toString('base64'),
    })),
  },
  {
    name: 'unknown-stream-made',
    why: 'A record for a stream that is not there makes it.',
    clauses: ['PUT-7', 'GW-3'],
    change: behindGateway(['PutRecord'], () => async ({ input, pass, also }) => {
      const answer = await pass();
      if (answer.status === 200 || !answer.body.toString().includes('not found')) return answer;
      await also('CreateStream', { StreamName: input.StreamName, ShardCount: 1 });
      await becomesActive(also, input.StreamName);
      return pass();
    }),
  },
  {
    name: 'short-form-refused',
    why: 'A shard has to be named in full.',
    clauses: ['ITER-3'],
    change: behindGateway(
      ['GetShardIterator'],
      () =>
        async ({ input, pass }) =>
          String(input.ShardId).startsWith('shardId-')
            ? pass()
            : error(400, 'ResourceNotFoundException', `Could not find shard ${input.ShardId}`),
    ),
  },
  {
    name: 'iterator-of-any-shard',
    why: 'A shard that is not there is taken for the first.',
    clauses: ['ITER-4'],
    change: asked('GetShardIterator', (input) =>
      /99$/.test(input.ShardId) ? { ...input, ShardId: 'shardId-000000000000' } : input,
    ),
  },
  {
    name: 'never-caught-up',
    why: 'The delay is made up.',
    clauses: ['GET-1'],
    change: answered('GetRecords', (output) => ({
      ...output,
      MillisBehindLatest: output.Records.length > 0 ? 1000 : 7,
    })),
  },
  {
    name: 'delay-as-text',
    why: 'A number became a text.',
    clauses: ['GET-1'],
    change: answered('GetRecords', (output) => ({
      ...output,
      MillisBehindLatest: String(output.MillisBehindLatest),
    })),
  },
  {
    name: 'records-in-reverse',
    why: 'The newest record was wanted on top.',
    clauses: ['GET-2', 'GET-4'],
    change: answered('GetRecords', (output) => ({ ...output, Records: output.Records.toReversed() })),
  },
  {
    name: 'records-twice',
    why: 'The next iterator is the one that was used, until nothing is new.',
    clauses: ['GET-4', 'GET-6'],
    change: answered('GetRecords', (output) => ({
      ...output,
      Records: [...output.Records, ...output.Records],
    })),
  },
  {
    name: 'first-record-skipped',
    why: 'Reading begins behind the oldest record.',
    clauses: ['GET-2', 'GET-4', 'JOURNEY-1'],
    change: answered('GetRecords', (output) => ({ ...output, Records: output.Records.slice(1) })),
  },
  {
    name: 'keys-hidden',
    why: 'Partition keys may be personal data.',
    clauses: ['GET-2'],
    change: records((record) => ({ ...record, PartitionKey: '***' })),
  },
  {
    name: 'times-in-milliseconds',
    why: 'Seconds became milliseconds.',
    clauses: ['GET-2'],
    change: records((record) => ({
      ...record,
      ApproximateArrivalTimestamp: record.ApproximateArrivalTimestamp * 1000,
    })),
  },
  {
    name: 'numbers-shortened',
    why: 'Sequence numbers lose their last digits in a float.',
    clauses: ['GET-2'],
    change: records((record) => ({
      ...record,
      SequenceNumber: Number(record.SequenceNumber).toPrecision(21),
    })),
  },
  {
    name: 'iterator-used-up',
    why: 'An iterator works once.',
    clauses: ['GET-5'],
    change: behindGateway(['GetRecords'], () => {
      const used = new Set<string>();
      return async ({ input, pass }) => {
        if (used.has(input.ShardIterator))
          return success({ Records: [], NextShardIterator: 'x', MillisBehindLatest: 0 });
        used.add(input.ShardIterator);
        return pass();
      };
    }),
  },
  {
    name: 'empty-shard-ends',
    why: 'Where nothing is, there is no next iterator.',
    clauses: ['GET-4'],
    change: answered('GetRecords', (output) =>
      output.Records.length === 0 ? { ...output, NextShardIterator: undefined } : output,
    ),
  },
  {
    name: 'bad-iterator-reads-nothing',
    why: 'An iterator that is none reads an empty list.',
    clauses: ['GET-7', 'GW-3'],
    change: behindGateway(['GetRecords'], () => async ({ pass }) => {
      const answer = await pass();
      return answer.status === 200 ? answer : success({ Records: [], MillisBehindLatest: 0 });
    }),
  },
  {
    name: 'broken-request-mended',
    why: 'A layer that mends JSON: a quote in a key is no longer an error.',
    clauses: ['INJ-1'],
    change: {
      middleware: () => ({
        kinesis: (call) => async (request) => {
          const answer = await call(request);
          const isBroken =
            request.session !== undefined && answer.body.toString().includes('SerializationException');
          return isBroken
            ? success({ SequenceNumber: '4'.repeat(56), ShardId: 'shardId-000000000000' })
            : answer;
        },
      }),
    },
  },
  {
    name: 'broken-request-harms-others',
    why: 'A request that Kinesis cannot read is stored in the streams of everyone.',
    clauses: ['INJ-1'],
    change: {
      middleware: () => ({
        kinesis: (call) => async (request) => {
          const answer = await call(request);
          if (request.session === undefined || !answer.body.toString().includes('SerializationException'))
            return answer;
          const own = async (action: string, body: Json) =>
            outputOf(
              await call({ action, headers: request.headers, body: Buffer.from(JSON.stringify(body)) }),
            );
          const { StreamNames = [] } = await own('ListStreams', {});
          for (const StreamName of StreamNames.filter((name: string) => name.includes('-Other-')))
            await own('PutRecord', { StreamName, Data: 'eA==', PartitionKey: 'k' });
          return answer;
        },
      }),
    },
  },
];

function shards(edit: (shard: Json) => Json) {
  return answered('DescribeStream', ({ StreamDescription }) => ({
    StreamDescription: { ...StreamDescription, Shards: StreamDescription.Shards.map(edit) },
  }));
}

function records(edit: (record: Json) => Json) {
  return answered('GetRecords', (output) => ({ ...output, Records: output.Records.map(edit) }));
}

function recoded(data: string, edit: (text: string) => string): string {
  return Buffer.from(edit(Buffer.from(data, 'base64').toString('utf8'))).toString('base64');
}

/** A JSON text with its escapes written out and its letters composed. */
function composed(text: string): string {
  return JSON.stringify(JSON.parse(text.normalize('NFC')), (_, value) =>
    typeof value === 'string' ? value.normalize('NFC') : value,
  );
}

async function becomesActive(
  also: (action: string, input: Json) => Promise<Json>,
  StreamName: string,
): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const { StreamDescription } = await also('DescribeStream', { StreamName });
    if (StreamDescription === undefined || StreamDescription.StreamStatus === 'ACTIVE') return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
