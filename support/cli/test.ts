import { parseOptions } from '../run/options.ts';
import { ROOT } from '../run/suite.ts';
import { parseCommand } from './arguments.ts';
import { check } from './check.ts';
import type { Command } from './command.ts';
import { conformance } from './conformance.ts';
import { StatusLine } from './progress.ts';
import { runUnitTests, unitTestFiles } from './unit-tests.ts';

export const command: Command = {
  help: `
npm test
TARGET=localstack npm test

Static checks and unit tests, the quick set of the self-test, then a conformance run against LocalStack. Where no
LocalStack is available (no Docker engine, and none set by TARGET and ENDPOINT) it says so and runs on the embedded AWS;
with TARGET set it does not fall back.

Exit codes: 0 all good; 1 a check or a test failed, or not conformant; 2 the target failed; 3 usage.
`,
  run: async (argv) => {
    parseCommand('dev test', argv, {}, { least: 0, most: 0, what: 'no name' });
    const target = process.env.KPC_TARGET || process.env.TARGET || (await chooseTarget());
    // The target comes first, with a cheap check: a missing engine should be reported at once, not after the unit
    // tests.
    const options = parseOptions([], { ...process.env, KPC_TARGET: target }, ROOT);
    if (options.target === 'localstack')
      await (await import('../../infra/targets/localstack.ts')).assertEngine();
    const line = new StatusLine(process.stderr);
    const print = (text: string) => {
      line.clear();
      process.stdout.write(text);
    };
    // In parallel, because the unit tests also wait.
    const [checked, units] = await Promise.all([
      check(print),
      runUnitTests(ROOT, unitTestFiles(ROOT), { line }),
    ]);
    const teeth = await selftest();
    const { exitCode, results } = await conformance(options);
    const { scenarios } = results.summary;
    const passed = units.passed + teeth.passed + scenarios.passed + scenarios.diverged + scenarios.flaky;
    const failed = units.failed + teeth.failed + scenarios.failed + scenarios.error + (checked ? 0 : 1);
    const skipped = units.skipped + scenarios.skipped;
    // Printed again at the end of the log, since only the end may be kept.
    const failures = [...units.failures, ...teeth.failures];
    if (failures.length > 0) process.stdout.write(`\nfailed before the run:\n${failures.join('')}\n`);
    process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
    return exitCode === 0 && failed > 0 ? 1 : exitCode;
  },
};

/** The quick set, in separate processes, since a process loads the steps only once. */
async function selftest(): Promise<{ passed: number; failed: number; failures: string[] }> {
  const failures: string[] = [];
  const { quickTrials, runTrials } = await import('../../selftest/trials/run.ts');
  const { passed, failed } = await runTrials(quickTrials(), {
    isWhole: false,
    wide: false,
    tell: (line, good) => {
      if (good) return;
      failures.push(line);
      process.stdout.write(line);
    },
  });
  process.stdout.write(
    `${failed === 0 ? 'ok    ' : 'failed'} self-test: ${passed} passed, ${failed} failed\n`,
  );
  return { passed, failed, failures };
}

async function chooseTarget(): Promise<string> {
  if (process.env.KPC_ENDPOINT || process.env.ENDPOINT) return 'endpoint';
  try {
    await (await import('../../infra/targets/localstack.ts')).assertEngine();
    return 'localstack';
  } catch {
    process.stdout.write(
      'no Docker engine answers, so LocalStack cannot run here: using the embedded AWS instead (TARGET=localstack npm test insists)\n',
    );
    return 'embedded';
  }
}
