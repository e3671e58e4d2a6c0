import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { messageOf, TargetError, UsageError } from '../../infra/errors.ts';
import { isDraftOf, makeWritableFolder, writeTogether } from '../../infra/files.ts';
import { visible } from '../client/untrusted-text.ts';
import type { FinishedRun } from '../run/run.ts';
import { toBadge } from './badge.ts';
import { RESULTS_FILE, toJson } from './json.ts';
import { toJunit } from './junit.ts';
import { lockFolder } from './lock.ts';
import { toHtml, toNdjson } from './messages.ts';
import { redactAll } from './redact-all.ts';

const FILES = [
  RESULTS_FILE,
  'junit.xml',
  'report.html',
  'cucumber.html',
  'messages.ndjson',
  'target.log',
  'badge.json',
];

/**
 * Prepares the folder: locks it for this process, and removes the reports of an earlier run, so that they are not
 * taken for this run's.
 * @returns a function that unlocks the folder, as the end of the process does.
 * @throws UsageError when it cannot be written, or another run writes there.
 */
export function prepareFolder(folder: string): () => void {
  try {
    makeWritableFolder(folder);
    const release = lockFolder(folder);
    for (const name of readdirSync(folder))
      if (FILES.some((file) => file === name || isDraftOf(name, file))) rmSync(path.join(folder, name));
    return release;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      `the report folder ${folder} cannot be written: ${messageOf(error)}; name another with --report`,
    );
  }
}

/**
 * Writes every report of a run from its one Results object: all of them, or none.
 * @throws TargetError when one cannot be written, as on a full disk.
 */
export async function writeReports(folder: string, run: FinishedRun): Promise<void> {
  try {
    // The results are written last: if they exist, all other reports do.
    writeTogether(folder, await contentsOf(run));
  } catch (error) {
    throw new TargetError(
      `the reports cannot be written to ${folder}: ${messageOf(error)}; there is no verdict`,
    );
  }
}

async function contentsOf(run: FinishedRun): Promise<[name: string, content: string][]> {
  const results = redactAll(run.results);
  const messages = redactAll(run.messages);
  const files: [string, string][] = [
    ['junit.xml', toJunit(results)],
    ['badge.json', toBadge(results)],
  ];
  if (messages.length > 0)
    files.push(['cucumber.html', await toHtml(messages)], ['messages.ndjson', toNdjson(messages)]);
  if (run.targetLogs) files.push(['target.log', visible(redactAll(run.targetLogs))]);
  files.push([RESULTS_FILE, toJson(results)]);
  // Loaded here, since a run only needs it at the end.
  const { toPage } = await import('./page/page.ts');
  const names = files.map(([name]) => name).sort();
  return [['report.html', toPage(results, names)], ...files];
}
