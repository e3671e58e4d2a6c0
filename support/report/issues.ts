import { redact } from '../client/redact.ts';
import { markdown, markdownBlock, oneLine } from '../client/untrusted-text.ts';
import { plainReason } from '../run/failure.ts';
import type { ClauseResult, Results } from '../run/results.ts';

/** The parts of an open issue that the command needs. */
export interface OpenIssue {
  readonly number: number;
  readonly body: string;
}

export type IssueAction =
  | { readonly kind: 'open'; readonly subject: string; readonly title: string; readonly body: string }
  | { readonly kind: 'update'; readonly subject: string; readonly number: number; readonly body: string }
  | { readonly kind: 'close'; readonly subject: string; readonly number: number; readonly comment: string };

/** The subject of an issue that is not about a clause: the run failed, or its verdict has another cause. */
const RUN = 'run';
const VERDICT = 'verdict';
/** The issue tracker takes 65,536 characters. */
const MAX_QUOTE_LENGTH = 4_000;

interface Mark {
  readonly subject: string;
  /** The day on which it was first seen, `YYYY-MM-DD`. */
  readonly since: string;
}

/**
 * Decides what to do with the issues of a scheduled run. There is one for each failing clause: opened when it starts
 * to fail, rewritten while it fails, and closed when it passes. If the run did not decide the clause, its issue stays
 * as it is.
 * @param results undefined if the run wrote none.
 * @param run the link to the run, and its date.
 */
export function planIssues(
  results: Results | undefined,
  open: readonly OpenIssue[],
  run: { readonly url: string | undefined; readonly today: string },
): IssueAction[] {
  const known = new Map(
    open.flatMap(({ number, body }) => {
      const mark = readMark(body);
      return mark ? [[mark.subject, { number, since: mark.since }] as const] : [];
    }),
  );
  const problems = problemsOf(results);
  const actions: IssueAction[] = [];
  for (const { subject, title, text } of problems) {
    const issue = known.get(subject);
    const mark = { subject, since: issue?.since ?? run.today };
    const body = bodyOf(mark, text, run);
    if (issue) actions.push({ kind: 'update', subject, number: issue.number, body });
    else actions.push({ kind: 'open', subject, title, body });
  }
  for (const [subject, { number }] of known)
    if (!problems.some((problem) => problem.subject === subject) && isOver(subject, results))
      actions.push({
        kind: 'close',
        subject,
        number,
        comment: `Over on ${run.today}${why(subject, results)}${run.url ? `: ${run.url}` : ''}.`,
      });
  return actions;
}

interface Problem {
  readonly subject: string;
  readonly title: string;
  readonly text: string;
}

function problemsOf(results: Results | undefined): Problem[] {
  if (results === undefined)
    return [{ subject: RUN, title: 'The scheduled run failed', text: 'It wrote no results.' }];
  const { target, verdict, because } = results;
  if (verdict === 'error')
    return [
      {
        subject: RUN,
        title: titleOf(`The scheduled run on ${target.name} failed`),
        text: markdownBlock(cut(because)),
      },
    ];
  const failing = results.clauses.filter(({ result, gating }) => result === 'failed' && gating);
  if (failing.length === 0 && verdict !== 'conformant')
    return [
      {
        subject: VERDICT,
        title: titleOf(`The scheduled run on ${target.name} is ${verdict}`),
        text: markdownBlock(cut(because)),
      },
    ];
  return failing.map((clause) => ({
    subject: clause.id,
    title: titleOf(`${clause.id} fails on ${target.name}: ${clause.statement}`),
    text: describe(clause, results),
  }));
}

function describe(clause: ClauseResult, results: Results): string {
  const failures = results.scenarios.filter(
    ({ id, result }) => clause.scenarios.includes(id) && result === 'failed',
  );
  const said = failures.map(({ name, feature, line, failedStep, reason = '' }) =>
    [
      `${markdown(name)} (${markdown(`${feature}:${line}`)})`,
      ...(failedStep ? ['', `Step: ${markdown(failedStep.text)}`] : []),
      markdownBlock(cut(plainReason(reason))),
    ].join('\n'),
  );
  const { id, level, grade, statement } = clause;
  return [`${markdown(id)} (${level}, grade ${grade}): ${markdown(statement)}`, ...said].join('\n\n');
}

function bodyOf(mark: Mark, text: string, run: { url: string | undefined; today: string }): string {
  const last = run.url ? `[the run of ${run.today}](${run.url})` : run.today;
  return redact(
    [
      `<!-- kinesis-proxy-conformance ${oneLine(JSON.stringify(mark)).replace(/[<>]/g, (sign) => `\\u00${sign === '<' ? '3c' : '3e'}`)} -->`,
      text,
      `First seen ${mark.since}, last in ${last}. This text is rewritten by each run, and the issue is closed by the first that does not see it.`,
    ].join('\n\n'),
  );
}

function readMark(body: string): Mark | undefined {
  const [, json] = /^<!-- kinesis-proxy-conformance (\{.*\}) -->/.exec(body) ?? [];
  try {
    const mark = JSON.parse(json ?? '') as Partial<Mark>;
    // Others may write issues that look like this command's.
    const isMark = typeof mark.subject === 'string' && /^\d{4}-\d\d-\d\d$/.test(String(mark.since));
    return isMark ? (mark as Mark) : undefined;
  } catch {
    return undefined;
  }
}

function isOver(subject: string, results: Results | undefined): boolean {
  if (results === undefined || results.verdict === 'error') return false;
  if (subject === RUN || subject === VERDICT) return true;
  if (results.exclusions?.some(({ clause }) => clause === subject)) return true;
  return results.clauses.some(
    ({ id, result }) => id === subject && ['passed', 'diverged', 'not-applicable'].includes(result),
  );
}

/** Why a clause no longer fails if it is no longer judged; empty if it passes. */
function why(subject: string, results: Results | undefined): string {
  const exclusion = results?.exclusions?.find(({ clause }) => clause === subject);
  if (exclusion) return `, excluded (${markdown(exclusion.reason)})`;
  const clause = results?.clauses.find(({ id }) => id === subject);
  return clause?.result === 'not-applicable' ? ', not applicable any more' : '';
}

/** Titles are not Markdown, but mention people. */
function titleOf(text: string): string {
  return redact(oneLine(text)).replaceAll('@', '\\u0040').slice(0, 200);
}

function cut(text: string): string {
  return text.length > MAX_QUOTE_LENGTH ? `${text.slice(0, MAX_QUOTE_LENGTH)}…` : text;
}
