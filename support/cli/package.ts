import path from 'node:path';
import { checkPackage } from '../../selftest/package/checks.ts';
import { packTo } from '../../selftest/package/pack.ts';
import { NODES, tryPackage } from '../../selftest/package/trial.ts';
import { ROOT } from '../run/suite.ts';
import { parseCommand } from './arguments.ts';
import type { Command } from './command.ts';

export const command: Command = {
  help: `
npm run package -- [--out DIR] [--try]

Builds the package, packs it as a tarball and checks it: each module that it imports is in it or among its dependencies,
publint finds nothing to fix, and its types resolve as its code does (arethetypeswrong).

  --out DIR  where the tarball goes (default: reports/package)
  --try      installs it in an empty folder and runs it there, on Node ${NODES.map(({ version }) => version).join(' and ')}, which npm fetches

Exit codes: 0 all good, 1 something to fix, 2 it does not compile or npm failed.
`,
  run: async (argv) => {
    const { values } = parseCommand(
      'dev package',
      argv,
      { out: { type: 'string' }, try: { type: 'boolean' } },
      { least: 0, most: 0, what: 'no name' },
    );
    const tell = (line: string) => process.stdout.write(`${line}\n`);
    const { tarball, size } = await packTo(path.resolve(values.out ?? path.join(ROOT, 'reports/package')));
    tell(`${path.relative(process.cwd(), tarball)} has ${(size / 1024).toFixed(0)} KiB`);
    const problems = await checkPackage(tarball);
    if (values.try) problems.push(...(await tryPackage(tarball, tell)));
    for (const problem of problems) tell(`fix   ${problem}`);
    tell(problems.length === 0 ? 'ok    the package' : `failed the package: ${problems.length} to fix`);
    return problems.length === 0 ? 0 : 1;
  },
};
