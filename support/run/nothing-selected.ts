import { called, calledWith } from '../../infra/invocation.ts';
import type { Level } from './options.ts';

/** How many of the catalogue's scenarios each part of a selection leaves, and what the user asked for. */
export interface Sieve {
  readonly description: string;
  /** The clauses that were asked for. */
  readonly asked: readonly string[];
  /** Levels of the clauses that the scenarios decide which `--tags`, `--name` and places match. */
  readonly matchedLevels: readonly Level[];
  /** Whether the user named clauses. */
  readonly namesClauses: boolean;
  readonly levels: readonly Level[];
  /** Whether scenarios of the wanted clauses match, which do not apply to the API. */
  readonly isInapplicable: boolean;
}

/** Why a selection matched no scenario, and what to do about it, in one line. */
export function nothingSelected(sieve: Sieve): string {
  const { asked, matchedLevels, namesClauses, levels, description, isInapplicable } = sieve;
  if (isInapplicable)
    return `nothing selected applies to this API, which offers none of the calls that ${namesClauses ? `${asked.join(', ')} ${asked.length === 1 ? 'needs' : 'need'}` : 'the scenarios need'}; ${calledWith('inspect')} FILE shows what it offers`;
  const others = matchedLevels.filter((level) => !levels.includes(level));
  if (!namesClauses && others.length > 0)
    return `what matches is of level ${others.join(' and ')}, and the run judges ${levels.join(' and ')}; add --level ${others[0]}`;
  return `no scenario matches ${description}; ${calledWith('clauses list')} --scenarios shows them, ${called('clauses list')} the clauses`;
}
