import { messageOf } from '../errors.ts';
import { type Journal, NO_JOURNAL, type Thing } from './journal.ts';

/** What a run made and must unmake, in reverse order, whatever failed in between. */
export class UndoStack {
  #entries: { label: string; undo: () => Promise<unknown> }[] = [];
  #sealed = false;
  #journal: Journal;

  constructor(journal: Journal = NO_JOURNAL) {
    this.#journal = journal;
  }

  /** Where the makers write what they are about to make. */
  get journal(): Journal {
    return this.#journal;
  }

  /** Has what is pushed from now on written there as well. */
  writeTo(journal: Journal): void {
    this.#journal = journal;
    if (this.#sealed) journal.seal();
  }

  /**
   * Registers an undo, where possible before the creation, so that one whose answer got lost is undone as well.
   * @param thing is written to the journal as intended now, and as gone once it is undone.
   * @throws when the stack is sealed: the maker has to stop; what it just registered is undone all the same.
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

  /** Makes code that is still creating things stop at the next one. */
  seal(): void {
    this.#sealed = true;
    this.#journal.seal();
  }

  /**
   * Undoes everything, last first; a failure does not stop the rest.
   * @returns one line for each thing that is still there; empty when all is gone. A second call has nothing to do.
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

/** Runs an undo for which the thing being absent already is success. */
export async function unlessAbsent(undo: Promise<unknown>): Promise<void> {
  try {
    await undo;
  } catch (error) {
    if (!isAbsence(error)) throw error;
  }
}

/** A service's way to say that there is no such thing. */
export function isAbsence(error: unknown): boolean {
  return error instanceof Error && ABSENT.has(error.name);
}

/** A service's way to say that the credentials may not do this. */
export function isDenial(error: unknown): boolean {
  return error instanceof Error && /^AccessDenied/.test(error.name);
}

/** Whether a service refused a call, so that nothing came of it. */
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
