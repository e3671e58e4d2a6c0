import { existsSync, globSync } from 'node:fs';
import path from 'node:path';
import { messageOf, UsageError } from '../errors.ts';
import type { JournalHead, Thing, ThingKind } from '../provision/journal.ts';
import { readTime } from '../provision/tags.ts';
import { assertOwnFolder, readJournalLines } from './journal-file.ts';
import { readHead, readThing } from './journal-schema.ts';

/** Something that a run meant to make and of which its journal does not say that it is gone. */
export interface Pending extends Thing {
  /** Milliseconds since the epoch, on the clock of the machine that ran. */
  readonly intendedAt: number;
  readonly created: boolean;
  /** It was seen to carry the run's tags. */
  readonly tagged: boolean;
  /** The call that makes it leaves it without tags at first. */
  readonly mayLackTags: boolean;
}

/** A journal as read. */
export interface JournalContent {
  readonly file: string;
  readonly head: JournalHead;
  readonly pending: readonly Pending[];
  /** Of everything that it tells of, gone or not. */
  readonly kinds: ReadonlySet<ThingKind>;
  /** When the last line was written, in milliseconds since the epoch. */
  readonly lastAt: number;
}

/** A file beside the journals that is none, and why. */
export interface Broken {
  readonly file: string;
  readonly because: string;
}

/** @throws UsageError when the file is not a journal of this suite, or others can change it. */
export function readJournal(file: string): JournalContent {
  try {
    const [first, ...lines] = readJournalLines(file);
    if (first === undefined) throw new Error('it does not begin with its run');
    const now = Date.now();
    const head = readHead(first, now);
    if (path.basename(file) !== `${head.runId}.jsonl`) throw new Error('it has the name of another run');
    const pending = new Map<string, Pending>();
    const kinds = new Set<ThingKind>();
    let lastAt = readTime(head.startedAt);
    for (const line of lines.map((one) => readThing(one, head, now))) {
      lastAt = Math.max(lastAt, readTime(line.at));
      kinds.add(line.kind);
      const key = `${line.kind} ${line.name}`;
      if (line.step === 'gone') {
        pending.delete(key);
        continue;
      }
      const { kind, name, id } = { ...pending.get(key), ...line };
      const before = pending.get(key);
      pending.set(key, {
        kind,
        name,
        ...(id !== undefined && { id }),
        intendedAt: before?.intendedAt ?? readTime(line.at),
        created: before?.created === true || line.step === 'created',
        tagged: before?.tagged === true || line.step === 'tagged',
        mayLackTags: before?.mayLackTags === true || (line.step === 'intended' && line.taggedAtOnce !== true),
      });
    }
    return { file, head, pending: [...pending.values()], kinds, lastAt };
  } catch (error) {
    throw new UsageError(
      `${file} is not a journal of a run (${messageOf(error)}); move it out of the folder`,
    );
  }
}

/**
 * All journals of a folder, oldest run first, and what only looks like one; none where there is no folder.
 * @throws UsageError where others can write into the folder.
 */
export function readJournals(folder: string): { records: JournalContent[]; broken: Broken[] } {
  const records: JournalContent[] = [];
  const broken: Broken[] = [];
  if (!existsSync(folder)) return { records, broken };
  try {
    assertOwnFolder(folder);
  } catch (error) {
    throw new UsageError(`the journals cannot be trusted: ${messageOf(error)}`);
  }
  for (const name of globSync('*.jsonl', { cwd: folder }).sort()) {
    const file = path.join(folder, name);
    try {
      records.push(readJournal(file));
    } catch (error) {
      broken.push({ file, because: messageOf(error) });
    }
  }
  records.sort((a, b) => a.head.startedAt.localeCompare(b.head.startedAt));
  return { records, broken };
}
