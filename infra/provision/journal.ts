import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { makeFolder } from '../files.ts';
import { assertOwn } from './ownership.ts';
import type { ProcessIdentity } from './process-identity.ts';

export const THING_KINDS = ['stream', 'role', 'user', 'usage-plan', 'api-key', 'rest-api'] as const;
export type ThingKind = (typeof THING_KINDS)[number];

/** Something that a run makes in an account. What API Gateway makes has its id only once it is there. */
export interface Thing {
  readonly kind: ThingKind;
  /** Its own name; for a REST API a word of the journal. Unique within it. */
  readonly name: string;
  readonly id?: string;
}

/** Whose things a journal tells of. */
export interface JournalHead {
  readonly runId: string;
  readonly startedAt: string;
  readonly process: ProcessIdentity;
  readonly target: {
    readonly kind: string;
    readonly endpoint?: string;
    readonly region: string;
    readonly account?: string;
  };
  /** How far the target's clock is ahead of this machine's, in milliseconds; 0 where nobody knows. */
  readonly skewMs: number;
  /** The run was asked to leave everything in place. */
  readonly keep?: boolean;
}

/** `intended` comes before the call that makes it, the others after; `gone` also where the call was refused. */
export type Step = 'intended' | 'created' | 'tagged' | 'gone';

export type JournalLine =
  | ({ readonly step: 'run'; readonly version: 1 } & JournalHead)
  | ({ readonly step: Step; readonly at: string } & Thing & {
        /** Of `intended`: the call that makes it gives it its tags, so it is never there without. */
        readonly taggedAtOnce?: boolean;
      });

/** What is about to be made is written, and on the disk, before the call that makes it. */
export interface Journal {
  /** The file; undefined where nothing is written. */
  readonly file: string | undefined;
  /** @throws when the journal is sealed: nothing may be made any more. */
  intend(thing: Thing, options?: { taggedAtOnce?: boolean }): void;
  note(step: Exclude<Step, 'intended'>, thing: Thing): void;
  /** @throws when it is sealed. */
  assertOpen(): void;
  /** Has every maker stop at the next thing, in all threads. */
  seal(): void;
  /** Nothing is left of the run, so nothing has to be known of it. */
  remove(): void;
}

/** For targets that end with the run. */
export const NO_JOURNAL: Journal = {
  file: undefined,
  intend: () => undefined,
  note: () => undefined,
  assertOpen: () => undefined,
  seal: () => undefined,
  remove: () => undefined,
};

/** A name for a REST API in the journal, which has none of its own before it is made. */
export function apiWord(label: string): string {
  return `${label}#${randomBytes(4).toString('hex')}`;
}

/** Starts the journal of a run. @throws when the folder cannot be written, or others can write it too. */
export function openJournal(folder: string, head: JournalHead): Journal {
  makeFolder(folder, 0o700);
  assertOwn(folder, statSync(folder));
  const file = path.join(path.resolve(folder), `${head.runId}.jsonl`);
  if (existsSync(file)) throw new Error(`there is a journal of the run ${head.runId} already`);
  // Under its own name it is never without its first line.
  const draft = new FileJournal(`${file}.draft`, 'wx');
  draft.write({ step: 'run', version: 1, ...head });
  renameSync(draft.file, file);
  syncFolder(folder);
  return joinJournal(file);
}

/** Goes on with a journal that another thread of the run started. @throws when the run is undone already. */
export function joinJournal(file: string | undefined): Journal {
  if (file === undefined) return NO_JOURNAL;
  if (!existsSync(file)) throw new Error('interrupted');
  const { O_WRONLY, O_APPEND, O_NOFOLLOW = 0 } = constants;
  return new FileJournal(file, O_WRONLY | O_APPEND | O_NOFOLLOW);
}

class FileJournal implements Journal {
  readonly file: string;
  readonly #descriptor: number;
  readonly #intended = new Set<string>();

  constructor(file: string, flags: 'wx' | number) {
    this.file = file;
    this.#descriptor = openSync(file, flags, 0o600);
  }

  intend(thing: Thing, options: { taggedAtOnce?: boolean } = {}): void {
    this.assertOpen();
    // The same stream may be announced by its scenario and by its maker; once is enough for the disk.
    const key = JSON.stringify([thing.kind, thing.name, options.taggedAtOnce]);
    if (this.#intended.has(key)) return;
    this.#intended.add(key);
    this.write({ step: 'intended', at: new Date().toISOString(), ...thing, ...options });
  }

  note(step: Exclude<Step, 'intended'>, thing: Thing): void {
    if (step === 'gone')
      for (const key of this.#intended)
        if (key.startsWith(JSON.stringify([thing.kind, thing.name]).slice(0, -1))) this.#intended.delete(key);
    this.write({ step, at: new Date().toISOString(), ...thing });
  }

  assertOpen(): void {
    if (existsSync(sealOf(this.file)) || !existsSync(this.file)) throw new Error('interrupted');
  }

  seal(): void {
    if (!existsSync(sealOf(this.file))) writeFileSync(sealOf(this.file), '', { mode: 0o600 });
  }

  remove(): void {
    removeJournal(this.file);
  }

  /** One write of a whole line to a descriptor in append mode, so that threads do not mix theirs. */
  write(line: JournalLine): void {
    writeSync(this.#descriptor, `${JSON.stringify(line)}\n`);
    fsyncSync(this.#descriptor);
  }
}

/** The file beside a journal that says that its run is over. */
export function sealOf(file: string): string {
  return file.replace(/\.jsonl$/, '.sealed');
}

export function removeJournal(file: string): void {
  rmSync(file, { force: true });
  rmSync(sealOf(file), { force: true });
}

/** A name in a folder outlives a crash only once the folder itself is on the disk; Windows knows no such thing. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
