import { existsSync, globSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../infra/errors.ts';
import { calledWith } from '../../infra/invocation.ts';
import { readResults } from '../report/json.ts';
import { GRADE_NAMES } from '../report/text.ts';
import { clauseNamed, loadCatalogue } from '../run/catalogue.ts';
import { loadDivergences } from '../run/divergences.ts';
import { readScenarios } from '../run/plan.ts';
import { ROOT, WORK } from '../run/suite.ts';
import { targetInWords } from '../run/verdict.ts';
import { parseCommand } from './arguments.ts';
import type { Command } from './command.ts';

export const command: Command = {
  help: `
${calledWith('clauses show')} CLAUSE

Shows one clause, such as PUT-3: its statement, grade and source, the scenarios that decide it, what the last run on each
target found of each API (in reports/ and results/), and the known divergences.

Examples:
  ${calledWith('clauses show')} PUT-3

Exit codes: 0 printed, 3 there is no such clause.
`,
  run: async (argv) => {
    const { positionals } = parseCommand('clauses show', argv, {}, { least: 1, most: 1, what: 'one clause' });
    const [id] = positionals as [string];
    const catalogue = loadCatalogue(path.join(ROOT, 'features/catalogue.yaml'));
    const clause = catalogue.get(id.toUpperCase()) ?? clauseNamed(id, catalogue, 'the clause');
    const all = readScenarios(ROOT);
    const own = all.filter(({ clauses }) => clauses.includes(clause.id));
    const ids = new Set(all.map((scenario) => scenario.id));
    const lines = [
      `${clause.id} (${clause.level}): ${clause.statement}`,
      '',
      `grade      ${clause.grade}, ${GRADE_NAMES[clause.grade]}`,
      `source     ${clause.source}`,
      `seen in    ${clause.observed.join(', ')}`,
      ...(clause.gating ? [] : ['gating     no: it is reported, but does not affect the verdict']),
      '',
      own.length === 0 ? 'no scenario decides it yet' : 'scenarios',
      ...own.map(({ feature, line, name }) => `  ${feature}:${line}  ${name}`),
      '',
      ...lastResults(clause.id),
      ...knownDivergences(
        clause.id,
        own.map((scenario) => scenario.id),
        (file) => loadDivergences(file, catalogue, ids),
      ),
    ];
    process.stdout.write(`${lines.join('\n').trimEnd()}\n`);
    return 0;
  },
};

function lastResults(id: string): string[] {
  const files = globSync(['reports/*/conformance.json', 'results/*/*/conformance.json'], { cwd: WORK });
  const found = files.flatMap((file) => {
    try {
      const results = readResults(path.join(WORK, file));
      const clause = results.clauses.find((one) => one.id === id);
      if (!clause) return [];
      const target = `${targetInWords(results.target)}, ${results.definition.name}`;
      const row = `  ${target}: ${clause.result} (${results.startedAt}, ${file})`;
      return [{ target, at: results.startedAt, row }];
    } catch (error) {
      if (error instanceof UsageError) return [{ target: file, at: '', row: `  ${file}: unreadable` }];
      throw error;
    }
  });
  // Of two runs of one API on one target, the newer one counts.
  const last = new Map(
    found.toSorted((one, other) => one.at.localeCompare(other.at)).map(({ target, row }) => [target, row]),
  );
  const rows = [...last.values()].sort();
  return rows.length === 0 ? ['no results of this clause found', ''] : ['last results', ...rows, ''];
}

function knownDivergences(
  id: string,
  scenarios: readonly string[],
  load: (file: string) => ReturnType<typeof loadDivergences>,
): string[] {
  const files = globSync('infra/targets/*.divergences.yaml', { cwd: ROOT }).filter((file) =>
    existsSync(path.join(ROOT, file)),
  );
  const targets = new Map<string, Set<string>>();
  for (const file of files)
    for (const { clause, scenario, reason, link, expires } of load(path.join(ROOT, file))) {
      if (clause !== id && !scenarios.includes(scenario ?? '')) continue;
      const what = `${reason} (${link}; until ${expires})`;
      const known = targets.get(what) ?? new Set();
      targets.set(what, known.add(path.basename(file, '.divergences.yaml')));
    }
  const rows = [...targets].map(([what, known]) => `  ${[...known].join(', ')}: ${what}`);
  return rows.length === 0 ? [] : ['known divergences', ...rows];
}
