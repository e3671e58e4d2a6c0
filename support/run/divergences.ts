import { MAX_SOURCE_BYTES, readFileBounded } from '../../infra/bounds/file.ts';
import { AUTHS, type Auth, type Interface } from '../../infra/definition/interface/types.ts';
import { messageOf, UsageError } from '../../infra/errors.ts';
import { calledWith } from '../../infra/invocation.ts';
import type { Target } from '../../infra/targets/target.ts';
import { readYaml } from '../../infra/yaml.ts';
import { type Catalogue, clauseNamed } from './catalogue.ts';
import type { PlannedScenario } from './plan.ts';
import type { Results } from './results.ts';
import { targetInWords } from './verdict.ts';

/** A known departure of a target from the contract. Its scenarios are executed like all others. */
export interface Divergence {
  /** Exactly one of the two: every failing scenario of a clause, or one scenario by its id. */
  readonly clause?: string;
  readonly scenario?: string;
  /** Set if the divergence only occurs with methods with this authentication. */
  readonly auth?: Auth;
  readonly reason: string;
  /** A link to a report or to facts, or a command that shows it. */
  readonly link: string;
  /** The last day on which it applies: `YYYY-MM-DD`. */
  readonly expires: string;
}

/** Products whose lists also apply at `--endpoint`, and the versions that they apply to. */
const PRODUCTS = [{ list: 'localstack', name: 'LocalStack', versions: /^4\./ }] as const;

/** The name of a target's list: the product that answers at the endpoint, else the kind of target. */
export function listOf({ kind, name, version }: Pick<Target, 'kind' | 'name' | 'version'>): string {
  if (kind !== 'endpoint') return kind;
  return PRODUCTS.find((known) => known.name === name && known.versions.test(version))?.list ?? kind;
}

/**
 * What a run tells of a product that it found at an endpoint: whether the suite's list for it applies.
 * @returns undefined for a product that has no list.
 */
export function listNote({
  kind,
  name,
  version,
}: Pick<Target, 'kind' | 'name' | 'version'>): string | undefined {
  const known = kind === 'endpoint' ? PRODUCTS.find((one) => one.name === name) : undefined;
  if (known === undefined) return undefined;
  const list = `the suite's list for --target ${known.list}`;
  return known.versions.test(version)
    ? `known divergences come from ${list}`
    : `${list} is of other versions of ${name}, so no divergences are known; --divergences FILE gives some`;
}

/** Where the divergences of a run come from: `LocalStack 4.14.0, by the suite's list for --target localstack`. */
export function originOf({ target, options = [] }: Pick<Results, 'target' | 'options'>): string {
  const given = options[options.indexOf('--divergences') + 1];
  const list = options.includes('--divergences') ? given : `the suite's list for --target ${listOf(target)}`;
  return `${targetInWords(target)}, by ${list}`;
}

const KEYS = ['clause', 'scenario', 'auth', 'reason', 'link', 'expires'];

/**
 * Reads a divergence file: `divergences:` with a list of entries.
 * @param scenarioIds all existing scenarios.
 * @throws UsageError if the file is unreadable, or an entry is unknown, incomplete or listed twice.
 */
export function loadDivergences(
  file: string,
  catalogue: Catalogue,
  scenarioIds: ReadonlySet<string>,
): Divergence[] {
  let content: unknown;
  try {
    content = readYaml(readFileBounded(file, MAX_SOURCE_BYTES).toString('utf8'));
  } catch (error) {
    throw new UsageError(`the divergence file ${file} cannot be read: ${messageOf(error)}`);
  }
  const isMapping = typeof content === 'object' && content !== null && !Array.isArray(content);
  const unknown = isMapping && Object.keys(content as object).find((key) => key !== 'divergences');
  const rows = (content as { divergences?: unknown } | null)?.divergences;
  if (!isMapping || unknown || !Array.isArray(rows))
    throw new UsageError(
      `the divergence file ${file} has to hold one list under "divergences:"${unknown ? `, not ${unknown}` : ''}`,
    );
  const seen = new Set<string>();
  return rows.map((row, index) => {
    const where = `the divergence file ${file}, entry ${index + 1}`;
    const entry = readEntry(row, where);
    if (entry.clause !== undefined) clauseNamed(entry.clause, catalogue, `${where}: the clause`);
    if (entry.scenario !== undefined && !scenarioIds.has(entry.scenario))
      throw new UsageError(
        `${where}: the scenario "${entry.scenario}" is unknown; ${calledWith('clauses list')} --scenarios lists them`,
      );
    const subject = entry.clause ?? (entry.scenario as string);
    if (seen.has(subject)) throw new UsageError(`${where}: ${subject} is listed twice`);
    seen.add(subject);
    return entry;
  });
}

/**
 * The entries that apply to an API. A divergence of signed methods does not apply to an API without signed methods.
 * @param offered what the API offers; undefined if unknown.
 */
export function concerning(
  divergences: readonly Divergence[],
  scenarios: readonly Pick<PlannedScenario, 'id' | 'calls'>[],
  offered: Interface | undefined,
): Divergence[] {
  const actions = new Map(scenarios.map(({ id, calls }) => [id, calls]));
  return divergences.filter(({ auth, scenario }) => {
    if (auth === undefined) return true;
    const about = actions.get(scenario ?? '') ?? [];
    const calls = (offered?.calls ?? []).filter(({ action }) => about.length === 0 || about.includes(action));
    return calls.length > 0 && calls.every((call) => call.auth === auth);
  });
}

function readEntry(row: unknown, where: string): Divergence {
  const given = (typeof row === 'object' && row !== null ? row : {}) as Record<string, unknown>;
  const unknown = Object.keys(given).find((key) => !KEYS.includes(key));
  if (unknown) throw new UsageError(`${where}: the key ${unknown} is unknown; known are ${KEYS.join(', ')}`);
  if ((given.clause === undefined) === (given.scenario === undefined))
    throw new UsageError(`${where}: it names either a clause or a scenario`);
  for (const key of ['reason', 'link'])
    if (typeof given[key] !== 'string' || given[key].trim() === '')
      throw new UsageError(`${where}: it gives no ${key}`);
  const auth = AUTHS.find((known) => known === given.auth);
  if (given.auth !== undefined && auth === undefined)
    throw new UsageError(`${where}: auth has to be one of ${AUTHS.join(', ')}`);
  const expires = String(given.expires ?? '');
  if (!isDate(expires)) throw new UsageError(`${where}: expires has to be a date such as 2027-01-31`);
  return {
    ...(given.clause === undefined ? {} : { clause: String(given.clause) }),
    ...(given.scenario === undefined ? {} : { scenario: String(given.scenario) }),
    ...(auth && { auth }),
    reason: String(given.reason).trim().replace(/\s+/g, ' '),
    link: String(given.link).trim(),
    expires,
  };
}

function isDate(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return (
    /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
  );
}
