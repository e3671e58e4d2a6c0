import { spawn } from 'node:child_process';
import path from 'node:path';
import { messageOf } from '../../infra/errors.ts';
import { lintCitations } from '../lint/citations.ts';
import { lintFeatures, lintTraceability } from '../lint/features.ts';
import { lintImports } from '../lint/imports.ts';
import { lintSizes } from '../lint/sizes.ts';
import { lintWording } from '../lint/wording.ts';
import { loadCatalogue } from '../run/catalogue.ts';
import { readScenarios } from '../run/plan.ts';
import { ROOT } from '../run/suite.ts';
import { parseCommand } from './arguments.ts';
import type { Command } from './command.ts';

export const command: Command = {
  help: `
npm run check

Static checks: types (tsc), lint and format (Biome), Gherkin (gplint and the project's own rules), each step defined
once and used, each scenario with a clause, each core and extended clause with a scenario, imports that the table in
CONTRIBUTING.md allows, no file of more than 300 lines without a reason, no word that support/lint/wording.yaml
lists, no broken link or citation of a document.

Exit codes: 0 all good, 1 problems found.
`,
  run: async (argv) => {
    parseCommand('dev check', argv, {}, { least: 0, most: 0, what: 'no name' });
    return (await check()) ? 0 : 1;
  },
};

type Print = (text: string) => unknown;

const CHECKS: readonly { name: string; problems: (print: Print) => Promise<string[]> }[] = [
  { name: 'types', problems: () => tool('node_modules/typescript/bin/tsc', '-p', '.', '--noEmit') },
  {
    name: 'lint',
    problems: () => tool('node_modules/@biomejs/biome/bin/biome', 'ci', '--reporter=summary', '.'),
  },
  { name: 'Gherkin', problems: () => tool('node_modules/gplint/bin/gplint', '-c', '.gplintrc', 'features') },
  { name: 'features', problems: async () => lintFeatures(ROOT) },
  { name: 'imports', problems: async () => lintImports(ROOT) },
  { name: 'sizes', problems: async () => lintSizes(ROOT) },
  { name: 'wording', problems: async () => lintWording(ROOT) },
  { name: 'citations', problems: async () => lintCitations(ROOT) },
  { name: 'steps', problems: () => tool('support/lint/steps.ts') },
  { name: 'traceability', problems: async (print) => traceability(print) },
];

/**
 * Runs every check, even if others fail.
 * @param print is called once for each check, with its result.
 * @returns whether all passed.
 */
export async function check(print: Print = (text) => process.stdout.write(text)): Promise<boolean> {
  let good = true;
  // Sequentially: on two cores the compilers would only slow each other down, and the output stays in order.
  for (const { name, problems } of CHECKS) {
    const found = await problems(print).catch((error) => [messageOf(error)]);
    print(
      `${found.length === 0 ? 'ok    ' : 'failed'} ${name}\n${found.map((problem) => `  ${problem}\n`).join('')}`,
    );
    good &&= found.length === 0;
  }
  return good;
}

function traceability(print: Print): string[] {
  const catalogue = loadCatalogue(path.join(ROOT, 'features/catalogue.yaml'));
  const { problems, undecided } = lintTraceability(catalogue, readScenarios(ROOT));
  if (undecided.length > 0) print(`       clauses without a scenario yet: ${undecided.join(', ')}\n`);
  return problems;
}

/** Runs a script with the same Node. @returns its output if it fails. */
function tool(script: string, ...args: string[]): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(ROOT, script), ...args], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve(code === 0 ? [] : output.trim().split('\n')));
  });
}
