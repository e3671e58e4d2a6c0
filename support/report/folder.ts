import { accessSync, constants, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf, TargetError, UsageError } from '../../infra/errors.ts';
import type { FinishedRun } from '../run/run.ts';
import { RESULTS_FILE, toJson } from './json.ts';
import { toJunit } from './junit.ts';
import { toHtml, toNdjson } from './messages.ts';
import { redactAll } from './redact-all.ts';

const FILES = [RESULTS_FILE, 'junit.xml', 'report.html', 'messages.ndjson', 'target.log'];

/**
 * Makes the folder ready and takes away what an earlier run wrote there, so that nobody reads it as this one's.
 * @throws UsageError when it cannot be written.
 */
export function prepareFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    for (const file of FILES) rmSync(path.join(folder, file), { force: true });
  } catch (error) {
    throw new UsageError(
      `the report folder ${folder} cannot be written: ${messageOf(error)}; name another with --report`,
    );
  }
}

/**
 * Writes every report of a run from its one Results object, results last.
 * @throws TargetError when one cannot be written, as on a full disk; then no results file is there either.
 */
export async function writeReports(folder: string, run: FinishedRun): Promise<void> {
  const results = redactAll(run.results);
  const messages = redactAll(run.messages);
  try {
    write(folder, 'junit.xml', toJunit(results));
    if (messages.length > 0) {
      write(folder, 'messages.ndjson', toNdjson(messages));
      write(folder, 'report.html', await toHtml(messages));
    }
    if (run.targetLogs) write(folder, 'target.log', redactAll(run.targetLogs));
    write(folder, RESULTS_FILE, toJson(results));
  } catch (error) {
    throw new TargetError(
      `the reports cannot be written to ${folder}: ${messageOf(error)}; there is no verdict`,
    );
  }
}

/** A reader never meets half a file. */
function write(folder: string, name: string, content: string): void {
  const file = path.join(folder, name);
  const draft = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, content);
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
