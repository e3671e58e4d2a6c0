import type { Account } from '../../account.ts';
import { invalidArgument, KinesisError, streamNotActive } from '../errors.ts';
import type { IteratorSeal } from '../iterators.ts';
import type { ActionName, Input } from '../shapes.ts';
import type { Store } from '../store/store.ts';
import type { Stream } from '../store/stream.ts';

/** What the actions work on. */
export interface Context {
  readonly account: Account;
  readonly store: Store;
  readonly iterators: IteratorSeal;
}

/** Undefined is an empty body, as CreateStream and DeleteStream answer (docs/facts/kinesis.md#streams). */
export type Answer = object | undefined;

export type Action<A extends ActionName> = (input: Input<A>, context: Context) => Answer;

/** The stream that a request names by name or by ARN; validation has seen to it that it does. */
export function streamNameOf(input: { readonly StreamName?: string; readonly StreamARN?: string }): string {
  return input.StreamName ?? input.StreamARN?.split('/')[1] ?? '';
}

/** The stream of a request that is ACTIVE. Throws ResourceNotFoundException and ResourceInUseException. */
export function activeStream(
  input: { readonly StreamName?: string; readonly StreamARN?: string },
  { store, account }: Context,
): Stream {
  const stream = store.get(streamNameOf(input));
  const { status } = stream;
  if (status !== 'ACTIVE') throw streamNotActive(stream.name, account.id, status);
  return stream;
}

/**
 * Last of all that can refuse a call: it would have succeeded, and does nothing
 * (docs/facts/kinesis.md#members-of-2026). The text is inferred.
 */
export function refuseDryRun({ DryRun }: { readonly DryRun?: boolean }): void {
  if (DryRun !== true) return;
  throw new KinesisError(
    'DryRunOperationException',
    'Request would have succeeded, but the DryRun parameter is set.',
  );
}

/** Where a list goes on, as an opaque text. */
export function pageToken(...parts: string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64');
}

export function readPageToken(text: string): [string, string?] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64').toString());
    if (Array.isArray(parts) && parts.length > 0 && parts.every((part) => typeof part === 'string')) {
      return parts as [string, string?];
    }
  } catch {}
  // AWS's text is not recorded (inferred).
  throw invalidArgument('Invalid NextToken.');
}
