import { buildPackage } from '../package/build.ts';
import { parseCommand } from './arguments.ts';
import type { Command } from './command.ts';

export const command: Command = {
  help: `
npm run build

Compiles the package's code to dist/, with its data and the types of its programmatic interface. npm run package
does so too, and so does npm pack --ignore-scripts=false.

Exit codes: 0 built, 2 it does not compile.
`,
  run: async (argv) => {
    parseCommand('dev build', argv, {}, { least: 0, most: 0, what: 'no name' });
    const files = await buildPackage();
    process.stderr.write(`wrote ${files.length} files to dist/\n`);
    return 0;
  },
};
