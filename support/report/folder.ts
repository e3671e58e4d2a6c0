import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { messageOf, TargetError, UsageError } from '../../infra/errors.ts';
import { isDraftOf, makeWritableFolder, writeTogether } from '../../infra/files.ts';
import { visible } from '../client/untrusted-text.ts';
import type { FinishedRun } from '../run/run.ts';
import { toBadge } from './badge.ts';
import { LAST_JUDGED_FILE, RESULTS_FILE, toJson } from './json.ts';
import { toJunit } from './junit.ts';
import { lockFolder } from './lock.ts';
import { renderMessages } from './messages.ts';
import { redactAll } from './redact-all.ts';

const FILES = [
  RESULTS_FILE,
  LAST_JUDGED_FILE,
  'junit.xml',
  'report.html',
  'cucumber.html',
  'messages.ndjson',
  'target.log',
  'badge.json',
];

/**
 * Prepares the folder: locks it for this process, and removes what a killed run had half written. The reports of an
 * earlier run stay until `writeReports` replaces them, since this run may end before it has any.
 * @returns a function that unlocks the folder, as the end of the process does.
 * @throws UsageError if it cannot be written, or another run writes there.
 */
export function prepareFolder(folder: string): () => void {
  try {
    makeWritableFolder(folder);
    const release = lockFolder(folder);
    for (const name of readdirSync(folder))
      if (FILES.some((file) => isDraftOf(name, file))) rmSync(path.join(folder, name));
    return release;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      `the report folder ${folder} cannot be written: ${messageOf(error)}; name another with --report`,
    );
  }
}

/** When the run began whose reports are in the folder; undefined if there are none that can be read. */
export function startOfReported(folder: string): string | undefined {
  return resultsIn(folder)?.startedAt;
}

/**
 * Replaces the reports of an earlier run by those of this one, all of them or none. The results of a run that ended as
 * an error stand beside those of the last judged one, for `--last-failed`.
 * @throws TargetError when one cannot be written, as on a full disk.
 */
export async function writeReports(folder: string, run: FinishedRun): Promise<void> {
  try {
    // The results are written last: if they exist, all other reports do.
    const contents = await contentsOf(run);
    const kept = run.results.verdict === 'error' ? LAST_JUDGED_FILE : undefined;
    const judged = kept === undefined ? undefined : judgedIn(folder);
    writeTogether(folder, judged === undefined ? contents : [[LAST_JUDGED_FILE, judged], ...contents]);
    const current = new Set([...contents.map(([name]) => name), kept]);
    for (const name of FILES) if (!current.has(name)) rmSync(path.join(folder, name), { force: true });
  } catch (error) {
    throw new TargetError(
      `the reports cannot be written to ${folder}: ${messageOf(error)}; there is no verdict`,
    );
  }
}

/** The text of the results in the folder, if that run was judged. */
function judgedIn(folder: string): string | undefined {
  const results = resultsIn(folder);
  return results === undefined || results.verdict === 'error' ? undefined : results.text;
}

function resultsIn(folder: string): { text: string; verdict: unknown; startedAt: string } | undefined {
  try {
    const text = readFileSync(path.join(folder, RESULTS_FILE), 'utf8');
    const { verdict, startedAt } = JSON.parse(text) as { verdict?: unknown; startedAt?: unknown };
    return { text, verdict, startedAt: String(startedAt) };
  } catch {
    // Nothing there, or what no run has written.
    return undefined;
  }
}

async function contentsOf(run: FinishedRun): Promise<[name: string, content: string][]> {
  const results = redactAll(run.results);
  const messages = redactAll(run.messages);
  const files: [string, string][] = [
    ['junit.xml', toJunit(results)],
    ['badge.json', toBadge(results)],
  ];
  if (messages.length > 0) {
    const { html, ndjson } = await renderMessages(messages);
    files.push(['cucumber.html', html], ['messages.ndjson', ndjson]);
  }
  if (run.targetLogs) files.push(['target.log', visible(redactAll(run.targetLogs))]);
  files.push([RESULTS_FILE, toJson(results)]);
  // Loaded late, since a run needs it only at the end.
  const { toPage } = await import('./page/page.ts');
  const names = files.map(([name]) => name).sort();
  return [['report.html', toPage(results, names)], ...files];
}
