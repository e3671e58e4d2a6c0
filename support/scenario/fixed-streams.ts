import type { Interface } from '../../infra/definition/interface/types.ts';
import { fixedStreams } from '../../infra/definition/served.ts';
import { WaitTimeout } from '../../infra/retry/waits.ts';
import type { KnownStream } from '../observe/pool.ts';
import type { StoredRecord } from '../observe/records.ts';
import { shown } from '../observe/scenario-streams.ts';
import type { Worker } from '../observe/worker.ts';

/** The fixed streams of a definition, and the records that they get during one scenario. */
export class FixedStreams {
  readonly #worker: Worker;
  readonly #interface: () => Interface;
  readonly #streams = new Map<string, KnownStream>();
  readonly #records = new Map<string, StoredRecord[]>();

  constructor(worker: Worker, api: () => Interface) {
    this.#worker = worker;
    this.#interface = api;
  }

  get names(): string[] {
    return fixedStreams(this.#interface());
  }

  /** Skips their existing records, if they can be read. */
  async settle(): Promise<void> {
    const { names } = this;
    for (const name of names) await this.#worker.rest(name);
    // Without access to Kinesis the answers are still judged. A later step asks what was stored.
    if (!this.#worker.seesKinesis) return;
    for (const name of names) await this.#worker.settle(await this.#known(name));
  }

  /** The new records of one, once there are as many as expected. */
  async newRecords(name: string, atLeast: number): Promise<StoredRecord[]> {
    const known = await this.#known(name);
    // Records are read only once, so keep them.
    const records = this.#records.get(name) ?? [];
    this.#records.set(name, records);
    await this.#worker.waits
      .until('records-visible', `${atLeast} records in ${name}`, async () => {
        records.push(...(await this.#worker.read(known)));
        return records.length >= atLeast ? { found: true } : { seen: `${records.length}` };
      })
      // Too few are for the caller to judge.
      .catch((error: unknown) => {
        if (!(error instanceof WaitTimeout)) throw error;
      });
    return [...records];
  }

  /** After a failure: what each got during the scenario, in words. */
  async tell(): Promise<string[]> {
    const told: string[] = [];
    if (!this.#worker.seesKinesis) return told;
    for (const name of this.names) {
      if (await this.isForeign(name)) continue;
      const records = await this.newRecords(name, 0);
      told.push(
        records.length === 0
          ? `the stream ${name} got no records during the scenario`
          : `new records in the stream ${name}: ${JSON.stringify(records.map(shown))}`,
      );
    }
    return told;
  }

  /** Whether other clients may write to it. */
  async isForeign(name: string): Promise<boolean> {
    return (await this.#known(name)).foreign === true;
  }

  async #known(name: string): Promise<KnownStream> {
    const known = this.#streams.get(name) ?? (await this.#worker.pool.named(name));
    this.#streams.set(name, known);
    return known;
  }
}
