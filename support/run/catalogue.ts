import { readFileSync } from 'node:fs';
import { messageOf, UsageError } from '../../infra/errors.ts';
import { called } from '../../infra/invocation.ts';
import { readYaml } from '../../infra/yaml.ts';
import { didYouMean } from './closest.ts';
import type { Level } from './options.ts';

export const GRADES = ['T', 'R', 'D', 'I'] as const;
export type Grade = (typeof GRADES)[number];
export const OBSERVED_IN = ['answer', 'kinesis', 'configuration', 'log'] as const;

/** One clause of the contract, as features/catalogue.yaml states it. */
export interface Clause {
  /** Never reused: `PUT-3`; `PUT-3a` if a clause was split. */
  readonly id: string;
  readonly level: Level;
  /** T tutorial, R recorded on AWS, D documented by AWS, I inferred. */
  readonly grade: Grade;
  readonly statement: string;
  readonly source: string;
  readonly observed: readonly (typeof OBSERVED_IN)[number][];
  /** False for a clause that is only reported and never affects the verdict. */
  readonly gating: boolean;
  /** One sentence: what to change in an API that breaks the clause. At level production only. */
  readonly remedy?: string;
  /**
   * Clauses whose defects break this one as well: if one of them fails, this one most likely fails as a consequence.
   */
  readonly follows?: readonly string[];
  /** Clauses that the same wrong answer breaks: where one of them fails by it, this one only follows. */
  readonly alike?: readonly string[];
}

export interface Catalogue {
  readonly clauses: readonly Clause[];
  get(id: string): Clause | undefined;
}

const LEVELS: readonly Level[] = ['core', 'extended', 'production'];
export const CLAUSE_ID = /^[A-Z]+-\d+[a-z]?$/;

/**
 * @param where the start of the error message, such as `--clause`.
 * @throws UsageError for a clause that the catalogue does not have.
 */
export function clauseNamed(id: string, catalogue: Catalogue, where: string): Clause {
  const clause = catalogue.get(id);
  if (clause) return clause;
  const ids = catalogue.clauses.map((known) => known.id);
  throw new UsageError(
    `${where} ${id} is unknown${didYouMean(id, ids) || `; ${called('clauses list')} shows the clauses`}`,
  );
}

/**
 * Reads the clauses.
 * @param file the catalogue, or a contract frozen at a release.
 * @throws UsageError on an unreadable file, a duplicate id, or an invalid row.
 */
export function loadCatalogue(file: string): Catalogue {
  let content: unknown;
  try {
    content = readYaml(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`the catalogue ${file} cannot be read: ${messageOf(error)}`);
  }
  const rows = (content as { clauses?: unknown } | null)?.clauses;
  if (!Array.isArray(rows) || rows.length === 0)
    throw new UsageError(`the catalogue ${file} has no clauses; it needs a list under "clauses:"`);
  const byId = new Map<string, Clause>();
  for (const row of rows) {
    const clause = readClause(row, file);
    if (byId.has(clause.id))
      throw new UsageError(`the catalogue ${file} has ${clause.id} twice; an id belongs to one clause`);
    byId.set(clause.id, clause);
  }
  return { clauses: [...byId.values()], get: (id) => byId.get(id) };
}

function readClause(row: unknown, file: string): Clause {
  const given = (row ?? {}) as Record<string, unknown>;
  const refuse = (what: string): never => {
    throw new UsageError(`the catalogue ${file}, clause ${String(given.id ?? '(without an id)')}: ${what}`);
  };
  const known = [
    'id',
    'level',
    'grade',
    'statement',
    'source',
    'observed',
    'gating',
    'remedy',
    'follows',
    'alike',
  ];
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown) refuse(`the key ${unknown} is unknown`);
  if (typeof given.id !== 'string' || !CLAUSE_ID.test(given.id)) refuse('an id looks like PUT-3 or PUT-3a');
  if (!LEVELS.includes(given.level as Level)) refuse(`level is one of ${LEVELS.join(', ')}`);
  if (!GRADES.includes(given.grade as Grade)) refuse(`grade is one of ${GRADES.join(', ')}`);
  if (typeof given.statement !== 'string' || given.statement.trim() === '') refuse('it has no statement');
  if (typeof given.source !== 'string' || given.source.trim() === '') refuse('it names no source');
  const observed = given.observed;
  if (
    !Array.isArray(observed) ||
    observed.length === 0 ||
    observed.some((place) => !OBSERVED_IN.includes(place))
  )
    refuse(`observed lists some of ${OBSERVED_IN.join(', ')}`);
  for (const name of ['follows', 'alike'] as const)
    if (given[name] !== undefined && !Array.isArray(given[name])) refuse(`${name} lists clauses`);
  if (given.gating !== undefined && typeof given.gating !== 'boolean') refuse('gating is true or false');
  return {
    id: given.id as string,
    level: given.level as Level,
    grade: given.grade as Grade,
    statement: (given.statement as string).trim().replace(/\s+/g, ' '),
    source: (given.source as string).trim(),
    observed: observed as Clause['observed'],
    gating: given.gating !== false,
    ...(given.remedy !== undefined && { remedy: String(given.remedy) }),
    ...(given.follows !== undefined && { follows: given.follows as readonly string[] }),
    ...(given.alike !== undefined && { alike: given.alike as readonly string[] }),
  };
}
