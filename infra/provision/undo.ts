import { messageOf } from '../errors.ts';

/** What a run made and must unmake, in reverse order, whatever failed in between. */
export class UndoStack {
  #entries: { label: string; undo: () => Promise<unknown> }[] = [];
  #sealed = false;

  /**
   * Registers an undo, where possible before the creation, so that one whose answer got lost is undone as well.
   * @throws when the stack is sealed: the maker has to stop; what it just registered is undone all the same.
   */
  push(label: string, undo: () => Promise<unknown>): void {
    this.#entries.push({ label, undo });
    if (this.#sealed) throw new Error('interrupted');
  }

  /** Has whoever is still making things stop at the next one. */
  seal(): void {
    this.#sealed = true;
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
    const name = error instanceof Error ? error.name : '';
    if (
      !['NotFoundException', 'NoSuchEntity', 'NoSuchEntityException', 'ResourceNotFoundException'].includes(
        name,
      )
    )
      throw error;
  }
}
