import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { CONFIG_SCHEMA, configSchema } from '../run/config-schema.ts';
import { ROOT } from '../run/suite.ts';
import { parseCommand } from './arguments.ts';
import type { Command } from './command.ts';

export const command: Command = {
  help: `
npm run schema

Writes ${CONFIG_SCHEMA}, the JSON schema of conformance.config.yaml, from the table of options. A unit test
fails when it is out of date.

Exit codes: 0 written.
`,
  run: async (argv) => {
    parseCommand('dev schema', argv, {}, { least: 0, most: 0, what: 'no name' });
    writeFileSync(path.join(ROOT, CONFIG_SCHEMA), `${JSON.stringify(configSchema(), null, 2)}\n`);
    process.stdout.write(`${CONFIG_SCHEMA} is written\n`);
    return 0;
  },
};
