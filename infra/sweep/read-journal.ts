import { existsSync, globSync } from 'node:fs';
import path from 'node:path';
import { messageOf, UsageError } from '../errors.ts';
import type { JournalHead, Thing, ThingKind } from '../provision/journal.ts';
import { readTime } from '../provision/tags.ts';
import { assertOwnFolder, readJournalLines } from './journal-file.ts';
import { readHead, readThing } from './journal-schema.ts';

/** Something that a run intended to create and that, according to its journal, is not gone. */
export interface Pending extends Thing {
  /** Milliseconds since the epoch, by the clock of the run's machine. */
  readonly intendedAt: number;
  readonly created: boolean;
  /** Whether the run confirmed its tags. */
  readonly tagged: boolean;
  /** Whether the creating call does not set its tags. */
  readonly mayLackTags: boolean;
}

/** The content of a journal. */
export interface JournalContent {
  readonly file: string;
  readonly head: JournalHead;
  readonly pending: readonly Pending[];
  /** The kinds of all things in the journal, gone or not. */
  readonly kinds: ReadonlySet<ThingKind>;
  /** When the last line was written, in milliseconds since the epoch. */
  readonly lastAt: number;
}

/** A file in the folder that is not a journal, and why. */
export interface Broken {
  readonly file: string;
  readonly because: string;
}

/** @throws UsageError if the file is not a journal of this suite, or other users can change it. */
export function readJournal(file: string): JournalContent {
  try {
    const [first, ...lines] = readJournalLines(file);
    if (first === undefined) throw new Error("it does not begin with a run's header");
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
 * Reads all journals of a folder, oldest run first, and lists files that are not journals. A missing folder has none.
 * @throws UsageError if other users can write to the folder.
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
