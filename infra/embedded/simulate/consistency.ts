import { between, type Random } from './random.ts';

/** How long changes take to propagate, in milliseconds of the simulation (inferred). */
const ROLE_LAG = [5_000, 10_000] as const;
const DEPLOYMENT_LAG = [3_000, 10_000] as const;
const LISTING_LAG = [2_000, 5_000] as const;
/** From ACTIVE until a stream accepts records by its name: about half a second (docs/facts/kinesis.md#new-streams). */
const WRITING_LAG = [300, 700] as const;
/** The share of hosts that already know a change before it has propagated. */
const KNOWING_HOSTS = 0.5;

/** Tracks changes that have not propagated yet: new roles, new deployments, and created or deleted streams. */
export class Consistency {
  readonly #random: Random;
  readonly #now: () => number;
  readonly #roles = new Map<string, number>();
  readonly #deployments = new Map<string, number>();
  readonly #listed = new Map<string, number>();
  readonly #gone = new Map<string, number>();
  /** When new streams start to accept records; never until a client has seen them ACTIVE. */
  readonly #unwritable = new Map<string, number>();

  /** @param now milliseconds of the simulation. */
  constructor(random: Random, now: () => number) {
    this.#random = random;
    this.#now = now;
  }

  roleMade(name: string): void {
    this.#roles.set(name, this.#until(ROLE_LAG));
  }

  /** Whether a service can already assume the role. */
  knowsRole(name: string): boolean {
    return this.#isOver(this.#roles, name);
  }

  deployed(stage: string): void {
    this.#deployments.set(stage, this.#until(DEPLOYMENT_LAG));
  }

  /** Which deployment all hosts serve or, while they differ, which one the host of this call serves. */
  hostsServe(stage: string): 'newest' | 'newest here' | 'older' {
    if (this.#isOver(this.#deployments, stage)) return 'newest';
    return this.#random() < KNOWING_HOSTS ? 'newest here' : 'older';
  }

  streamMade(name: string): void {
    this.#listed.set(name, this.#until(LISTING_LAG));
    this.#unwritable.set(name, Number.POSITIVE_INFINITY);
  }

  /** Called when a client sees that the stream is ACTIVE. */
  streamActive(name: string): void {
    if (this.#unwritable.get(name) === Number.POSITIVE_INFINITY)
      this.#unwritable.set(name, this.#until(WRITING_LAG));
  }

  /** Whether the stream accepts records by its name; by its ARN it does at once. */
  isWritable(name: string): boolean {
    // For a client that puts without describing the stream, the lag starts with the first put.
    this.streamActive(name);
    return this.#isOver(this.#unwritable, name);
  }

  /** Whether lists contain an existing stream. */
  lists(name: string): boolean {
    return this.#isOver(this.#listed, name);
  }

  /** Whether lists still contain a deleted stream; called from the first list that should not. */
  stillLists(name: string): boolean {
    const until = this.#gone.get(name) ?? this.#until(LISTING_LAG);
    this.#gone.set(name, until);
    if (this.#now() < until) return true;
    this.#gone.delete(name);
    return false;
  }

  #until([least, most]: readonly [number, number]): number {
    return this.#now() + between(this.#random, least, most);
  }

  #isOver(pending: Map<string, number>, name: string): boolean {
    const until = pending.get(name);
    if (until === undefined || this.#now() >= until) {
      pending.delete(name);
      return true;
    }
    return false;
  }
}
