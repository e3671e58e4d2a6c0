import { createHash } from 'node:crypto';
import { Client } from 'undici';
import { messageOf } from '../../infra/errors.ts';
import type { Served } from '../targets/served.ts';
import { createStream, readStream, type StoredRecord } from './kinesis.ts';

/** Puts of one record and of many between a stream's creation and its deletion. */
const PUTS_OF_ONE = 40;
const PUTS_OF_MANY = 4;
const RECORDS_OF_MANY = 10;
/** The number of memory samples, spread evenly over the soak. */
export const SAMPLES = 100;
const MAX_ANSWER_MILLIS = 30_000;
/** A soak ends as failed after this many wrong answers. */
const MAX_PROBLEMS = 10;
/** The stream into which all callers put; it is read when the soak is over. */
export const SHARED_STREAM = 'soak-shared';
/** The shard of a caller's own stream. */
const ONLY_SHARD = 'shardId-000000000000';

/** The members of the eight methods' answers that are compared. */
interface Answer {
  readonly StreamNames: readonly string[];
  readonly StreamDescription: { readonly StreamStatus: string };
  readonly ShardIterator: string;
  readonly ShardId: string;
  readonly SequenceNumber: string;
  readonly FailedRecordCount: number;
  readonly Records: readonly Omit<Answer, 'Records'>[];
  readonly Data: string;
}

/** When a soak ends: after a number of calls or minutes, whichever comes first. */
export interface SoakBounds {
  readonly calls?: number | undefined;
  readonly minutes?: number | undefined;
}

type Ask = (
  method: 'GET' | 'PUT' | 'POST' | 'DELETE',
  path: string,
  body?: object,
  headers?: Record<string, string>,
) => Promise<Answer>;

/**
 * Calls all eight methods through the proxy, in cycles. Reads the records that the answers acknowledge through the
 * proxy and directly from Kinesis: each must exist exactly once.
 */
export class Soak {
  /** Calls through the proxy. */
  made = 0;
  wrong = 0;
  /** The first wrong and missing answers. */
  readonly problems: string[] = [];
  readonly #served: Served;
  readonly #bounds: SoakBounds;
  readonly #onLook: (done: number) => Promise<void>;
  readonly #shared: StoredRecord[] = [];
  #began = 0;
  #looks = 0;

  /** @param onLook gets the progress of the soak in percent, and is awaited by the caller that reached it. */
  constructor(served: Served, bounds: SoakBounds, onLook: (done: number) => Promise<void>) {
    this.#served = served;
    this.#bounds = bounds;
    this.#onLook = onLook;
  }

