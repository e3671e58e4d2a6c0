import {
  AddTagsToStreamCommand,
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  type KinesisClient,
  ListStreamsCommand,
  ListTagsForStreamCommand,
  MergeShardsCommand,
  PutRecordCommand,
  type Shard,
  type StreamDescription,
} from '@aws-sdk/client-kinesis';
import { NotObservable } from '../../infra/errors.ts';
import { type Journal, NO_JOURNAL } from '../../infra/provision/journal.ts';
import { RUN_TAG, type Tags } from '../../infra/provision/tags.ts';
import { sleep } from '../../infra/retry/clock.ts';
import { type Waits, WaitTimeout } from '../../infra/retry/waits.ts';
import type { Limits } from '../../infra/targets/deployed-api.ts';
import { StreamTail } from './records.ts';
import { isServiceError, sdkCall, unlessMissing } from './sdk-call.ts';

/** How to create streams on a target that outlives the run: their tags, and the journal that records them first. */
export interface Marking {
  readonly journal: Journal;
  readonly tags: Tags | undefined;
}

/** The streams in Kinesis itself. */
export class Streams {
  readonly #kinesis: KinesisClient;
  readonly #waits: Waits;
  readonly #marking: Marking;
  readonly #isDirect: boolean;
  readonly #limits: Limits | undefined;
  readonly #cannotMake: string | undefined;
  /** Whether CreateStream accepts tags, which some emulators do not; undefined before the first creation. */
  #takesTags: boolean | undefined;

  constructor(
    kinesis: KinesisClient,
    waits: Waits,
    limits?: Limits,
    marking: Marking = { journal: NO_JOURNAL, tags: undefined },
    /** Whether the client calls Kinesis itself, not the proxy instead. */
    isDirect = true,
    /** Why streams cannot be created and deleted; undefined if they can. */
    cannotMake?: string,
  ) {
    this.#cannotMake = cannotMake;
    this.#isDirect = isDirect;
    this.#kinesis = kinesis;
    this.#waits = waits;
    this.#limits = limits;
    this.#marking = marking;
  }

