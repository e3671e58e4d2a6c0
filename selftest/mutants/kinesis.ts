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

/** Defects of a layer between the gateway and Kinesis, beyond what a template can do. */
export const kinesis: readonly Mutant[] = [
  {
    name: 'list-cached',
    why: 'The list of streams is cached for as long as the proxy runs.',
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
    why: 'The list is in reverse order.',
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
    why: 'The list ends after ten names.',
    clauses: ['LIST-4'],
    change: answered('ListStreams', (output) => ({
      ...output,
      StreamNames: output.StreamNames.slice(0, 10),
    })),
  },
  {
    name: 'list-more-as-text',
    why: 'HasMoreStreams is a string instead of a Boolean.',
    clauses: ['LIST-1'],
    change: answered('ListStreams', (output) => ({
      ...output,
      HasMoreStreams: String(output.HasMoreStreams),
    })),
  },
  {
    name: 'description-cached',
    why: 'Descriptions are cached, so the status never changes.',
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
    why: 'The described shards have no SequenceNumberRange.',
    clauses: ['DESC-2', 'DESC-3'],
    change: shards(({ SequenceNumberRange: _dropped, ...shard }) => shard),
  },
  {
    name: 'description-without-the-end',
    why: 'The description leaves out EndingSequenceNumber, so a closed shard looks open.',
    clauses: ['DESC-3a'],
    change: shards((shard) => ({
      ...shard,
      SequenceNumberRange: { StartingSequenceNumber: shard.SequenceNumberRange.StartingSequenceNumber },
    })),
  },
  {
    name: 'created-under-another-count-in-use',
    why: 'Creating a stream that exists is refused, but splits one of its shards.',
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
    why: 'A refused creation still creates a stream, with one shard.',
    clauses: ['CREATE-7', 'CREATE-7a'],
    change: behindGateway(['CreateStream'], () => async ({ input, pass, also }) => {
      const answer = await pass();
      if (answer.status !== 200) await also('CreateStream', { StreamName: input.StreamName, ShardCount: 1 });
      return answer;
    }),
  },
  {
    name: 'created-with-a-copy',
    why: 'Each creation also splits a shard of the other stream, which the client names elsewhere in the request.',
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
    why: 'Each creation also raises the retention period.',
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
    why: 'The name of a deleted stream can never be used again.',
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
    why: 'Each new stream already has a record.',
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
    why: 'Deleting a stream succeeds but deletes nothing.',
    clauses: ['DEL-2', 'JOURNEY-1'],
    change: behindGateway(['DeleteStream'], () => async () => success('')),
  },
  {
    name: 'delete-takes-others-along',
    why: 'Deleting a stream also deletes streams whose names begin alike.',
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
    why: 'Every error has the same text.',
    clauses: ['DESC-5', 'DEL-3', 'CREATE-8'],
    change: refused(['*'], (answer) =>
      withBody(answer, { ...outputOf(answer), message: 'Something went wrong.' }),
    ),
  },
  {
    name: 'errors-without-account',
    why: 'The account id is replaced in every error text.',
    clauses: ['DESC-5', 'DEL-3', 'CREATE-8'],
    change: refused(['*'], (answer) => withBody(answer, answer.body.toString().replace(/\b\d{12}\b/, '***'))),
  },
  {
    name: 'refused-with-an-iterator',
    why: 'Errors carry an iterator.',
    clauses: ['ITER-4'],
    change: refused(['GetShardIterator'], (answer) =>
      withBody(answer, { ...outputOf(answer), ShardIterator: 'AAAA' }),
    ),
  },
  {
    name: 'refused-with-records',
    why: 'Errors carry records.',
    clauses: ['GET-7', 'GET-3', 'GET-8'],
    change: refused(['GetRecords'], (answer) => withBody(answer, { ...outputOf(answer), Records: [] })),
  },
  ...(
    [
      ['denied-and-done', PUTS, 'A call that the role may not make'],
      ['denied-and-deleted', ['DeleteStream'], 'A deletion that the role may not make'],
      ['denied-and-created', ['CreateStream'], 'A creation that the role may not make'],
    ] as const
  ).map(([name, actions, what]) => ({
    name,
    why: `${what} is refused, but carried out.`,
    clauses: ['ROLE-3', 'ROLE-5'],
    change: behindGateway(actions, () => async ({ input, pass, also }, action) => {
      const answer = await pass();
      if (answer.status !== 200) await also(action, input);
      return answer;
    }),
  })),
  {
    name: 'put-into-both',
    why: 'Each record is also stored in the other stream, which the client names elsewhere in the request.',
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
    why: 'A record that Kinesis refuses is stored under another, valid key.',
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
    why: 'A record for a stream that is still CREATING is refused, but buffered and stored later.',
    clauses: ['PUT-10'],
    change: {
      ...behindGateway(['PutRecord'], () => async ({ input, pass, also }) => {
        const answer = await pass();
        if (answer.status !== 200)
          becomesActive(also, input.StreamName)
            .then(() => also('PutRecord', input))
            // The scenario may have deleted the stream by now.
            .catch(() => undefined);
        return answer;
      }),
      environment: { KPC_WAIT_NOTHING_STORED_MS: '300' },
    },
  },
  {
    name: 'put-waits',
    why: 'A record for a stream that is still CREATING is answered as stored, although it is not.',
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
    why: 'The answer names the shard after the one that holds the record.',
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
    why: 'The answer has an invented sequence number.',
    clauses: ['PUT-2', 'PUT-5', 'PUTS-3', 'PUTS-4'],
    change: behindGateway(PUTS, () => async ({ pass }) => {
      const answer = await pass();
      return withBody(answer, answer.body.toString().replace(/"\d{56}"/g, `"${'4'.repeat(56)}"`));
    }),
  },
  {
    name: 'put-in-reverse',
    why: 'A batch is stored in reverse order.',
    clauses: ['PUTS-2', 'PUTS-4'],
    change: asked('PutRecords', (input) => ({ ...input, Records: input.Records?.toReversed() })),
  },
  {
    name: 'places-in-reverse',
    why: 'The results of a batch are in reverse order.',
    clauses: ['PUTS-1', 'PUTS-3', 'PUTS-4'],
    change: answered('PutRecords', (output) => ({ ...output, Records: output.Records.toReversed() })),
  },
  {
    name: 'places-without-numbers',
    why: 'The results of a batch have no sequence numbers.',
    clauses: ['PUTS-1', 'PUTS-3'],
    change: answered('PutRecords', (output) => ({
      ...output,
      Records: output.Records.map(({ ShardId }: Json) => ({ ShardId, SequenceNumber: '' })),
    })),
  },
  {
    name: 'batch-key-per-record',
    why: 'The records of a batch are spread over the shards in turn.',
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
    why: 'The answer reports a record of the batch as failed although it is stored.',
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
    why: 'Text is normalised: letters and combining marks become one character.',
    clauses: ['PUT-6'],
    change: asked('PutRecord', (input) => ({ ...input, Data: recoded(input.Data, composed) })),
  },
  {
    name: 'data-evaluated',
    why: 'Text that looks like template language is removed from data.',
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
    why: 'The texts of a batch are converted to Latin-1.',
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
    why: 'Data of more than 50 KB is refused, which was once the limit.',
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
    why: 'Data that is too large for Kinesis is shortened instead of refused.',
    clauses: ['PUT-8'],
    change: asked('PutRecord', (input) => ({
      ...input,
      Data: Buffer.from(String(input.Data), 'base64').subarray(0, 1_048_570).toString('base64'),
    })),
  },
  {
    name: 'unknown-stream-made',
    why: 'A record for a stream that does not exist creates the stream.',
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
    why: 'The short form of a shard id is refused.',
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
    why: 'For a shard that does not exist, the first shard is read.',
    clauses: ['ITER-4'],
    change: asked('GetShardIterator', (input) =>
      /99$/.test(input.ShardId) ? { ...input, ShardId: 'shardId-000000000000' } : input,
    ),
  },
  {
    name: 'never-caught-up',
    why: 'MillisBehindLatest never becomes 0.',
    clauses: ['GET-1'],
    change: answered('GetRecords', (output) => ({
      ...output,
      MillisBehindLatest: output.Records.length > 0 ? 1000 : 7,
    })),
  },
  {
    name: 'delay-as-text',
    why: 'MillisBehindLatest is a string instead of a number.',
    clauses: ['GET-1'],
    change: answered('GetRecords', (output) => ({
      ...output,
      MillisBehindLatest: String(output.MillisBehindLatest),
    })),
  },
  {
    name: 'records-in-reverse',
    why: 'Records are read in reverse order.',
    clauses: ['GET-2', 'GET-4'],
    change: answered('GetRecords', (output) => ({ ...output, Records: output.Records.toReversed() })),
  },
  {
    name: 'records-twice',
    why: 'Each page gives its records twice.',
    clauses: ['GET-4', 'GET-6'],
    change: answered('GetRecords', (output) => ({
      ...output,
      Records: [...output.Records, ...output.Records],
    })),
  },
  {
    name: 'first-record-skipped',
    why: 'Reading starts after the oldest record.',
    clauses: ['GET-2', 'GET-4', 'JOURNEY-1'],
    change: answered('GetRecords', (output) => ({ ...output, Records: output.Records.slice(1) })),
  },
  {
    name: 'keys-hidden',
    why: 'The partition keys of records that are read are masked.',
    clauses: ['GET-2'],
    change: records((record) => ({ ...record, PartitionKey: '***' })),
  },
  {
    name: 'times-in-milliseconds',
    why: 'ApproximateArrivalTimestamp is in milliseconds instead of seconds.',
    clauses: ['GET-2'],
    change: records((record) => ({
      ...record,
      ApproximateArrivalTimestamp: record.ApproximateArrivalTimestamp * 1000,
    })),
  },
  {
    name: 'numbers-shortened',
    why: 'Sequence numbers lose their last digits, as if they were floats.',
    clauses: ['GET-2'],
    change: records((record) => ({
      ...record,
      SequenceNumber: Number(record.SequenceNumber).toPrecision(21),
    })),
  },
  {
    name: 'iterator-used-up',
    why: 'An iterator gives its records only once.',
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
    why: 'Reading an empty shard gives no next iterator.',
    clauses: ['GET-4'],
    change: answered('GetRecords', (output) =>
      output.Records.length === 0 ? { ...output, NextShardIterator: undefined } : output,
    ),
  },
  {
    name: 'bad-iterator-reads-nothing',
    why: 'An invalid iterator gives an empty list instead of an error.',
    clauses: ['GET-7', 'GW-3'],
    change: behindGateway(['GetRecords'], () => async ({ pass }) => {
      const answer = await pass();
      return answer.status === 200 ? answer : success({ Records: [], MillisBehindLatest: 0 });
    }),
  },
  {
    name: 'broken-request-repaired',
    why: 'A request that Kinesis cannot read is answered as stored, so a quote in a key is no longer an error.',
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
    why: 'A request that Kinesis cannot read stores a record in the other stream.',
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

/** A JSON text without \u escapes, in Unicode normalization form C. */
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
