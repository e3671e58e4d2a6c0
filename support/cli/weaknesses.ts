import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { TargetError } from '../../infra/errors.ts';
import { called } from '../../infra/invocation.ts';
import { readResults } from '../report/json.ts';
import { redactAll } from '../report/redact-all.ts';
import { toWeaknesses } from '../report/weaknesses.ts';
import { parseOptions } from '../run/options.ts';
import type { Results } from '../run/results.ts';
import { executeRun, planRun } from '../run/run.ts';
import { ROOT } from '../run/suite.ts';
import { parseCommand } from './arguments.ts';
import type { Command } from './command.ts';

const PAGE = 'docs/tutorial-and-hardened.md';

export const command: Command = {
  help: `
npm run weaknesses -- [--check] [TUTORIAL HARDENED]

Writes ${PAGE}: each clause of level production that the tutorial's API fails, a request that
shows it, and the lines of hardened.yaml that fix it. TUTORIAL and HARDENED are the conformance.json of a run of each
at level production; without them both are run on the embedded AWS. With --check nothing is written, and the page has
to match the runs. (${called('results compare')} shows how two runs of one API differ.)

Exit codes: 0 written, or up to date; 1 out of date; 2 a run failed; 3 usage.
`,
  run: async (argv) => {
    const { values, positionals } = parseCommand(
      'dev weaknesses',
      argv,
      { check: { type: 'boolean' } },
      { least: 0, most: 2, what: 'two results, or none' },
    );
    const [first, second] = positionals;
    const weak = first === undefined ? await judged('tutorial') : readResults(first);
    const fixed = second === undefined ? await judged('hardened') : readResults(second);
    const page = toWeaknesses(weak, fixed, ROOT);
    const file = path.join(ROOT, PAGE);
    if (values.check) {
      const upToDate = existsSync(file) && readFileSync(file, 'utf8') === page;
      process.stdout.write(`${PAGE} is ${upToDate ? 'up to date' : 'out of date: npm run weaknesses'}\n`);
      return upToDate ? 0 : 1;
    }
    writeFileSync(file, page);
    process.stdout.write(`${PAGE} is written\n`);
    return 0;
  },
};

/** A separate run, without the environment's options, which are for the user's runs. */
async function judged(definition: string): Promise<Results> {
  const options = parseOptions(['--definition', definition, '--level', 'production'], {}, ROOT);
  const { results } = await executeRun(planRun(options, ROOT));
  if (results.verdict === 'error') throw new TargetError(`${definition} was not judged: ${results.because}`);
  return redactAll(results);
}
