import type { Transition } from './transition.ts';

/** A consumer with enhanced fan-out. It can be registered, described and deregistered, but gets no records pushed. */
export interface Consumer {
  readonly name: string;
  readonly arn: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly tags: Map<string, string>;
  readonly creation: Transition;
  deletion: Transition | undefined;
}

export type ConsumerStatus = 'CREATING' | 'ACTIVE' | 'DELETING';

/** The registered consumers of one stream, by name. */
export class Consumers {
  readonly #now: () => number;
  readonly #byName = new Map<string, Consumer>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** In order of registration, including those that are being created or deleted. */
  list(): Consumer[] {
    for (const { name, deletion } of this.#byName.values())
      if (deletion?.isOver(this.#now())) this.#byName.delete(name);
    return [...this.#byName.values()];
  }

  find(name: string): Consumer | undefined {
    return this.list().find((consumer) => consumer.name === name);
  }

  add(consumer: Consumer): void {
    this.#byName.set(consumer.name, consumer);
  }

  status({ creation, deletion }: Consumer): ConsumerStatus {
    if (deletion !== undefined) return 'DELETING';
    return creation.isOver(this.#now()) ? 'ACTIVE' : 'CREATING';
  }

  /** The consumer's status for a client, who has then seen it. */
  show(consumer: Consumer): ConsumerStatus {
    const status = this.status(consumer);
    consumer.creation.see(this.#now());
    consumer.deletion?.see(this.#now());
    return status;
  }
}
