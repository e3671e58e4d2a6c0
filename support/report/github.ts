import { appendFileSync } from 'node:fs';
import { markdown, visibleAll, withoutCommands } from '../client/untrusted-text.ts';
import { verdictInWords } from '../run/exclusions.ts';
import { plainReason } from '../run/failure.ts';
import type { Results } from '../run/results.ts';
import { targetInWords } from '../run/verdict.ts';

/** GitHub's workflow commands: an annotation at the feature line of each failure. */
export function toAnnotations(raw: Results): string {
  const results = visibleAll(raw);
  const rows = results.scenarios
    .filter(({ result }) => result === 'failed' || result === 'error')
    .map(({ feature, line, clauses, name, reason = '' }) => {
      const title = `${clauses.join(' ')} ${name}`;
      return `::error file=${property(feature)},line=${line},title=${property(title)}::${data(plainReason(reason))}\n`;
    });
  if (rows.length === 0 && results.verdict !== 'conformant')
    rows.push(`::error title=${property(results.verdict)}::${data(results.because)}\n`);
  return rows.join('');
}

/** Markdown for the job's summary page. */
export function toMarkdown(results: Results): string {
  const bad = results.clauses.filter(({ result }) => result !== 'passed' && result !== 'not-applicable');
  const inapplicable = results.clauses.filter(({ result }) => result === 'not-applicable');
  const { exclusions = [] } = results;
  const row = (cells: readonly string[]) => `| ${cells.map(markdown).join(' | ')} |`;
  return `${[
    `## ${markdown(targetInWords(results.target))}: ${verdictInWords(results)}`,
    '',
    markdown(results.because),
    '',
    row(['', 'passed', 'failed', 'diverged', 'not applicable', 'other']),
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...(['clauses', 'scenarios'] as const).map((kind) => {
      const {
        passed = 0,
        failed = 0,
        diverged = 0,
        notApplicable = 0,
        ...rest
      }: Readonly<Record<string, number>> = results.summary[kind];
      const other = Object.values(rest).reduce((sum, count) => sum + count, 0);
      return row([kind, ...[passed, failed, diverged, notApplicable, other].map(String)]);
    }),
    ...(bad.length === 0
      ? []
      : [
          '',
          row(['clause', 'result', 'statement']),
          '| --- | --- | --- |',
          ...bad.map(({ id, result, statement }) => row([id, result, statement])),
        ]),
    ...(exclusions.length === 0
      ? []
      : [
          '',
          row(['excluded', 'reason']),
          '| --- | --- |',
          ...exclusions.map(({ clause, reason }) => row([clause, reason])),
        ]),
    ...(inapplicable.length === 0
      ? []
      : [
          '',
          `Not applicable, since the API offers no such call: ${inapplicable.map(({ id }) => id).join(', ')}`,
        ]),
  ].join('\n')}\n`;
}

/** Appends to the job summary of a GitHub job. */
export function writeJobSummary(results: Results, env: Readonly<Record<string, string | undefined>>): void {
  if (env.GITHUB_STEP_SUMMARY) appendFileSync(env.GITHUB_STEP_SUMMARY, `${toMarkdown(results)}\n`);
}

function data(text: string): string {
  return withoutCommands(text, false).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
