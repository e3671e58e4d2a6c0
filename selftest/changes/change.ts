import type { EmbeddedOptions, Middleware } from '../../infra/embedded/embedded-aws.ts';
import type { Alterations } from '../../infra/provision/provision.ts';
import type { Document } from './definition.ts';
import type { Base, Stack } from './stack.ts';

/** How a trial differs from the proxy under test on a correct AWS; every part is optional. */
export interface Change {
  /** A pure function from the given definition to the one that is deployed. */
  readonly definition?: (tutorial: Document) => Document;
  /** The same for a base of level production. */
  readonly stack?: (base: Stack) => object;
  /** Execution roles, and what is done to the API after it was deployed. */
  readonly deployment?: Alterations;
  /** Middleware in front of Kinesis, or of the port; created for each run, so that it may keep state. */
  readonly middleware?: () => Middleware;
  /** A separate embedded AWS, for settings that are fixed at its start. */
  readonly aws?: Pick<EmbeddedOptions, 'region' | 'accountId' | 'createMillis' | 'deleteMillis'>;
  /** Environment variables of the run, such as shorter waits. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A change that breaks the proxy. */
export interface Mutant {
  readonly name: string;
  /** One sentence: how this mistake happens, or what it causes. */
  readonly why: string;
  /** Every one of these clauses has to fail. */
  readonly clauses: readonly string[];
  /** The base that is changed, at level production; without it, the tutorial's API is changed. */
  readonly base?: Base;
  /** API Gateway's message where it rejects the defect: the run has to end with it, without judging a clause. */
  readonly refused?: string;
  readonly change: Change;
}

/** A Kinesis that is broken behind a sound proxy. */
export interface Fault {
  readonly name: string;
  readonly why: string;
  /** The clauses that have to fail, or `target failure` where the run has to end with one. */
  readonly expect: { readonly clauses: readonly string[] } | 'target failure';
  /** The clauses whose scenarios run where a target failure is expected. */
  readonly tried?: readonly string[];
  readonly change: Change;
}

/**
 * A difference that AWS allows: all core and extended clauses have to pass, and all of production where it has a base.
 */
export interface Variant {
  readonly name: string;
  readonly why: string;
  readonly base?: Base;
  readonly change: Change;
}

/** Combines two changes; where only one can apply, the later one wins. */
export function combine(before: Change, after: Change): Change {
  const [first, second] = [before.definition, after.definition];
  const [one, other] = [before.stack, after.stack];
  return {
    ...before,
    ...after,
    ...(first && second && { definition: (tutorial: Document) => second(first(tutorial)) }),
    ...(one && other && { stack: (base: Stack) => other(one(base) as Stack) }),
  };
}
