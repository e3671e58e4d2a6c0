import { Ajv, type ValidateFunction } from 'ajv';
import { fileAt, MAX_RESULTS_BYTES, readFileBounded } from '../../infra/bounds/file.ts';
import { parseJsonBounded } from '../../infra/bounds/json.ts';
import { messageOf, UsageError } from '../../infra/errors.ts';
import { visible } from '../client/untrusted-text.ts';
import type { Results } from '../run/results.ts';
import schema from './conformance.schema.json' with { type: 'json' };

export const RESULTS_FILE = 'conformance.json';
/** The results of the last run with a verdict, while those of the last run have none. */
export const LAST_JUDGED_FILE = 'last-judged.json';

/**
 * Compiled on first use. A unit test checks the schema itself. Compiling it without optimization, for one document,
 * takes a fifth of the time (measured).
 */
function validate(results: unknown): string | undefined {
  validator ??= new Ajv({ strict: false, validateSchema: false, code: { optimize: false } }).compile(schema);
  if (validator(results)) return undefined;
  const [first] = validator.errors ?? [];
  return first ? `${first.instancePath || '/'} ${first.message}` : 'unknown';
}

let validator: ValidateFunction | undefined;

/** @throws Error if the results do not match the schema, which is an error of the suite. */
export function toJson(results: Results): string {
  const problem = validate(results);
  if (problem) throw new Error(`the results do not fit conformance.schema.json: ${problem}`);
  return visible(`${JSON.stringify(results, null, 2)}\n`);
}

/**
 * Reads the results of an earlier run.
 * @param given a report folder, or the file in it.
 * @throws UsageError if the file is missing, truncated, invalid, has another schema version, or if its verdict
 * contradicts its clauses.
 */
export function readResults(given: string): Results {
  const file = fileAt(given, RESULTS_FILE);
  let content: unknown;
  try {
    content = parseJsonBounded(readFileBounded(file, MAX_RESULTS_BYTES).toString('utf8'));
  } catch (error) {
    throw new UsageError(`${file} cannot be read as results: ${messageOf(error)}`);
  }
  const version = (content as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (version !== 1)
    throw new UsageError(
      `${file} has the schema version ${JSON.stringify(version)}, and this suite reads 1; repeat the run with this suite`,
    );
  const problem = validate(content);
  if (problem) throw new UsageError(`${file} is not what a run writes: ${problem}`);
  const results = content as unknown as Results;
  const contradiction = contradictionIn(results);
  if (contradiction)
    throw new UsageError(`${file} contradicts itself (${contradiction}); it was edited, repeat the run`);
  return results;
}

function contradictionIn({
  verdict,
  summary,
  clauses,
  scenarios,
  exclusions = [],
}: Results): string | undefined {
  const both = exclusions.find(({ clause }) => clauses.some(({ id }) => id === clause));
  if (both) return `${both.clause} is excluded and judged`;
  for (const result of ['passed', 'failed', 'diverged', 'flaky'] as const) {
    if (summary.clauses[result] !== clauses.filter((row) => row.result === result).length)
      return `summary.clauses.${result} is not what the clauses add up to`;
    if (summary.scenarios[result] !== scenarios.filter((row) => row.result === result).length)
      return `summary.scenarios.${result} is not what the scenarios add up to`;
  }
  const ids = new Set(scenarios.map(({ id }) => id));
  const stray = clauses.flatMap((clause) => clause.scenarios).find((id) => !ids.has(id));
  if (stray !== undefined) return `a clause names the scenario "${stray}", which it does not hold`;
  if (
    verdict === 'conformant' &&
    clauses.some(({ gating, result }) => gating && !['passed', 'diverged', 'not-applicable'].includes(result))
  )
    return 'the verdict is conformant, but a clause that applies neither passed nor diverged as listed';
  return undefined;
}