  /** @throws NotObservable where the run must not create, change or delete streams. */
  assertMayChange(): void {
    if (this.#cannotMake !== undefined) throw new NotObservable(this.#cannotMake);
    if (this.#limits === undefined) return;
    const { readOnly, stream } = this.#limits;
    const instead = stream === undefined ? '; give one to read with --stream' : '';
    throw new NotObservable(`this run ${readOnly ? 'is read-only and ' : ''}creates no streams${instead}`);
  }

  /** Resolves when the stream is ACTIVE. */
  async create(name: string, shards: number): Promise<StreamDescription> {
    await this.begin(name, shards);
    return this.active(name);
  }

  /** Resolves when the stream is CREATING. */
  async begin(name: string, shards: number): Promise<void> {
    this.assertMayChange();
    const { journal, tags } = this.#marking;
    const thing = { kind: 'stream', name } as const;
    const taggedAtOnce = tags !== undefined && this.#takesTags === true;
    journal.intend(thing, { taggedAtOnce });
    await sdkCall(`create the stream ${name}`, this.#create(name, shards, tags));
    journal.note('created', thing);
    if (tags === undefined) return;
    this.#takesTags ??= await this.#carries(name, tags);
    if (this.#takesTags) journal.note('tagged', thing);
    else await this.tag(name);
  }

  async #create(StreamName: string, ShardCount: number, tags: Tags | undefined): Promise<void> {
    const plain = { StreamName, ShardCount };
    try {
      const tagged =
        tags === undefined || this.#takesTags === false ? plain : { ...plain, Tags: { ...tags } };
      await this.#kinesis.send(new CreateStreamCommand(tagged));
    } catch (error) {
      const mayBeForTags = tags !== undefined && this.#takesTags === undefined && isServiceError(error);
      if (!mayBeForTags || !['SerializationException', 'ValidationException'].includes(error.name))
        throw error;
      await this.#kinesis.send(new CreateStreamCommand(plain));
      this.#takesTags = false;
    }
  }

  async #carries(name: string, tags: Tags): Promise<boolean> {
    try {
      const { Tags: found = [] } = await this.#kinesis.send(
        new ListTagsForStreamCommand({ StreamName: name }),
      );
      return found.some(({ Key, Value }) => Key === RUN_TAG && Value === tags[RUN_TAG]);
    } catch {
      // After any error, it is unknown whether the stream has tags.
      return false;
    }
  }

  /** Tags a stream that was created without tags; where Kinesis cannot do so (yet), only its name marks it. */
  async tag(name: string): Promise<void> {
    const { journal, tags } = this.#marking;
    if (tags === undefined) return;
    try {
      await this.#kinesis.send(new AddTagsToStreamCommand({ StreamName: name, Tags: { ...tags } }));
      journal.note('tagged', { kind: 'stream', name });
    } catch {
      // This must not fail a scenario.
    }
  }

  /** The stream with its first hundred shards; undefined if it does not exist. */
  async describe(name: string): Promise<StreamDescription | undefined> {
    const answer = await sdkCall(
      `describe the stream ${name}`,
      unlessMissing(this.#kinesis.send(new DescribeStreamCommand({ StreamName: name }))),
    );
    return answer?.StreamDescription;
  }

  /** `PROVISIONED` or `ON_DEMAND`. */
  async mode(name: string): Promise<string | undefined> {
    const { StreamDescriptionSummary } = await sdkCall(
      `describe the stream ${name}`,
      this.#kinesis.send(new DescribeStreamSummaryCommand({ StreamName: name })),
    );
    return StreamDescriptionSummary?.StreamModeDetails?.StreamMode;
  }

  /** All shards, closed ones included. */
  async shards(name: string): Promise<Shard[]> {
    const shards: Shard[] = [];
    for (;;) {
      const start = shards.at(-1)?.ShardId;
      const { StreamDescription } = await sdkCall(
        `describe the stream ${name}`,
        this.#kinesis.send(
          new DescribeStreamCommand({ StreamName: name, ...(start ? { ExclusiveStartShardId: start } : {}) }),
        ),
      );
      const page = StreamDescription?.Shards ?? [];
      shards.push(...page);
      // Without a shard there is no start for the next page.
      if (!StreamDescription?.HasMoreShards || page.length === 0) return shards;
    }
  }

  /** @throws WaitTimeout, early where the stream does not exist. */
  async active(name: string): Promise<StreamDescription> {
    const first = await this.#waits.until<StreamDescription>(
      'stream-visible',
      `the stream ${name} to exist`,
      async () => {
        const description = await this.describe(name);
        return description === undefined ? { seen: 'no such stream' } : { found: description };
      },
    );
    const active = first.StreamStatus === 'ACTIVE' ? first : await this.#becomeActive(name);
    await this.writable(name);
    return active;
  }

