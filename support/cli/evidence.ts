import { UsageError } from '../../infra/errors.ts';
import { called, calledWith } from '../../infra/invocation.ts';
import { markdown, oneLine } from '../client/untrusted-text.ts';
import { type Comparison, compareEvidence, labelOf, requestLine, textOf } from '../evidence/compare.ts';
import type { ClauseEvidence, NormalExchange } from '../evidence/evidence.ts';
import { readEvidence } from '../evidence/store.ts';
import { toTable } from '../report/table.ts';
import { plural } from '../run/verdict.ts';
import { parseCommand } from './arguments.ts';
import type { Command } from './command.ts';

const FORMATS = ['text', 'markdown', 'json'] as const;
type Format = (typeof FORMATS)[number];

export const command: Command = {
  help: `
${calledWith('evidence')} show DIR [CLAUSE]
${calledWith('evidence')} diff OLD NEW [--clause ID]... [--format text|markdown|json]

Evidence is what a run observed for each clause, without what differs from run to run: ${calledWith('run')} --evidence DIR
writes it. show lists what a folder has, or the exchanges of one clause. diff shows where NEW differs from
OLD, and, where one of them is evidence of AWS, which inferred clauses (grade I) it confirms or refutes.

Examples:
  ${calledWith('evidence')} show evidence PUT-3
  ${calledWith('evidence')} diff evidence/aws evidence/embedded --format markdown

Exit codes: 0 shown, or no difference; 1 differences; 3 unreadable.
`,
  run: async (argv) => {
    const { values, positionals } = parseCommand(
      'evidence',
      argv,
      { format: { type: 'string' }, clause: { type: 'string', multiple: true } },
      { least: 2, most: 3, what: 'show and a folder, or diff and two' },
    );
    const format = FORMATS.find((known) => known === (values.format ?? 'text'));
    if (!format)
      throw new UsageError(`--format ${values.format} is unknown; it is one of ${FORMATS.join(', ')}`);
    const [verb, first = '', second] = positionals;
    if (verb === 'show') {
      process.stdout.write(show(readEvidence(first), second));
      return 0;
    }
    if (verb !== 'diff' || second === undefined)
      throw new UsageError(`${called('evidence')} takes show DIR [CLAUSE], or diff OLD NEW`);
    const [before, after] = [first, second].map((folder) => only(readEvidence(folder), values.clause));
    const comparison = compareEvidence(before as EvidenceByClause, after as EvidenceByClause);
    process.stdout.write(
      format === 'json' ? `${JSON.stringify(comparison, null, 2)}\n` : describe(comparison, format),
    );
    return comparison.differences.length === 0 ? 0 : 1;
  },
};

type EvidenceByClause = ReadonlyMap<string, ClauseEvidence>;

function only(evidence: EvidenceByClause, clauses: readonly string[] | undefined): EvidenceByClause {
  if (clauses === undefined) return evidence;
  const unknown = clauses.find((id) => !evidence.has(id));
  if (unknown !== undefined) throw new UsageError(`the evidence has no --clause ${unknown}`);
  return new Map([...evidence].filter(([id]) => clauses.includes(id)));
}

function show(evidence: EvidenceByClause, id: string | undefined): string {
  if (id === undefined) {
    const rows = [...evidence.values()].map(({ clause, grade, result, scenarios }) => [
      clause,
      grade,
      result,
      String(scenarios.length),
      String(scenarios.reduce((sum, { exchanges }) => sum + exchanges.length, 0)),
    ]);
    return `${labelOf(evidence)}\n\n${toTable([['clause', 'grade', 'result', 'scenarios', 'calls'], ...rows], 'text')}\n`;
  }
  const clause = evidence.get(id);
  if (clause === undefined) throw new UsageError(`the evidence has no clause ${id}`);
  const scenarios = clause.scenarios.map(({ id: name, result, exchanges }) =>
    [`${name}: ${result}`, ...exchanges.flatMap(lines)].join('\n'),
  );
  return `${[`${clause.clause} (grade ${clause.grade}, ${clause.result} on ${labelOf(evidence)})`, clause.statement, ...scenarios].join('\n\n')}\n`;
}

function lines(exchange: NormalExchange): string[] {
  const { request, response } = exchange;
  const headers = (of: Readonly<Record<string, string>>) =>
    Object.entries(of).map(([name, value]) => `      ${name}: ${value}`);
  return [
    `  > ${requestLine(exchange)}`,
    ...headers(request.headers),
    ...(request.body ? [`      ${textOf(request.body)}`] : []),
    `  < ${response.status}`,
    ...headers(response.headers),
    ...(response.body ? [`      ${textOf(response.body)}`] : []),
  ];
}

function describe(comparison: Comparison, format: Exclude<Format, 'json'>): string {
  const { before, after, differences, notCompared, onlyBefore, onlyAfter, inferences } = comparison;
  const gap = format === 'markdown' ? '\n\n' : '\n';
  const label = format === 'markdown' ? markdown : oneLine;
  const parts = [`old ${label(before)}${gap}new ${label(after)}`];
  if (differences.length === 0) parts.push('no difference');
  else {
    // If all scenarios of a clause differ in the same way, show it once.
    const seen = new Map<string, { row: string[]; count: number }>();
    for (const { clause, request, where, before: was, after: is } of differences) {
      const row = [clause, request || 'the scenario', where, `${short(was)} → ${short(is)}`];
      const key = JSON.stringify(row);
      seen.set(key, { row, count: (seen.get(key)?.count ?? 0) + 1 });
    }
    const rows = [...seen.values()].map(({ row, count }) => [...row, count === 1 ? '' : `${count} times`]);
    parts.push(toTable([['clause', 'call', 'where', 'difference', ''], ...rows], format));
    const clauses = new Set(differences.map(({ clause }) => clause));
    parts.push(`${plural(differences.length, 'difference')} in ${plural(clauses.size, 'clause')}`);
  }
  if (notCompared.length > 0) parts.push(`not tried on one side: ${notCompared.map(label).join(', ')}`);
  if (onlyBefore.length > 0) parts.push(`only in old: ${onlyBefore.map(label).join(', ')}`);
  if (onlyAfter.length > 0) parts.push(`only in new: ${onlyAfter.map(label).join(', ')}`);
  parts.push(
    inferences === undefined
      ? 'inferred clauses (grade I): neither is evidence of AWS, so nothing is confirmed or refuted'
      : toTable(
          [
            ['inferred clause', 'on AWS', 'the other', 'statement'],
            ...inferences.map(({ clause, outcome, other, statement }) => [clause, outcome, other, statement]),
          ],
          format,
        ),
  );
  return `${parts.join('\n\n')}\n`;
}

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 120 ? `${line.slice(0, 120)}…` : line;
}
