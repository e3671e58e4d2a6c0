import { cpSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { TargetError } from '../../infra/errors.ts';
import { RESULTS_FILE } from '../../support/report/json.ts';
import { ROOT } from '../../support/run/suite.ts';
import { inTemporaryFolder, npmRun, runToEnd } from '../measure/process.ts';
import type { Recorder } from '../measure/result.ts';

/** Multiples of the number of scenarios. */
export const MULTIPLES = [1, 2, 4, 8, 16] as const;
const MAX_ROUNDS = 3;
const MAX_RUN_MILLIS = 600_000;
/** The parts of the project that a run needs; its packages are linked. */
const PARTS = ['infra', 'steps', 'support', 'features', 'package.json', 'cucumber.js'];

/** Measures whole runs with more and more scenarios, in copies of this project with repeated features. */
export async function growScenarios(
  rounds: number,
  recorder: Recorder,
  tell: (line: string) => void,
): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    for (const times of MULTIPLES) copyProject(path.join(folder, String(times)), times);
    for (let round = 1; round <= Math.min(rounds, MAX_ROUNDS); round += 1)
      for (const times of MULTIPLES) {
        tell(`growth: ${times} times the scenarios, round ${round}`);
        const { seconds, scenarios } = await judge(path.join(folder, String(times)), false);
        recorder.add('whole run', 's', { times, scenarios }, seconds);
      }
    for (const times of MULTIPLES) {
      tell(`growth: ${times} times the scenarios, memory`);
      const { peak } = await judge(path.join(folder, String(times)), true);
      if (peak !== undefined) recorder.add('memory of a whole run', 'MB', { times }, peak / 1e6);
    }
  });
}

function copyProject(directory: string, times: number): void {
  for (const part of PARTS) cpSync(path.join(ROOT, part), path.join(directory, part), { recursive: true });
  for (let copy = 2; copy <= times; copy += 1)
    cpSync(path.join(ROOT, 'features'), path.join(directory, 'features', `copy-${copy}`), {
      recursive: true,
      filter: (file) => !file.endsWith('.yaml'),
    });
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(directory, 'node_modules'), 'junction');
}

async function judge(directory: string, memory: boolean) {
  const report = path.join(directory, 'reports');
  const ended = await runToEnd(npmRun('conformance', '--report', report), {
    cwd: directory,
    timeout: MAX_RUN_MILLIS,
    memory,
  });
  if (ended.exitCode !== 0)
    throw new TargetError(
      `a run of more scenarios ended with exit code ${ended.exitCode}: ${ended.output.trim().slice(-500)}`,
    );
  const { summary } = JSON.parse(readFileSync(path.join(report, RESULTS_FILE), 'utf8'));
  return { ...ended, scenarios: summary.scenarios.passed as number };
}
