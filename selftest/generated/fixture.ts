import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamCommand,
  type KinesisClient,
  ListStreamsCommand,
  type ListStreamsCommandOutput,
} from '@aws-sdk/client-kinesis';
import type { Definition } from '../../infra/definition/definition.ts';
import { startEmbeddedAws } from '../../infra/embedded/embedded-aws.ts';
import { createClients } from '../../infra/provision/clients.ts';
import { asTarget } from '../../infra/targets/embedded.ts';
import { HttpClient } from '../../support/client/http.ts';
import { ProxyClient } from '../../support/client/proxy-client.ts';
import { iteratorAt, readOn, type StoredRecord } from '../../support/observe/records.ts';
import { type ShardRange, toRange } from '../../support/observe/shards.ts';
import { callerOf } from '../../support/observe/worker.ts';
import { Session } from '../../support/run/session.ts';
import { Broken } from './kinds.ts';

/** A definition deployed on a separate embedded AWS, with a client of the API and one of Kinesis. */
export class Fixture {
  readonly client: ProxyClient;
  readonly #kinesis: KinesisClient;
  readonly #close: () => Promise<unknown>;
  #named = 0;

  private constructor(client: ProxyClient, kinesis: KinesisClient, close: () => Promise<unknown>) {
    this.client = client;
    this.#kinesis = kinesis;
    this.#close = close;
  }

  /** @throws TargetError when the definition cannot be deployed. */
  static async open(definition: Definition): Promise<Fixture> {
    const region = 'us-east-1';
    const aws = await startEmbeddedAws({ region, createMillis: 0, deleteMillis: 0 });
    const session = new Session(
      {
        target: 'embedded',
        endpoint: undefined,
        executeApiUrl: undefined,
        region,
        keep: false,
        journal: undefined,
      },
      { target: asTarget(aws) },
    );
    try {
      const { target, deployment } = await session.open(definition, new Set());
      const clients = createClients(target.access);
      const http = new HttpClient();
      const fixture = new Fixture(
        new ProxyClient(callerOf(deployment, http, clients), deployment.proxy),
        clients.kinesis,
        async () => {
          await http.close();
          clients.destroy();
          await session.close();
        },
      );
      await fixture.create(BYSTANDER, 1);
      return fixture;
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  close(): Promise<unknown> {
    return this.#close();
  }

  /** A stream name that is not used yet. */
  name(): string {
    this.#named += 1;
    return `generated-${this.#named}`;
  }

  async create(StreamName: string, ShardCount: number): Promise<void> {
    await this.#kinesis.send(new CreateStreamCommand({ StreamName, ShardCount }));
  }

  async remove(StreamName: string): Promise<void> {
    await this.#kinesis.send(new DeleteStreamCommand({ StreamName }));
  }

  /** Every stream of the account, in name order. */
  async streams(): Promise<string[]> {
    const names: string[] = [];
    for (;;) {
      const start = names.at(-1);
      const page: ListStreamsCommandOutput = await this.#kinesis.send(
        new ListStreamsCommand(start === undefined ? {} : { ExclusiveStartStreamName: start }),
      );
      names.push(...(page.StreamNames ?? []));
      if (!page.HasMoreStreams) return names;
    }
  }

  async shards(StreamName: string): Promise<ShardRange[]> {
    const { StreamDescription } = await this.#kinesis.send(new DescribeStreamCommand({ StreamName }));
    return (StreamDescription?.Shards ?? []).map(toRange);
  }

  /** Every record of a stream, shard by shard, each in order. */
  async stored(stream: string): Promise<StoredRecord[]> {
    const all: StoredRecord[] = [];
    for (const { id } of await this.shards(stream))
      all.push(...(await readOn(this.#kinesis, await iteratorAt(this.#kinesis, stream, id), id)).records);
    return all;
  }

  /**
   * Tries something that may create only the streams named in `own`, and deletes every new stream afterwards.
   * @throws Broken when another stream came or went, or the bystander got a record.
   */
  async alone(own: readonly string[], attempt: () => Promise<void>): Promise<void> {
    try {
      await attempt();
      const others = (await this.streams()).filter((name) => name !== BYSTANDER && !own.includes(name));
      if (others.length > 0) throw new Broken(`the stream ${JSON.stringify(others[0])} was created`);
      if (!(await this.streams()).includes(BYSTANDER)) throw new Broken('another stream is gone');
      if ((await this.stored(BYSTANDER)).length > 0) throw new Broken('another stream got a record');
    } finally {
      for (const name of await this.streams()) if (name !== BYSTANDER) await this.remove(name);
      if (!(await this.streams()).includes(BYSTANDER)) await this.create(BYSTANDER, 1);
    }
  }
}

/** A stream that must never change. */
const BYSTANDER = 'the-bystander';
