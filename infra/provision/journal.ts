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

/** Something that a run creates in an account. API Gateway assigns the id, so it is known only after the creation. */
export interface Thing {
  readonly kind: ThingKind;
  /** Unique within the journal: the thing's own name, or for a REST API a generated word. */
  readonly name: string;
  readonly id?: string;
}

/** Identifies the run that a journal belongs to. */
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
  /** How far the target's clock is ahead of this machine's, in milliseconds; 0 if unknown. */
  readonly skewMs: number;
  /** The user asked the run to keep everything. */
  readonly keep?: boolean;
}

/** `intended` is written before the creating call, the others after a call; `gone` also if the creation was refused. */
export type Step = 'intended' | 'created' | 'tagged' | 'gone';

export type JournalLine =
  | ({ readonly step: 'run'; readonly version: 1 } & JournalHead)
  | ({ readonly step: Step; readonly at: string } & Thing & {
        /** For `intended`: the creating call sets the tags, so the thing never exists without them. */
        readonly taggedAtOnce?: boolean;
      });

/** Records on disk what a run is about to create, before the call that creates it. */
export interface Journal {
  /** The file; undefined if this journal writes none. */
  readonly file: string | undefined;
  /** @throws when the journal is sealed: nothing may be created any more. */
  intend(thing: Thing, options?: { taggedAtOnce?: boolean }): void;
  note(step: Exclude<Step, 'intended'>, thing: Thing): void;
  /** @throws when it is sealed. */
  assertOpen(): void;
  /** Stops all threads from creating anything more. */
  seal(): void;
  /** Deletes the journal, once everything that the run created is gone. */
  remove(): void;
}

/** The journal for targets that end with the run. */
export const NO_JOURNAL: Journal = {
  file: undefined,
  intend: () => undefined,
  note: () => undefined,
  assertOpen: () => undefined,
  seal: () => undefined,
  remove: () => undefined,
};

/** Generates a name under which the journal lists a REST API, which has no id before its creation. */
export function apiWord(label: string): string {
  return `${label}#${randomBytes(4).toString('hex')}`;
}

/** Starts the journal of a run. @throws if the run cannot write to the folder, or other users can. */
export function openJournal(folder: string, head: JournalHead): Journal {
  makeFolder(folder, 0o700);
  assertOwn(folder, statSync(folder));
  const file = path.join(path.resolve(folder), `${head.runId}.jsonl`);
  if (existsSync(file)) throw new Error(`a journal of the run ${head.runId} already exists`);
  // Write a draft first, so that the file under the final name always has its first line.
  const draft = new FileJournal(`${file}.draft`, 'wx');
  draft.write({ step: 'run', version: 1, ...head });
  renameSync(draft.file, file);
  syncFolder(folder);
  return joinJournal(file);
}

/** Continues a journal that another thread of the run started. @throws if the run is already cleaned up. */
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
    // A scenario and the function that creates its stream may both announce it; write it once.
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

  /** Writes a whole line at once, in append mode, so that lines of different threads do not mix. */
  write(line: JournalLine): void {
    writeSync(this.#descriptor, `${JSON.stringify(line)}\n`);
    fsyncSync(this.#descriptor);
  }
}

/** The file beside a journal that marks the run as over. */
export function sealOf(file: string): string {
  return file.replace(/\.jsonl$/, '.sealed');
}

export function removeJournal(file: string): void {
  rmSync(file, { force: true });
  rmSync(sealOf(file), { force: true });
}

/** Syncs the folder too: without that, a crash can lose the name of a new file. Windows has no such call. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
