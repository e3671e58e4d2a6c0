import { globSync } from 'node:fs';
import path from 'node:path';
import { messageOf, UsageError } from '../errors.ts';
import { type JournalHead, readLines, type Thing } from '../provision/journal.ts';

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
export interface JournalRecord {
  readonly file: string;
  readonly head: JournalHead;
  readonly pending: readonly Pending[];
  /** When the last line was written, in milliseconds since the epoch. */
  readonly lastAt: number;
}

/** @throws UsageError when the file is no journal of this suite. */
export function readRecord(file: string): JournalRecord {
  try {
    const [first, ...lines] = readLines(file);
    if (first?.step !== 'run' || first.version !== 1) throw new Error('it does not begin with its run');
    const { step: _, version: __, ...head } = first;
    const pending = new Map<string, Pending>();
    let lastAt = Date.parse(head.startedAt);
    for (const line of lines) {
      if (line.step === 'run') continue;
      lastAt = Math.max(lastAt, Date.parse(line.at));
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
        intendedAt: before?.intendedAt ?? Date.parse(line.at),
        created: before?.created === true || line.step === 'created',
        tagged: before?.tagged === true || line.step === 'tagged',
        mayLackTags: before?.mayLackTags === true || (line.step === 'intended' && line.taggedAtOnce !== true),
      });
    }
    return { file, head, pending: [...pending.values()], lastAt };
  } catch (error) {
    throw new UsageError(`${file} is no journal of a run (${messageOf(error)}); move it out of the folder`);
  }
}

/** All journals of a folder, oldest run first; none where there is no folder. */
export function readRecords(folder: string): JournalRecord[] {
  return globSync('*.jsonl', { cwd: folder })
    .map((name) => readRecord(path.join(folder, name)))
    .sort((a, b) => a.head.startedAt.localeCompare(b.head.startedAt));
}
