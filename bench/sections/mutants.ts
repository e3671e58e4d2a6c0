import { readFileSync } from 'node:fs';
import path from 'node:path';
import { TargetError } from '../../infra/errors.ts';
import { type Checkout, readCheckout, THIS } from '../measure/checkout.ts';
import { inTemporaryFolder, npmRun, runToEnd } from '../measure/process.ts';
import { find, labelValues, type Recorder, type SectionResult } from '../measure/result.ts';
import { type Row, rowOf, tableOf } from '../report/table.ts';
import type { BenchOptions, Section } from './section.ts';

const MAX_MILLIS = 300_000;

export const section: Section = {
  name: 'mutants',
  summary: "how many broken APIs the self-test's quick set tries per second",
  measure,
  tables: (result) => [{ cells: tableOf(rows(result)) }],
};

async function measure({ rounds, against, tell }: BenchOptions, recorder: Recorder): Promise<void> {
  const checkouts = [THIS, ...(against === undefined ? [] : [readCheckout(against)])];
  for (let round = 1; round <= rounds; round += 1) {
    tell(`mutants: round ${round} of ${rounds}`);
    for (const checkout of checkouts) {
      const { trials, seconds } = await quickSet(checkout);
      recorder.add('trials a second', 'trials/s', { checkout: checkout.name, trials }, trials / seconds);
    }
  }
}

/** @throws TargetError if a mutant survives, since the rate of invalid trials means nothing. */
async function quickSet(checkout: Checkout): Promise<{ trials: number; seconds: number }> {
  return inTemporaryFolder(async (folder) => {
    const file = path.join(folder, 'trials.json');
    const command = npmRun('selftest', '--quick', '--json', file);
    const ended = await runToEnd(command, { cwd: checkout.directory, timeout: MAX_MILLIS });
    if (ended.exitCode !== 0)
      throw new TargetError(`the self-test of ${checkout.name} failed: ${ended.output.trim().slice(-500)}`);
    const { trials } = JSON.parse(readFileSync(file, 'utf8')) as { trials: readonly object[] };
    return { trials: trials.length, seconds: ended.seconds };
  });
}

function rows(result: SectionResult): Row[] {
  const own = find(result, 'trials a second', { checkout: THIS.name });
  if (own === undefined) return [];
  const older = labelValues<string>(result, 'checkout').find((name) => name !== THIS.name);
  const series = older === undefined ? undefined : find(result, 'trials a second', { checkout: older });
  const what = `trials of the self-test's quick set, of ${own.labels.trials}`;
  return [rowOf(what, own, series && { what: older as string, series })];
}
