import { UsageError } from '../../infra/errors.ts';
import { type Catalogue, clauseNamed } from './catalogue.ts';

/** A clause that the user excludes from a run. */
export interface Exclusion {
  readonly clause: string;
  readonly reason: string;
}

/** @throws UsageError for an exclusion without a clause or a reason, and if a clause is excluded twice. */
export function exclusionsOf(given: readonly string[]): Exclusion[] {
  const exclusions = given.map((text) => {
    const at = text.indexOf('=');
    const clause = (at < 0 ? text : text.slice(0, at)).trim();
    const reason =
      at < 0
        ? ''
        : text
            .slice(at + 1)
            .trim()
            .replace(/\s+/g, ' ');
    if (clause === '' || reason === '')
      throw new UsageError(
        `--exclude ${text} gives no reason; it takes CLAUSE=REASON, such as --exclude "SAFE-14=internal network only"`,
      );
    return { clause, reason };
  });
  const twice = exclusions.find(({ clause }, at) =>
    exclusions.slice(0, at).some((other) => other.clause === clause),
  );
  if (twice) throw new UsageError(`--exclude ${twice.clause} is given twice; give it once`);
  return exclusions;
}

/**
 * The exclusions that apply to a run's clauses.
 * @throws UsageError for a clause that the catalogue does not have, or that the user also selects.
 */
export function exclusionsAmong(
  exclusions: readonly Exclusion[],
  wanted: {
    readonly catalogue: Catalogue;
    readonly ids: ReadonlySet<string>;
    readonly named: readonly string[];
  },
): Exclusion[] {
  for (const { clause } of exclusions) {
    clauseNamed(clause, wanted.catalogue, '--exclude');
    if (wanted.named.includes(clause))
      throw new UsageError(`--clause and --exclude both name ${clause}; leave one out`);
  }
  return exclusions.filter(({ clause }) => wanted.ids.has(clause));
}

/** A verdict in words. With exclusions, the best verdict is `conformant with exclusions`. */
export function verdictInWords({
  verdict,
  exclusions = [],
}: {
  readonly verdict: string;
  readonly exclusions?: readonly Exclusion[];
}): string {
  return verdict === 'conformant' && exclusions.length > 0 ? 'conformant with exclusions' : verdict;
}

/** `SAFE-14 (internal network only), …`. */
export function listed(exclusions: readonly Exclusion[]): string {
  return exclusions.map(({ clause, reason }) => `${clause} (${reason})`).join(', ');
}
