import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { MAX_RESULTS_BYTES, readFileBounded } from '../../infra/bounds/file.ts';
import { parseJsonBounded } from '../../infra/bounds/json.ts';
import { messageOf, TargetError, UsageError } from '../../infra/errors.ts';
import { makeWritableFolder, writeTogether } from '../../infra/files.ts';
import { calledWith } from '../../infra/invocation.ts';
import { visible } from '../client/untrusted-text.ts';
import { redactAll } from '../report/redact-all.ts';
import type { Results } from '../run/results.ts';
import schema from './evidence.schema.json' with { type: 'json' };
import type { ClauseEvidence, Recording } from './evidence.ts';
import { normalize } from './normalize.ts';

const validate = new Ajv({ strict: false }).compile(schema);

/** The evidence of a run, clause by clause; clauses that no scenario of the run reached have none. */
export function evidenceOf(results: Results, recording: Recording): ClauseEvidence[] {
  const { target, definition, suite, startedAt } = results;
  const exchanges = new Map(
    recording.runs.map(
      ({ id, exchanges: calls, tested = [] }) =>
        [id, normalize([...calls, ...tested], recording.baseUrls)] as const,
    ),
  );
  return results.clauses
    .filter(({ scenarios }) => scenarios.length > 0)
    .map(({ id, grade, statement, result, scenarios }) => ({
      schemaVersion: 1,
      source: recording.source,
      clause: id,
      grade,
      statement,
      result,
      recorded: {
        date: startedAt.slice(0, 10),
        target: { name: target.name, version: target.version },
        definition: { name: definition.name, sha256: definition.sha256 },
        suite,
      },
      scenarios: results.scenarios
        .filter((scenario) => scenarios.includes(scenario.id))
        .map((scenario) => ({
          id: scenario.id,
          result: scenario.result,
          exchanges: exchanges.get(scenario.id) ?? [],
        })),
    }));
}

/**
 * Prepares the folder, and removes the evidence of an earlier run of the same source.
 * @throws UsageError where it cannot be written, or holds anything else.
 */
export function prepareEvidence(folder: string): void {
  try {
    makeWritableFolder(folder);
    const others = readdirSync(folder).filter((name) => !isClauseFile(name));
    if (others.length > 0)
      throw new Error(`it holds other files, such as ${others[0]}; use a separate folder`);
  } catch (error) {
    throw new UsageError(
      `the evidence folder ${folder} cannot be written: ${messageOf(error)}; name another with --evidence`,
    );
  }
}

/**
 * Writes one file for each clause, and replaces existing ones.
 * @throws UsageError where those are of another source; TargetError where the folder cannot be written.
 */
export function writeEvidence(folder: string, evidence: readonly ClauseEvidence[]): void {
  const [first] = evidence;
  const names = readdirSync(folder).filter(isClauseFile);
  const [other] = names.length > 0 ? readEvidence(folder).values() : [];
  if (first && other && other.source !== first.source)
    throw new UsageError(
      `${folder} holds evidence of ${other.source}, and this run is of ${first.source}; give another --evidence`,
    );
  try {
    const contents = redactAll(evidence).map((clause) => {
      if (!validate(clause))
        throw new Error(`${clause.clause} does not fit evidence.schema.json: ${problem()}`);
      return [`${clause.clause}.json`, visible(`${JSON.stringify(clause, null, 2)}\n`)] as const;
    });
    writeTogether(folder, contents);
    const written = new Set<string>(contents.map(([name]) => name));
    for (const name of names) if (!written.has(name)) rmSync(path.join(folder, name));
  } catch (error) {
    throw new TargetError(`the evidence cannot be written to ${folder}: ${messageOf(error)}`);
  }
}

/**
 * Reads a folder of evidence, by clause.
 * @throws UsageError where there is no evidence, a file is not in its format, or sources are mixed.
 */
export function readEvidence(folder: string): ReadonlyMap<string, ClauseEvidence> {
  let names: string[];
  try {
    names = readdirSync(folder).filter(isClauseFile).sort();
  } catch (error) {
    throw new UsageError(`${folder} cannot be read as evidence: ${messageOf(error)}`);
  }
  if (names.length === 0)
    throw new UsageError(`${folder} holds no evidence; ${calledWith('run')} --evidence DIR writes it`);
  const clauses = names.map((name) => readClause(path.join(folder, name)));
  const sources = new Set(clauses.map(({ source }) => source));
  if (sources.size > 1)
    throw new UsageError(`${folder} mixes evidence of ${[...sources].join(' and ')}; record it again`);
  return new Map(clauses.map((clause) => [clause.clause, clause]));
}

function readClause(file: string): ClauseEvidence {
  let content: unknown;
  try {
    content = parseJsonBounded(readFileBounded(file, MAX_RESULTS_BYTES).toString('utf8'));
  } catch (error) {
    throw new UsageError(`${file} cannot be read as evidence: ${messageOf(error)}`);
  }
  if (!validate(content)) throw new UsageError(`${file} is not evidence as a run writes it: ${problem()}`);
  return content as unknown as ClauseEvidence;
}

function problem(): string {
  const [first] = validate.errors ?? [];
  return first ? `${first.instancePath || '/'} ${first.message}` : 'unknown';
}

function isClauseFile(name: string): boolean {
  return /^[A-Z]+-\d+[a-z]?\.json$/.test(name);
}
