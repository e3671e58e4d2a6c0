import { parseOptions } from '../run/options.ts';
import { ROOT } from '../run/suite.ts';
import { parseCommand } from './arguments.ts';
import { check } from './check.ts';
import { conformance } from './conformance.ts';
import type { Command } from './main.ts';
import { runUnitTests } from './unit-tests.ts';

export const command: Command = {
  help: `
npm test
TARGET=localstack npm test

Static checks, unit tests, then a conformance run against LocalStack. Where no LocalStack can be had (no Docker engine,
and none named by TARGET and ENDPOINT) it says so and runs on the embedded AWS; with TARGET set it does not fall back.

Exit codes: 0 all good; 1 a check or a test failed, or not conformant; 2 the target failed; 3 usage.
`,
  run: async (argv) => {
    parseCommand('test', argv, {}, { least: 0, most: 0, what: 'no name' });
    const target = process.env.TARGET || (await chooseTarget());
    // The target first, in its cheapest form: a missing engine should be known at once, not after the unit tests.
    const options = parseOptions([], { ...process.env, TARGET: target }, ROOT);
    if (options.target === 'localstack')
      await (await import('../../infra/targets/localstack.ts')).assertEngine();
    const checked = await check();
    const units = await runUnitTests(ROOT);
    const { exitCode, results } = await conformance(options);
    const { scenarios } = results.summary;
    const passed = units.passed + scenarios.passed + scenarios.diverged + scenarios.flaky;
    const failed = units.failed + scenarios.failed + scenarios.error + (checked ? 0 : 1);
    const skipped = scenarios.skipped > 0 ? `, ${scenarios.skipped} skipped` : '';
    process.stdout.write(`${passed} passed, ${failed} failed${skipped}\n`);
    return exitCode === 0 && failed > 0 ? 1 : exitCode;
  },
};

async function chooseTarget(): Promise<string> {
  if (process.env.ENDPOINT) return 'endpoint';
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
