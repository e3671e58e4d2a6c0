import { Readable } from 'node:stream';
import { KinesisClient, type KinesisClientConfig } from '@aws-sdk/client-kinesis';
import { hasTutorialShape } from '../../infra/definition/interface/classify.ts';
import type { Interface } from '../../infra/definition/interface/types.ts';
import { messageOf, NotObservable } from '../../infra/errors.ts';
import type { DeployedApi } from '../../infra/targets/deployed-api.ts';
import { Answer, abridged } from '../client/answer.ts';
import { type Intent, requestOf } from '../client/by-interface.ts';
import type { Caller } from '../client/caller.ts';
import { expectedInput } from '../client/expected-input.ts';
import {
  batchBody,
  createStream,
  deleteStream,
  describeStream,
  getRecords,
  getShardIterator,
  listStreams,
  NO_ADDITIONS,
  type ProxyRequest,
  putRecords,
  withAdditions,
} from '../client/requests.ts';

/** An answer of Kinesis in its own protocol, AWS JSON 1.1. */
interface Reply {
  readonly status: number;
  readonly body: string;
}

/** A request to Kinesis in its own protocol; numbers are passed on unchanged. */
type Input = Readonly<Record<string, string | undefined>>;

/**
 * A Kinesis client for runs that cannot query Kinesis itself: it sends each request to the proxy under test. Streams
 * for scenarios are created this way, and a violation that it shows counts; a success proves nothing about Kinesis.
 * Calls follow the interface, or the tutorial where it is unknown. A request that the proxy has no call for, or an
 * answer that is not Kinesis's, is NotObservable.
 */
export function kinesisThroughProxy(
  caller: Pick<Caller, 'send' | 'makeNoMore'>,
  api: DeployedApi,
  offered?: Interface,
): KinesisClient {
  const proxied = new ProxiedKinesis(caller, api, offered);
  const requestHandler = {
    handle: async ({ headers, body }: { headers: Record<string, string>; body?: Uint8Array }) => {
      const operation = headers['x-amz-target']?.split('.').at(-1) ?? '';
      const input = JSON.parse(new TextDecoder().decode(body) || '{}') as Input;
      const reply = await proxied.answer(operation, input).catch((error: unknown) => {
        // A member of another type than Kinesis's.
        if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error;
        throw new NotObservable(
          `Kinesis cannot be queried directly, and the proxy's answer to ${operation} is not Kinesis's: ${messageOf(error)}`,
        );
      });
      return {
        response: {
          statusCode: reply.status,
          headers: { 'content-type': 'application/x-amz-json-1.1' },
          body: Readable.from([Buffer.from(reply.body)]),
        },
      };
    },
  };
  return new KinesisClient({
    region: 'us-east-1',
    // Requests signed with these never leave the process.
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
    requestHandler: requestHandler as unknown as NonNullable<KinesisClientConfig['requestHandler']>,
  });
}

class ProxiedKinesis {
  readonly #caller: Pick<Caller, 'send' | 'makeNoMore'>;
  readonly #api: DeployedApi;
  /** Undefined for the tutorial's shape. */
  readonly #offered: Interface | undefined;
  /** By iterator: its stream, and the sequence number up to which its records are skipped. */
  readonly #iterators = new Map<string, { stream: string; after?: bigint }>();

  constructor(caller: Pick<Caller, 'send' | 'makeNoMore'>, api: DeployedApi, offered?: Interface) {
    this.#caller = caller;
    this.#api = api;
    this.#offered = offered && !hasTutorialShape(offered) ? offered : undefined;
  }

  /**
   * The request by which the proxy makes exactly the intended call to Kinesis.
   * @throws NotObservable where it has no such call, or none that passes Kinesis's answer on unchanged.
   */
  #request(action: string, intent: Intent, tutorials: ProxyRequest): ProxyRequest {
    if (this.#offered === undefined) return tutorials;
    for (const call of this.#offered.calls) {
      if (call.action !== action || call.response !== 'pass-through') continue;
      const request = requestOf(call, intent);
      const { stream, records } = expectedInput(call, request, {});
      const [wanted, told] = [intent.records?.[0], records[0]];
      const fits =
        (intent.stream === undefined || call.stream === undefined || stream === intent.stream) &&
        (wanted === undefined ||
          (records.length === 1 && told?.data === wanted.data && told.partitionKey === wanted.partitionKey));
      if (fits) return request;
    }
    throw new NotObservable(`Kinesis cannot be queried directly, and no call of the API does this ${action}`);
  }