  #becomeActive(name: string): Promise<StreamDescription> {
    return this.#waits.until<StreamDescription>(
      'stream-active',
      `the stream ${name} to be ACTIVE`,
      async () => {
        const description = await this.describe(name);
        if (description?.StreamStatus === 'ACTIVE') return { found: description };
        return { seen: description?.StreamStatus ?? 'no such stream' };
      },
    );
  }

  /**
   * Resolves when an ACTIVE stream accepts records by its name, which on AWS may be a moment later
   * (docs/facts/kinesis.md#new-streams). The record of the probe has a hash key outside every shard, so it is refused
   * and never stored.
   * @throws WaitTimeout
   */
  async writable(name: string): Promise<void> {
    const { timeoutMs, intervalMs } = this.#waits.get('stream-writable');
    if (this.#limits !== undefined || timeoutMs === 0) return;
    // The proxy would not pass the hash key on, and so would store the probe.
    if (!this.#isDirect) return sleep(2 * intervalMs);
    const probe = {
      StreamName: name,
      Data: new Uint8Array(),
      PartitionKey: 'k',
      ExplicitHashKey: String(2n ** 128n),
    };
    await this.#waits.until('stream-writable', `the stream ${name} to accept records`, async () => {
      try {
        await this.#kinesis.send(new PutRecordCommand(probe));
      } catch (error) {
        if (!isServiceError(error)) throw error;
        if (error.name === 'ResourceNotFoundException') return { seen: error.message };
      }
      return { found: true };
    });
  }

  /** @throws WaitTimeout, early where the deletion does not start. */
  async gone(name: string): Promise<void> {
    const look = (isSeen: (status: string | undefined) => boolean) => async () => {
      const description = await this.describe(name);
      const status = description && (description.StreamStatus ?? 'no status');
      const seen = status ?? 'no such stream';
      return isSeen(status) ? { found: seen } : { seen };
    };
    const first = await this.#waits.until(
      'stream-visible',
      `the stream ${name} to be DELETING`,
      look((status) => status === undefined || status === 'DELETING'),
    );
    if (first !== 'no such stream')
      await this.#waits.until(
        'stream-gone',
        `the stream ${name} to be gone`,
        look((status) => status === undefined),
      );
    await this.#unlisted(name);
  }

  /** Resolves when this many of the put records can be read, or after the timeout. */
  async readable(name: string, { Shards = [] }: StreamDescription, count: number): Promise<void> {
    const tail = new StreamTail(
      this.#kinesis,
      name,
      Shards.map(({ ShardId = '' }) => ShardId),
    );
    let seen = 0;
    const waiting = this.#waits.until('records-visible', `${count} records in ${name}`, async () => {
      seen += (await tail.read()).length;
      return seen >= count ? { found: true } : { seen: String(seen) };
    });
    // The scenario judges if there are too few.
    await waiting.catch((error: unknown) => {
      if (!(error instanceof WaitTimeout)) throw error;
    });
  }

  /** Resolves when no stream with this prefix is listed any more. @throws WaitTimeout */
  async noneListed(start: string): Promise<void> {
    await this.#waits.until('stream-gone', `all streams named ${start}… to leave the list`, async () => {
      const left = (await this.names(start)).filter((name) => name.startsWith(start)).length;
      return left === 0 ? { found: true } : { seen: `${left} are listed` };
    });
  }

  /** Resolves when the list of streams reflects a deletion, or after the timeout. */
  async #unlisted(name: string): Promise<void> {
    if (this.#waits.get('stream-listed').timeoutMs === 0) return;
    const waiting = this.#waits.until('stream-listed', `the stream ${name} to leave the list`, async () =>
      (await this.names(name.slice(0, -1))).includes(name) ? { seen: 'it is listed' } : { found: true },
    );
    // The scenario judges a stream that stays listed.
    await waiting.catch((error: unknown) => {
      if (!(error instanceof WaitTimeout)) throw error;
    });
  }

  /** Deletes the stream, and waits while Kinesis is busy with it. A missing stream is not an error. */
  async remove(name: string): Promise<void> {
    // A stream that was not created needs no removal, and one that existed before must stay.
    if (this.#limits !== undefined || this.#cannotMake !== undefined) return;
    await this.#waits.until('stream-active', `the stream ${name} to be deletable`, async () => {
      try {
        await sdkCall(
          `delete the stream ${name}`,
          this.#kinesis.send(new DeleteStreamCommand({ StreamName: name, EnforceConsumerDeletion: true })),
        );
      } catch (error) {
        if (!isServiceError(error)) throw error;
        if (error.name === 'ResourceInUseException') return { seen: error.message };
        if (error.name !== 'ResourceNotFoundException' && error.name !== 'ValidationException') throw error;
      }
      this.#marking.journal.note('gone', { kind: 'stream', name });
      return { found: true };
    });
  }

  /** The names of all streams after a name in alphabetical order. */
  async names(after?: string): Promise<string[]> {
    const names: string[] = [];
    for (let start = after; ; ) {
      const page: { StreamNames?: string[] | undefined; HasMoreStreams?: boolean | undefined } =
        await sdkCall(
          'list its streams',
          this.#kinesis.send(
            new ListStreamsCommand(start === undefined ? {} : { ExclusiveStartStreamName: start }),
          ),
        );
      names.push(...(page.StreamNames ?? []));
      const last = page.StreamNames?.at(-1);
      if (!page.HasMoreStreams || last === undefined || last === start) return names;
      start = last;
    }
  }

  /** Merges the first two shards and resolves when the stream is ACTIVE again. */
  async mergeFirstTwo(name: string): Promise<void> {
    this.assertMayChange();
    const [first, second] = await this.shards(name);
    await sdkCall(
      `merge shards of the stream ${name}`,
      this.#kinesis.send(
        new MergeShardsCommand({
          StreamName: name,
          ShardToMerge: first?.ShardId,
          AdjacentShardToMerge: second?.ShardId,
        }),
      ),
    );
    await this.active(name);
  }
}
