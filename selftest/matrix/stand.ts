import {
  DeleteStreamCommand,
  type KinesisClient,
  ListStreamsCommand,
  type ListStreamsCommandOutput,
} from '@aws-sdk/client-kinesis';
import { type EmbeddedAws, type Interposers, startEmbeddedAws } from '../../infra/embedded/embedded-aws.ts';
import { createClients } from '../../infra/provision/clients.ts';
import { withoutSockets } from '../../infra/targets/embedded.ts';
import type { Target } from '../../infra/targets/target.ts';
import type { Change } from '../changes/change.ts';

/** How long a stream is CREATING and DELETING at least, and at most while nobody looks: milliseconds. */
const STREAM_STATES = { createMillis: 20, deleteMillis: 20, unseenMillis: 500 };

/** The embedded AWS of one process, on which one change after the other is tried. */
export class Stand {
  readonly #target: Target;
  readonly #now: { interposed: Interposers };

  private constructor(aws: EmbeddedAws, now: { interposed: Interposers }) {
    this.#target = withoutSockets(aws);
    this.#now = now;
  }

  /** Starts it; `own` are the settings of an AWS that serves a single change. */
  static async start(own: Change['aws'] = {}): Promise<Stand> {
    const now: { interposed: Interposers } = { interposed: {} };
    const aws = await startEmbeddedAws({
      ...STREAM_STATES,
      ...own,
      interpose: {
        kinesis: (call) => (request) => (now.interposed.kinesis?.(call) ?? call)(request),
        port: (serve) => (request) => (now.interposed.port?.(serve) ?? serve)(request),
      },
    });
    return new Stand(aws, now);
  }

  /** The AWS as a target that a run may take for its own: it outlives the run, which has to clean up. */
  target(interposed: Interposers): Target {
    this.#now.interposed = interposed;
    return { ...this.#target, ephemeral: false, stop: async () => undefined };
  }

  /** Removes every stream, whoever made it, past all that was interposed. */
  async clear(): Promise<void> {
    this.#now.interposed = {};
    const clients = createClients(this.#target.access);
    // One that is going already, or gone meanwhile, is as good as removed.
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
