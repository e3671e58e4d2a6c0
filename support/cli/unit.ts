import { ROOT } from '../run/suite.ts';
import { parseCommand } from './arguments.ts';
import type { Command } from './command.ts';
import { runUnitTests, unitTestFiles } from './unit-tests.ts';

export const command: Command = {
  help: `
npm run unit -- [PATTERN…] [--list]

Runs the unit tests, each file in its own process, as many at once as there are cores. PATTERN is part of a path:
with patterns, only files run whose paths contain one of them.

  --list  only list the files

Examples:
  npm run unit -- infra/retry                       the tests of a folder
  npm run unit -- selftest/privilege/usage.test.ts     one file

Exit codes: 0 all passed, 1 a test failed, 3 usage.
`,
  run: async (argv) => {
    const { values, positionals } = parseCommand(
      'dev unit',
      argv,
      { list: { type: 'boolean' } },
      { least: 0, most: Number.POSITIVE_INFINITY, what: 'parts of paths' },
    );
    const files = unitTestFiles(ROOT, positionals);
    if (values.list) {
      process.stdout.write(files.map((file) => `${file}\n`).join(''));
      return 0;
    }
    return (await runUnitTests(ROOT, files)).failed === 0 ? 0 : 1;
  },
};
