import type { Account } from '../../account.ts';
import type { IteratorSeal } from '../iterators.ts';
import type { ActionName, Input } from '../shapes.ts';
import type { Store } from '../store/store.ts';

/** What the actions work on. */
export interface Context {
  readonly account: Account;
  readonly store: Store;
  readonly iterators: IteratorSeal;
}

/** Undefined is an empty body, as CreateStream and DeleteStream answer (facts 4.1). */
export type Answer = object | undefined;

export type Action<A extends ActionName> = (input: Input<A>, context: Context) => Answer;

/** The stream that a request names by name or by ARN; validation has seen to it that it does. */
export function streamNameOf(input: { readonly StreamName?: string; readonly StreamARN?: string }): string {
  return input.StreamName ?? input.StreamARN?.split('/')[1] ?? '';
}
