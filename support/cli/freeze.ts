import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../infra/errors.ts';
import { calledWith } from '../../infra/invocation.ts';
import { loadCatalogue } from '../run/catalogue.ts';
import { ROOT, releaseLine, suiteVersion } from '../run/suite.ts';
import { parseCommand } from './arguments.ts';
import type { Command } from './command.ts';

export const command: Command = {
  help: `
npm run freeze

For a release: freezes today's catalogue as contract/<major.minor>.yaml, so that new clauses do not fail existing users
later; ${calledWith('run')} --contract <version> judges by it. Refuses to change an existing one.

Exit codes: 0 frozen, 3 already frozen.
`,
  run: async (argv) => {
    parseCommand('dev freeze', argv, {}, { least: 0, most: 0, what: 'no name' });
    const catalogue = path.join(ROOT, 'features/catalogue.yaml');
    const { clauses } = loadCatalogue(catalogue);
    const name = `contract/${releaseLine(suiteVersion())}.yaml`;
    const file = path.join(ROOT, name);
    if (existsSync(file))
      throw new UsageError(`${name} is frozen already; raise the minor version in package.json first`);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(
      file,
      `# The contract of release ${suiteVersion()}, frozen: never edited.\n${readFileSync(catalogue, 'utf8')}`,
    );
    process.stdout.write(`${name} holds ${clauses.length} clauses\n`);
    return 0;
  },
};
