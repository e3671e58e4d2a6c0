import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Judged } from './judge.ts';
import { idle } from './judge.ts';
import type { Outcome } from './trial.ts';
import { UNKILLABLE_SCENARIOS, UNKILLABLE_STEPS } from './unkillable.ts';

export interface Summary {
  readonly good: boolean;
  readonly text: string;
  /** Scenarios and steps that no trial makes fail; empty where not everything was tried. */
  readonly idleScenarios: readonly string[];
  readonly idleSteps: readonly string[];
}

/** @param isWhole whether everything was tried, so that the report can list what never failed. */
export function summaryOf(judged: readonly Judged[], isWhole: boolean, seconds: number): Summary {
  const outcomes = outcomesOf(judged);
  const breaking = outcomes.filter(({ kind }) => kind !== 'variant');
  const kills = breaking.flatMap((outcome) => outcome.kills.filter(({ isError }) => !isError));
  const scenarios = idle(
    outcomes.flatMap((outcome) => outcome.scenarios),
    new Set(kills.map(({ scenario }) => scenario)),
    UNKILLABLE_SCENARIOS,
  );
  const steps = idle(
    outcomes.flatMap(({ outcomeSteps }) => outcomeSteps),
    new Set(kills.flatMap(({ step }) => step ?? [])),
    UNKILLABLE_STEPS,
  );
  const problems = judged.flatMap(({ report: { trial }, problem }) =>
    problem === undefined ? [] : [`${trial.kind} ${trial.name}: ${problem}`],
  );
  const lines = (['mutant', 'fault', 'variant'] as const).map((kind) => {
    const own = judged.filter(({ report }) => report.trial.kind === kind);
    const good = own.filter(({ problem }) => problem === undefined).length;
    return `${`${kind}s`.padEnd(10)}${good} of ${own.length} ${kind === 'variant' ? 'stay green' : 'caught by the clauses they break'}`;
  });
  const whole = isWhole
    ? [
        ...list('scenarios that no trial makes fail', scenarios.idle),
        ...list('steps that no trial makes fail', steps.idle),
        ...list('listed as unkillable, but failed or no longer exists', [...scenarios.stale, ...steps.stale]),
      ]
    : [];
  const unfit = isWhole ? [scenarios.idle, scenarios.stale, steps.idle, steps.stale].flat().length : 0;
  return {
    good: problems.length + unfit === 0,
    // Repeated at the end, where a long log is read.
    text: `\n${[...list('failed', problems), ...lines, ...whole, `time      ${seconds.toFixed(0)} s`].join('\n')}\n`,
    idleScenarios: isWhole ? scenarios.idle : [],
    idleSteps: isWhole ? steps.idle : [],
  };
}

/** Writes mutant × clause × scenario as JSON and as Markdown. */
export function writeTrials(
  folder: string,
  judged: readonly Judged[],
  summary: Summary,
  further: string | undefined,
): void {
  mkdirSync(folder, { recursive: true });
  const trials = judged.map(({ report, problem }) => ({
    ...('outcome' in report ? withoutLists(report.outcome) : { name: report.trial.name }),
    problem: problem ?? null,
  }));
  const json = `${JSON.stringify({ good: summary.good, idleScenarios: summary.idleScenarios, idleSteps: summary.idleSteps, trials }, null, 2)}\n`;
  for (const file of [path.join(folder, 'trials.json'), further]) if (file) writeFileSync(file, json);
  writeFileSync(path.join(folder, 'trials.md'), markdown(judged, summary));
}

function withoutLists({ outcomeSteps: _steps, scenarios: _scenarios, ...rest }: Outcome) {
  return rest;
}

function outcomesOf(judged: readonly Judged[]): Outcome[] {
  return judged.flatMap(({ report }) => ('outcome' in report ? [report.outcome] : []));
}

function list(title: string, entries: readonly string[]): string[] {
  return entries.length === 0 ? [] : [`${title}: ${entries.length}`, ...entries.map((entry) => `  ${entry}`)];
}

function markdown(judged: readonly Judged[], summary: Summary): string {
  const outcomes = outcomesOf(judged);
  const breaking = outcomes.filter(({ kind }) => kind !== 'variant');
  const clauses = [...new Set(breaking.flatMap(({ failedClauses }) => failedClauses))].sort();
  const byClause = clauses.map((clause) => {
    const by = breaking.filter(({ failedClauses }) => failedClauses.includes(clause)).map(({ name }) => name);
    return `| ${clause} | ${by.length} | ${by.join(', ')} |`;
  });
  const rows = judged.map(({ report, problem }) => {
    const { kind, name, why } = report.trial;
    const failed = 'outcome' in report ? report.outcome.failedClauses.join(' ') : '';
    const scenarios = 'outcome' in report ? report.outcome.kills.length : 0;
    return `| ${kind} | ${name} | ${cell(why)} | ${failed} | ${scenarios} | ${cell(problem ?? '')} |`;
  });
  return `# What the suite catches

\`\`\`
${summary.text.trim()}
\`\`\`

## Clauses and what breaks them

| clause | times | by |
|---|---|---|
${byClause.join('\n')}

## Everything tried

| kind | name | why | clauses that failed | scenarios that failed | problem |
|---|---|---|---|---|---|
${rows.join('\n')}
`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\s*\n\s*/g, '; ');
}
