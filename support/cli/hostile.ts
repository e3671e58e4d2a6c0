import { ROOT } from '../run/suite.ts';
import { parseCommand } from './arguments.ts';
import type { Command } from './command.ts';
import { hostileTestFiles, runUnitTests } from './unit-tests.ts';

export const command: Command = {
  help: `
npm run hostile -- [PATTERN…] [--list]

Attacks the suite and its embedded AWS: oversized and endless requests, templates that never end, hostile APIs, text that
tries to control a terminal or a log, forged journals, stolen credentials. docs/security.md lists the attacks and what
is promised. PATTERN is part of a path, as for npm run unit. Everything stays on loopback.

  --list  only list the files

Exit codes: 0 every attack was withstood, 1 one was not, 3 usage.
`,
  run: async (argv) => {
    const { values, positionals } = parseCommand(
      'dev hostile',
      argv,
      { list: { type: 'boolean' } },
      { least: 0, most: Number.POSITIVE_INFINITY, what: 'parts of paths' },
    );
    const files = hostileTestFiles(ROOT, positionals);
    if (values.list) {
      process.stdout.write(files.map((file) => `${file}\n`).join(''));
      return 0;
    }
    return (await runUnitTests(ROOT, files, { name: 'attacks' })).failed === 0 ? 0 : 1;
  },
};
