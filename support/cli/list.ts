import path from 'node:path';
import { called, calledWith } from '../../infra/invocation.ts';
import { toTable } from '../report/table.ts';
import { loadCatalogue } from '../run/catalogue.ts';
import { PLAIN_TAGS, readScenarios } from '../run/plan.ts';
import { ROOT } from '../run/suite.ts';
import { parseCommand } from './arguments.ts';
import type { Command } from './command.ts';

export const command: Command = {
  help: `
${calledWith('clauses list')} [--scenarios | --tags | --json]

Lists the clauses of the contract, each with its level, its grade (T tutorial, R recorded on AWS, D documented by AWS,
I inferred) and how many scenarios decide it; or the scenarios by their ids; or the tags.

Examples:
  ${called('clauses list')}
  ${calledWith('clauses list')} --scenarios

Exit codes: 0 printed, 3 usage.
`,
  run: async (argv) => {
    const { values } = parseCommand(
      'clauses list',
      argv,
      { scenarios: { type: 'boolean' }, tags: { type: 'boolean' }, json: { type: 'boolean' } },
      { least: 0, most: 0, what: 'no name' },
    );
    const scenarios = readScenarios(ROOT);
    const { clauses } = loadCatalogue(path.join(ROOT, 'features/catalogue.yaml'));
    const decided = (id: string) => scenarios.filter((scenario) => scenario.clauses.includes(id));
    if (values.json) {
      const rows = clauses.map((clause) => ({
        ...clause,
        scenarios: decided(clause.id).map(({ id, feature, line }) => ({ id, feature, line })),
      }));
      process.stdout.write(`${JSON.stringify({ clauses: rows }, null, 2)}\n`);
    } else if (values.scenarios) {
      process.stdout.write(scenarios.map(({ id, clauses: own }) => `${own.join(' ')}\t${id}\n`).join(''));
    } else if (values.tags) {
      const used = scenarios.flatMap(({ tags }) => tags);
      process.stdout.write(`${[...new Set([...PLAIN_TAGS, ...used])].sort().join('\n')}\n`);
    } else {
      const rows = clauses.map(({ id, level, grade, statement }) => [
        id,
        level,
        grade,
        String(decided(id).length || 'none'),
        statement,
      ]);
      process.stdout.write(
        toTable([['clause', 'level', 'grade', 'scenarios', 'statement'], ...rows], 'text'),
      );
    }
    return 0;
  },
};
