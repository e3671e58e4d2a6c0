import { CALL_NAMES, type CallName, type ProxyRequest, tutorialRequest } from '../client/requests.ts';
import { withoutVolatile } from '../client/volatile.ts';
import type { KnownStream } from './pool.ts';
import { iteratorAt } from './records.ts';
import { shardId } from './shards.ts';
import type { Worker } from './worker.ts';

/** A status, and a body without the values that differ from call to call. */
interface Outcome {
  readonly status: number;
  readonly body: unknown;
}

/** The answers to the eight calls made one way, and what the calls left in Kinesis. */
export interface SeriesResult {
  readonly answers: Readonly<Partial<Record<CallName, Outcome>>>;
  readonly left: {
    readonly shardsOfNewStream: number;
    readonly records: readonly { readonly data: string; readonly partitionKey: string }[];
    readonly deleted: boolean;
  };
}

/**
 * Makes the eight calls one way, on a separate stream, and reads Kinesis before the last call, which deletes the
 * stream.
 * @param history an old stream to read from: a new record may not be visible yet.
 */
export async function callSeries(
  worker: Worker,
  streams: { stream: KnownStream; newStream: string; history: KnownStream },
  call: (request: ProxyRequest) => Promise<{ status: number; body: string }>,
): Promise<SeriesResult> {
  const { stream, newStream, history } = streams;
  const iterator = await iteratorAt(worker.clients.kinesis, history.name, shardId(4));
  const subjects = { stream: stream.name, newStream, shardId: shardId(0), iterator };
  const answers: Partial<Record<CallName, Outcome>> = {};
  const make = async (name: CallName) => {
    worker.noteWrite();
    const { status, body } = await call(tutorialRequest(name, subjects));
    answers[name] = { status, body: withoutVolatile(body, { [stream.name]: '<stream>' }) };
  };
  for (const name of CALL_NAMES.filter((name) => name !== 'delete a stream')) await make(name);
  const { Shards = [] } = await worker.streams.active(newStream);
  const records = await worker.waits.throughout('records-visible', async () => {
    const read = await worker.read(stream);
    return read.length > 0 ? read : undefined;
  });
  await make('delete a stream');
  const after = await worker.streams.describe(stream.name);
  return {
    answers,
    left: {
      shardsOfNewStream: Shards.length,
      records: (records ?? []).map(({ data, partitionKey }) => ({
        data: data.toString('utf8'),
        partitionKey,
      })),
      deleted: after === undefined || after.StreamStatus === 'DELETING',
    },
  };
}
