import { recordsOf } from '../client/answer.ts';
import { type BatchRecord, batchBody, putRecords } from '../client/requests.ts';
import { expect } from '../expect/expect.ts';
import type { ProxyWorld } from '../world.ts';

/**
 * Many times what a shard accepts in a second (docs/facts/kinesis.md#limits), since the records of a batch may go to
 * several shards.
 */
const MAX_BATCHES = 6;

/** The last batch of records that the scenario's client put into `the stream`. */
export class Batch {
  readonly #world: ProxyWorld;
  /** The records of the batch, in order. */
  records: readonly BatchRecord[] = [];

  constructor(world: ProxyWorld) {
    this.#world = world;
  }

  async puts(records: readonly BatchRecord[]): Promise<void> {
    this.records = records;
    await this.#world.calls(putRecords(this.#world.streams.nameOf('the stream'), batchBody(records)));
  }

  /** The places that the answer names for the records of a batch, in order. */
  places(): Record<string, unknown>[] {
    const { answer } = this.#world.client;
    const places = recordsOf(answer);
    expect(places, `the places of ${this.records.length} records in ${answer}`).to.have.length(
      this.records.length,
    );
    return places;
  }

  /** Puts batches into the stream until Kinesis accepts one only in part. */
  async putsTooMuch(records: readonly BatchRecord[]): Promise<void> {
    for (let batches = 1; batches <= MAX_BATCHES; batches++) {
      await this.puts(records);
      const refused = Number(this.#world.client.answer.field('FailedRecordCount'));
      if (!(refused >= 0) || (refused > 0 && refused < records.length)) return;
    }
    expect.fail(
      `Kinesis took ${MAX_BATCHES} concurrent batches of ${records.length} records, each completely or not at all`,
    );
  }
}