  async answer(operation: string, input: Input): Promise<Reply> {
    const { StreamName = '' } = input;
    switch (operation) {
      case 'CreateStream':
        return this.#call(
          this.#request(
            operation,
            { stream: StreamName, shardCount: String(input.ShardCount) },
            createStream(StreamName, JSON.stringify({ ShardCount: input.ShardCount })),
          ),
        );
      case 'DeleteStream':
        return this.#delete(StreamName);
      case 'DescribeStream':
        if (input.ExclusiveStartShardId === undefined)
          return this.#call(
            this.#request(operation, { stream: StreamName }, describeStream(StreamName)),
            'StreamDescription',
          );
        break;
      case 'ListStreams':
        return this.#list(input.ExclusiveStartStreamName);
      case 'PutRecord':
        return this.#put(StreamName, input);
      case 'GetShardIterator':
        if (['TRIM_HORIZON', 'AFTER_SEQUENCE_NUMBER'].includes(input.ShardIteratorType ?? ''))
          return this.#iterator(StreamName, input);
        break;
      case 'GetRecords':
        return this.#records(input.ShardIterator ?? '');
    }
    throw new NotObservable(
      `Kinesis cannot be queried directly, and the proxy has no call that does this ${operation}`,
    );
  }

  /** @param member a member that Kinesis's answer has; undefined for calls that are answered without data. */
  async #call(request: ProxyRequest, member?: string): Promise<Reply> {
    const answer = new Answer(await this.#caller.send(this.#api, withAdditions(request, NO_ADDITIONS)));
    const error = errorOf(answer);
    if (error !== undefined) return { status: 400, body: JSON.stringify(error) };
    // The SDK waits and retries.
    if (answer.status === 429)
      return { status: 400, body: '{"__type":"LimitExceededException","message":"429 of the gateway"}' };
    if (answer.status !== 200 || (member !== undefined && answer.field(member) === undefined))
      throw new NotObservable(
        `Kinesis cannot be queried directly, and the proxy's answer is not Kinesis's: ${answer}`,
      );
    return { status: 200, body: member === undefined ? '{}' : answer.text };
  }

  /** A run that cannot delete its streams has to stop creating them. */
  async #delete(stream: string): Promise<Reply> {
    try {
      const reply = await this.#call(this.#request('DeleteStream', { stream }, deleteStream(stream, '{}')));
      if (reply.body.includes('AccessDeniedException')) this.#caller.makeNoMore(stream);
      return reply;
    } catch (error) {
      if (error instanceof NotObservable) this.#caller.makeNoMore(stream);
      throw error;
    }
  }

  /** The proxy lists the first page only. */
  async #list(after: string | undefined): Promise<Reply> {
    const reply = await this.#call(this.#request('ListStreams', {}, listStreams()), 'StreamNames');
    if (reply.status !== 200) return reply;
    const page = JSON.parse(reply.body) as { StreamNames: string[]; HasMoreStreams?: boolean };
    if (page.HasMoreStreams === true && after !== undefined)
      throw new NotObservable(
        'the proxy lists only the first hundred streams of the account, which has more',
      );
    const StreamNames = page.StreamNames.filter((name) => after === undefined || name > after);
    return { status: 200, body: JSON.stringify({ ...page, StreamNames }) };
  }

  /** Uses a batch, since a single put adds quotes to text. */
  async #put(stream: string, { Data = '', PartitionKey = '' }: Input): Promise<Reply> {
    const record = { data: Buffer.from(Data, 'base64').toString('utf8'), partitionKey: PartitionKey };
    const reply = await this.#call(
      this.#request('PutRecords', { stream, records: [record] }, putRecords(stream, batchBody([record]))),
      'Records',
    );
    if (reply.status !== 200) return reply;
    const [place] = (JSON.parse(reply.body) as { Records: Record<string, unknown>[] }).Records;
    if (typeof place?.SequenceNumber !== 'string')
      throw new NotObservable(`the proxy did not accept a record: ${abridged(reply.body)}`);
    return { status: 200, body: JSON.stringify(place) };
  }

  async #iterator(stream: string, input: Input): Promise<Reply> {
    const reply = await this.#call(
      this.#request(
        'GetShardIterator',
        { stream, shardId: input.ShardId ?? '' },
        getShardIterator(stream, input.ShardId),
      ),
      'ShardIterator',
    );
    if (reply.status !== 200) return reply;
    const { ShardIterator } = JSON.parse(reply.body) as { ShardIterator: string };
    const start = input.StartingSequenceNumber;
    this.#iterators.set(ShardIterator, { stream, ...(start === undefined ? {} : { after: BigInt(start) }) });
    return reply;
  }

  async #records(iterator: string): Promise<Reply> {
    // A client's iterator does not show its stream; Kinesis ignores the path (GET-6).
    const { stream = 'any', after } = this.#iterators.get(iterator) ?? {};
    const reply = await this.#call(
      this.#request('GetRecords', { stream, iterator }, getRecords(stream, iterator)),
      'Records',
    );
    if (reply.status !== 200) return reply;
    const page = JSON.parse(reply.body) as {
      Records: { SequenceNumber: string }[];
      NextShardIterator?: string;
    };
    if (page.NextShardIterator)
      this.#iterators.set(page.NextShardIterator, { stream, ...(after === undefined ? {} : { after }) });
    const Records =
      after === undefined
        ? page.Records
        : page.Records.filter(({ SequenceNumber }) => BigInt(SequenceNumber) > after);
    return { status: 200, body: JSON.stringify({ ...page, Records }) };
  }
}

/**
 * An error of Kinesis: as Kinesis wrote it, or mapped by the definition, with `type` and another
 * status.
 */
function errorOf(answer: Answer): { __type: string; message: string } | undefined {
  if (answer.status >= 500) return undefined;
  const type = answer.errorType ?? (answer.status >= 400 ? answer.field('type') : undefined);
  return typeof type === 'string' ? { __type: type, message: answer.errorText } : undefined;
}
