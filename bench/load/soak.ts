import { createHash } from 'node:crypto';
import { Client } from 'undici';
import type { Served } from '../targets/served.ts';

/** Puts of one record and of many between a stream's creation and its deletion. */
const PUTS_OF_ONE = 40;
const PUTS_OF_MANY = 4;
const RECORDS_OF_MANY = 10;
/** Looks at memory, spread evenly over the calls. */
export const LOOKS = 100;
const MAX_ANSWER_MILLIS = 30_000;

/** What the eight methods answer, as far as it is compared. */
interface Answer {
  readonly StreamNames: readonly string[];
  readonly StreamDescription: { readonly StreamStatus: string };
  readonly ShardIterator: string;
  readonly SequenceNumber: string;
  readonly FailedRecordCount: number;
  readonly Records: readonly { readonly Data: string; readonly SequenceNumber: string }[];
}

/** All eight methods through the proxy, in cycles that leave nothing: what was put is read back and compared. */
export class Soak {
  made = 0;
  wrong = 0;
  readonly problems: string[] = [];
  readonly #origin: string;
  readonly #base: string;
  readonly #calls: number;
  readonly #onLook: (done: number) => Promise<void>;
  #looks = 0;

  constructor(served: Served, calls: number, onLook: (done: number) => Promise<void>) {
    const { origin, pathname } = new URL(served.baseUrl as string);
    this.#origin = origin;
    this.#base = pathname;
    this.#calls = calls;
    this.#onLook = onLook;
  }

  async call(caller: number): Promise<void> {
    const client = new Client(this.#origin, {
      headersTimeout: MAX_ANSWER_MILLIS,
      bodyTimeout: MAX_ANSWER_MILLIS,
    });
    for (let cycle = 0; this.made < this.#calls; cycle += 1)
      await this.#cycle(client, `soak-${caller}-${cycle}`).catch((error) => this.#complain(String(error)));
    await client.close();
  }

  async #cycle(client: Client, stream: string): Promise<void> {
    const ask = async (
      method: 'GET' | 'PUT' | 'POST' | 'DELETE',
      path: string,
      body?: object,
      headers = {},
    ) => this.#ask(client, method, path, body, headers);
    const at = `/streams/${stream}`;
    await ask('POST', at, { ShardCount: 1 });
    const { StreamNames } = await ask('GET', '/streams');
    this.#expect(StreamNames.includes(stream), `${stream} is not listed`);
    const { StreamDescription } = await ask('GET', at);
    this.#expect(
      StreamDescription.StreamStatus === 'ACTIVE',
      `${stream} is ${StreamDescription.StreamStatus}`,
    );
    const put: string[] = [];
    const places: string[] = [];
    for (let index = 0; index < PUTS_OF_ONE; index += 1) {
      const data = dataOf(stream, index);
      const { SequenceNumber } = await ask('PUT', `${at}/record`, { Data: data, PartitionKey: `${index}` });
      put.push(JSON.stringify(data));
      places.push(SequenceNumber);
    }
    for (let index = 0; index < PUTS_OF_MANY; index += 1) {
      const data = Array.from({ length: RECORDS_OF_MANY }, (_, record) =>
        dataOf(stream, `${index}.${record}`),
      );
      const records = data.map((text, record) => ({ data: text, 'partition-key': `${record}` }));
      const { FailedRecordCount, Records } = await ask('PUT', `${at}/records`, { records });
      this.#expect(FailedRecordCount === 0, `${FailedRecordCount} records of ${stream} failed`);
      put.push(...data);
      places.push(...Records.map(({ SequenceNumber }) => SequenceNumber));
    }
    const { ShardIterator } = await ask('GET', `${at}/sharditerator?shard-id=shardId-000000000000`);
    const read = await ask('GET', `${at}/records`, undefined, { 'Shard-Iterator': ShardIterator });
    const records = read.Records;
    this.#expect(
      records.map(({ Data }) => Buffer.from(Data, 'base64').toString()).join('\n') === put.join('\n'),
      `${stream} holds other data than was put`,
    );
    this.#expect(
      records.map(({ SequenceNumber }) => SequenceNumber).join() === places.join(),
      `${stream} holds its records at other places than the answers named`,
    );
    await ask('DELETE', at, {});
  }

  async #ask(
    client: Client,
    method: 'GET' | 'PUT' | 'POST' | 'DELETE',
    path: string,
    body: object | undefined,
    headers: Record<string, string>,
  ): Promise<Answer> {
    await this.#look();
    const answer = await client.request({
      method,
      path: this.#base + path,
      headers: { ...(body && { 'Content-Type': 'application/json' }), ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.body.text();
    if (answer.statusCode !== 200 || text.includes('"__type"'))
      throw new Error(`${method} ${path} was answered with ${answer.statusCode} ${text.slice(0, 200)}`);
    return (text === '' ? {} : JSON.parse(text)) as Answer;
  }

  async #look(): Promise<void> {
    this.made += 1;
    if (this.made * LOOKS < (this.#looks + 1) * this.#calls || this.#looks === LOOKS) return;
    this.#looks += 1;
    await this.#onLook(this.#looks);
  }

  #expect(isRight: boolean, complaint: string): void {
    if (!isRight) this.#complain(complaint);
  }

  #complain(problem: string): void {
    this.wrong += 1;
    if (this.problems.length < 10) this.problems.push(problem);
  }
}

/** Text that no other record has. */
function dataOf(stream: string, record: number | string): string {
  return createHash('sha256').update(`${stream} ${record}`).digest('hex');
}
