import { NotObservable } from '../../infra/errors.ts';
import { describeStream, putRecord } from '../client/requests.ts';
import { asWritten, projectOnto } from '../observe/descriptions.ts';
import { watchStates } from '../observe/states.ts';
import type { ProxyWorld } from '../world.ts';

/** How many streams to create until one can be observed before it is ACTIVE. */
const MAX_TRIES = 5;

/** The states that the scenario's streams pass through between creation and deletion. */
export class StreamStates {
  readonly #world: ProxyWorld;
  /** The states that descriptions showed, without repetitions. */
  seen: readonly string[] = [];
  /** The last stream that the suite created, not the client. */
  #begun: string | undefined;

  constructor(world: ProxyWorld) {
    this.#world = world;
  }

  /** Creates a stream without waiting for it. */
  async beginsCreation(): Promise<void> {
    this.#begun = this.#world.streams.nameOf('a new stream');
    await this.#world.worker.streams.begin(this.#begun, 1);
  }

  /** Deletes a stream without waiting until it is gone. */
  async beginsDeletion(): Promise<void> {
    const stream = await this.#world.worker.pool.fresh();
    await this.#world.streams.own('the stream', stream);
    await this.#world.worker.streams.remove(stream.name);
  }

  /**
   * Describes the stream through the proxy until it shows a state; if a stream passed the state before the first look,
   * the suite creates another, unless the client created it. A later step judges what was seen.
   */
  async describesUntil(state: string): Promise<void> {
    for (let tries = 1; ; tries++) {
      const name = this.#world.streams.nameOf('the stream');
      const proxy = async () => {
        const answer = await this.#world.callsFor(name, describeStream);
        const isMissing = answer.errorType === 'ResourceNotFoundException';
        answer.examined = isMissing;
        return isMissing ? 'not found' : String(answer.field('StreamDescription.StreamStatus'));
      };
      const kinesis = async () =>
        (await this.#world.worker.streams.describe(name))?.StreamStatus ?? 'not found';
      const { seen, missed } = await watchStates(state, { proxy, kinesis }, this.#world.worker.waits);
      this.seen = seen;
      // Only a stream that the suite created can be replaced; the client's stays the scenario's stream.
      const isSettled = !missed || (state === 'ACTIVE' && name !== this.#begun);
      if (isSettled && state === 'ACTIVE' && seen.at(-1) === state)
        await this.#world.worker.streams.writable(name);
      if (isSettled) return;
      if (tries === MAX_TRIES)
        throw new NotObservable(
          `a stream is ${state} on this target before any earlier state can be observed`,
        );
      await (state === 'not found' ? this.beginsDeletion() : this.beginsCreation());
    }
  }

  /** The stream's description from Kinesis and from the proxy, without the latter's further members. */
  async descriptions(): Promise<{ inKinesis: unknown; answered: unknown }> {
    const description = await this.#world.worker.streams.describe(this.#world.streams.nameOf('the stream'));
    const inKinesis = asWritten(description);
    return {
      inKinesis,
      answered: projectOnto(this.#world.client.answer.field('StreamDescription'), inKinesis),
    };
  }

  /**
   * Puts into a new stream before it is ACTIVE, as Kinesis confirms afterwards; a fast target may need several tries.
   */
  async putsWhileCreating(body: string): Promise<void> {
    for (let tries = 1; ; tries++) {
      const name = this.#world.streams.nameOf('a new stream');
      await this.#world.worker.streams.begin(name, 1);
      const answer = await this.#world.callsFor(name, () => putRecord(name, body));
      const status = (await this.#world.worker.streams.describe(name))?.StreamStatus;
      if (status === 'CREATING') return;
      if (tries === MAX_TRIES) throw new NotObservable(`a new stream is never CREATING here, but ${status}`);
      answer.examined = true;
    }
  }
}
