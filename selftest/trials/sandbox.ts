import {
  DeleteStreamCommand,
  type KinesisClient,
  ListStreamsCommand,
  type ListStreamsCommandOutput,
} from '@aws-sdk/client-kinesis';
import { type EmbeddedAws, type Middleware, startEmbeddedAws } from '../../infra/embedded/embedded-aws.ts';
import { createClients } from '../../infra/provision/clients.ts';
import { withoutSockets } from '../../infra/targets/embedded.ts';
import type { Target } from '../../infra/targets/target.ts';
import type { Change } from '../changes/change.ts';

/** Minimum and maximum time that a stream is CREATING or DELETING while it is not described: milliseconds. */
const STREAM_STATES = { createMillis: 20, deleteMillis: 20, unseenMillis: 500 };

/** One process's embedded AWS, on which changes are tried one after another. */
export class Sandbox {
  readonly #target: Target;
  readonly #now: { middleware: Middleware };

  private constructor(aws: EmbeddedAws, now: { middleware: Middleware }) {
    this.#target = withoutSockets(aws);
    this.#now = now;
  }

  /** @param own settings of an AWS that is started for one change. */
  static async start(own: Change['aws'] = {}): Promise<Sandbox> {
    const now: { middleware: Middleware } = { middleware: {} };
    const aws = await startEmbeddedAws({
      ...STREAM_STATES,
      ...own,
      middleware: {
        kinesis: (call) => (request) => (now.middleware.kinesis?.(call) ?? call)(request),
        port: (serve) => (request) => (now.middleware.port?.(serve) ?? serve)(request),
      },
    });
    return new Sandbox(aws, now);
  }

  /** The AWS as a target that outlives the run, so that the run has to clean up. */
  target(middleware: Middleware): Target {
    this.#now.middleware = middleware;
    return { ...this.#target, ephemeral: false, stop: async () => undefined };
  }

  /** Removes every stream, without any middleware. */
  async clear(): Promise<void> {
    this.#now.middleware = {};
    const clients = createClients(this.#target.access);
    // A stream that is DELETING or already deleted counts as removed.
    for (const StreamName of await allStreams(clients.kinesis))
      await clients.kinesis.send(new DeleteStreamCommand({ StreamName })).catch(() => undefined);
    clients.destroy();
  }

  stop(): Promise<void> {
    return this.#target.stop();
  }
}

async function allStreams(kinesis: KinesisClient): Promise<string[]> {
  const names: string[] = [];
  for (;;) {
    const start = names.at(-1);
    const page: ListStreamsCommandOutput = await kinesis.send(
      new ListStreamsCommand(start === undefined ? {} : { ExclusiveStartStreamName: start }),
    );
    names.push(...(page.StreamNames ?? []));
    if (!page.HasMoreStreams) return names;
  }
}
