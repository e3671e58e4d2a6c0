import { messageOf } from '../errors.ts';
import { type Journal, NO_JOURNAL, type Thing } from './journal.ts';

/** Deletes what a run created, in reverse order, whatever fails in between. */
export class UndoStack {
  #entries: { label: string; undo: () => Promise<unknown> }[] = [];
  #sealed = false;
  #journal: Journal;

  constructor(journal: Journal = NO_JOURNAL) {
    this.#journal = journal;
  }

  /** The journal for what the run is about to create. */
  get journal(): Journal {
    return this.#journal;
  }

  /** Also writes everything that is pushed from now on to a journal. */
  writeTo(journal: Journal): void {
    this.#journal = journal;
    if (this.#sealed) journal.seal();
  }

  /**
   * Registers an undo, if possible before the creation, so that it also covers a creation whose answer got lost.
   * @param thing is recorded in the journal, as intended now and as gone once it is undone.
   * @throws when the stack is sealed: the caller has to stop; the undo that it just registered still runs.
   */
  push(
    label: string,
    undo: () => Promise<unknown>,
    thing?: Thing,
    options: { taggedAtOnce?: boolean } = {},
  ): void {
    const journal = this.#journal;
    const undoAndNote = async () => {
      await undo();
      if (thing) journal.note('gone', thing);
    };
    this.#entries.push({ label, undo: thing ? undoAndNote : undo });
    if (this.#sealed) throw new Error('interrupted');
    if (thing) journal.intend(thing, options);
  }

  /** Stops code that is still creating things at its next push. */
  seal(): void {
    this.#sealed = true;
    this.#journal.seal();
  }

  /**
   * Undoes everything, last first; a failure does not stop the rest. A second call has nothing to do.
   * @returns one line for each thing that could not be removed; empty if everything is gone.
   */
  async unwind(): Promise<string[]> {
    const left: string[] = [];
    for (let entry = this.#entries.pop(); entry; entry = this.#entries.pop()) {
      try {
        await entry.undo();
      } catch (error) {
        left.push(`${entry.label}: ${messageOf(error)}`);
      }
    }
    return left;
  }
}

/** Awaits an undo; succeeds if the thing is already gone. */
export async function unlessAbsent(undo: Promise<unknown>): Promise<void> {
  try {
    await undo;
  } catch (error) {
    if (!isAbsence(error)) throw error;
  }
}

/** Whether a service's error says that the thing does not exist. */
export function isAbsence(error: unknown): boolean {
  return error instanceof Error && ABSENT.has(error.name);
}

/** Whether a service's error says that the credentials lack a permission. */
export function isDenial(error: unknown): boolean {
  return error instanceof Error && /^AccessDenied/.test(error.name);
}

/** Whether a service refused a call, so that the call had no effect. */
export function isRefusal(error: unknown): boolean {
  const { $metadata } = (error ?? {}) as { $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode ?? 500;
  return status < 500 || status === 501;
}

const ABSENT = new Set([
  'NotFoundException',
  'NoSuchEntity',
  'NoSuchEntityException',
  'ResourceNotFoundException',
]);
