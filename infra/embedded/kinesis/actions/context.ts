import type { Account } from '../../account.ts';
import { invalidArgument, KinesisError, streamNotActive } from '../errors.ts';
import type { IteratorSeal } from '../iterators.ts';
import type { ActionName, Input } from '../shapes.ts';
import type { Store } from '../store/store.ts';
import type { Stream } from '../store/stream.ts';

/** What actions need to run. */
export interface Context {
  readonly account: Account;
  readonly store: Store;
  readonly iterators: IteratorSeal;
}

/** Undefined for an empty body, as of CreateStream and DeleteStream (docs/facts/kinesis.md#streams). */
export type Answer = object | undefined;

export type Action<A extends ActionName> = (input: Input<A>, context: Context) => Answer;

/** The name of a request's stream, given by name or ARN; validation ensures that one of them is present. */
export function streamNameOf(input: { readonly StreamName?: string; readonly StreamARN?: string }): string {
  return input.StreamName ?? input.StreamARN?.split('/')[1] ?? '';
}

/** The request's stream, which must be ACTIVE. Throws ResourceNotFoundException and ResourceInUseException. */
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
 * Refuses a dry run. Must be the last check: the call would have succeeded, but does nothing
 * (docs/facts/kinesis.md#members-of-2026). The text is inferred.
 */
export function refuseDryRun({ DryRun }: { readonly DryRun?: boolean }): void {
  if (DryRun !== true) return;
  throw new KinesisError(
    'DryRunOperationException',
    'Request would have succeeded, but the DryRun parameter is set.',
  );
}

/** An opaque token that says where a list continues. */
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
