import path from 'node:path';
import { messageOf, UsageError } from '../../infra/errors.ts';
import { type Journal, NO_JOURNAL, openJournal } from '../../infra/provision/journal.ts';
import { thisProcess } from '../../infra/provision/process-identity.ts';
import type { Target } from '../../infra/targets/target.ts';
import type { RunOptions } from './options.ts';
import { WORK } from './suite.ts';

/** The default folder of the journals, in which runs record what they create. */
export const JOURNALS = path.join(WORK, '.kpc/journal');

/**
 * Starts the journal of a run on a target that outlives it.
 * @throws UsageError when the folder cannot be written.
 */
export function startJournal(
  target: Target,
  runId: string,
  options: Pick<RunOptions, 'journal' | 'keep'>,
): Journal {
  // An embedded AWS ends with this process, even where the run has to clean up as if it did not.
  if (target.ephemeral || target.kind === 'embedded') return NO_JOURNAL;
  const { endpoint, region } = target.access;
  try {
    return openJournal(options.journal ?? JOURNALS, {
      runId,
      startedAt: new Date().toISOString(),
      process: thisProcess(),
      target: {
        kind: target.kind,
        region,
        ...(endpoint !== undefined && { endpoint }),
        ...(target.account !== undefined && { account: target.account }),
      },
      skewMs: target.skewMs ?? 0,
      ...(options.keep && { keep: true }),
    });
  } catch (error) {
    throw new UsageError(
      `the journal of the run cannot be written (${messageOf(error)}); name a folder with --journal`,
    );
  }
}