  /** Runs one cycle at a time on each connection. @returns the duration in seconds. */
  async run(connections: number): Promise<number> {
    await createStream(this.#served.access, SHARED_STREAM, 'on demand');
    this.#began = performance.now();
    await Promise.all(Array.from({ length: connections }, (_, caller) => this.#call(caller)));
    const seconds = (performance.now() - this.#began) / 1000;
    const stored = await readStream(this.#served.access, SHARED_STREAM);
    // Callers put at the same time, so the order is Kinesis's.
    this.#compare(`${SHARED_STREAM}, read from Kinesis,`, stored.sort(byPlace), this.#shared.sort(byPlace));
    return seconds;
  }

  /** Between 0 and 1; 1 when it is over. */
  #progress(): number {
    const { calls = Number.POSITIVE_INFINITY, minutes = Number.POSITIVE_INFINITY } = this.#bounds;
    return Math.min(1, Math.max(this.made / calls, (performance.now() - this.#began) / 60_000 / minutes));
  }

  async #call(caller: number): Promise<void> {
    const { origin, pathname } = new URL(this.#served.baseUrl as string);
    const client = new Client(origin, { headersTimeout: MAX_ANSWER_MILLIS, bodyTimeout: MAX_ANSWER_MILLIS });
    const ask: Ask = async (method, path, body, headers) => {
      await this.#look();
      const answer = await client.request({
        method,
        path: pathname + path,
        headers: { ...(body && { 'Content-Type': 'application/json' }), ...headers },
        ...(body && { body: JSON.stringify(body) }),
      });
      const text = await answer.body.text();
      if (answer.statusCode !== 200 || text.includes('"__type"'))
        throw new Error(`${method} ${path} was answered with ${answer.statusCode} ${text.slice(0, 200)}`);
      return (text === '' ? {} : JSON.parse(text)) as Answer;
    };
    for (let cycle = 0; this.#progress() < 1 && this.wrong < MAX_PROBLEMS; cycle += 1)
      await this.#cycle(ask, `soak-${caller}-${cycle}`).catch((error) => this.#complain(messageOf(error)));
    await client.close();
  }

  async #cycle(ask: Ask, stream: string): Promise<void> {
    const at = `/streams/${stream}`;
    await ask('POST', at, { ShardCount: 1 });
    const { StreamNames } = await ask('GET', '/streams');
    this.#expect(StreamNames.includes(stream), `${stream} is not listed`);
    const { StreamDescription } = await ask('GET', at);
    this.#expect(
      StreamDescription.StreamStatus === 'ACTIVE',
      `${stream} is ${StreamDescription.StreamStatus}`,
    );
    const put = await this.#put(ask, stream);
    const { ShardIterator } = await ask('GET', `${at}/sharditerator?shard-id=${ONLY_SHARD}`);
    const { Records } = await ask('GET', `${at}/records`, undefined, { 'Shard-Iterator': ShardIterator });
    const read = Records.map(({ SequenceNumber, Data }) => ({
      place: `${ONLY_SHARD} ${SequenceNumber}`,
      data: Buffer.from(Data, 'base64').toString(),
    }));
    this.#compare(`${stream}, read through the proxy,`, read, put);
    this.#compare(`${stream}, read from Kinesis,`, await readStream(this.#served.access, stream), put);
    await ask('DELETE', at, {});
  }

  /**
   * Puts into the caller's own stream, and once into the shared one. @returns the expected records of its own stream.
   */
  async #put(ask: Ask, stream: string): Promise<StoredRecord[]> {
    const putOne = async (to: string, key: number): Promise<StoredRecord> => {
      const data = dataOf(stream, `${to} ${key}`);
      const { ShardId, SequenceNumber } = await ask('PUT', `/streams/${to}/record`, {
        Data: data,
        PartitionKey: `${stream} ${key}`,
      });
      // The tutorial's template encodes the value as written in the JSON.
      return { place: `${ShardId} ${SequenceNumber}`, data: JSON.stringify(data) };
    };
    this.#shared.push(await putOne(SHARED_STREAM, 0));
    const put: StoredRecord[] = [];
    for (let index = 0; index < PUTS_OF_ONE; index += 1) put.push(await putOne(stream, index));
    for (let index = 0; index < PUTS_OF_MANY; index += 1) {
      const data = Array.from({ length: RECORDS_OF_MANY }, (_, record) =>
        dataOf(stream, `${index}.${record}`),
      );
      const { FailedRecordCount, Records } = await ask('PUT', `/streams/${stream}/records`, {
        records: data.map((text, record) => ({ data: text, 'partition-key': `${record}` })),
      });
      this.#expect(FailedRecordCount === 0, `${FailedRecordCount} records of ${stream} failed`);
      for (const [record, text] of data.entries())
        put.push({ place: `${Records[record]?.ShardId} ${Records[record]?.SequenceNumber}`, data: text });
    }
    return put;
  }

  async #look(): Promise<void> {
    this.made += 1;
    if (this.#looks >= SAMPLES || this.#progress() * SAMPLES < this.#looks + 1) return;
    this.#looks += 1;
    await this.#onLook(this.#looks);
  }

  /** Each acknowledged record must exist once, with its data, and no other records. */
  #compare(where: string, found: readonly StoredRecord[], put: readonly StoredRecord[]): void {
    const differing = put.findIndex(
      ({ place, data }, index) => found[index]?.place !== place || found[index].data !== data,
    );
    if (differing >= 0)
      this.#complain(
        `${where} has ${JSON.stringify(found[differing]) ?? 'nothing'} where ${JSON.stringify(put[differing])} was put`,
      );
    else if (found.length > put.length)
      this.#complain(`${where} has ${found.length} records, and ${put.length} were put`);
  }

  #expect(isRight: boolean, complaint: string): void {
    if (!isRight) this.#complain(complaint);
  }

  #complain(problem: string): void {
    this.wrong += 1;
    if (this.problems.length < MAX_PROBLEMS) this.problems.push(problem);
  }
}

function byPlace(one: StoredRecord, other: StoredRecord): number {
  return one.place < other.place ? -1 : Number(one.place > other.place);
}

/** A text that is unique to the record. */
function dataOf(stream: string, record: string): string {
  return createHash('sha256').update(`${stream} ${record}`).digest('hex');
}
