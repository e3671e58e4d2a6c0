import type { EmbeddedOptions, Middleware } from '../../infra/embedded/embedded-aws.ts';
import type { Alterations } from '../../infra/provision/provision.ts';
import type { Document } from './definition.ts';
import type { Base, Stack } from './stack.ts';

/** What is different from the API that is tried, on a sound AWS; each part may be absent. */
export interface Change {
  /** A pure function: the definition that is deployed instead of the given one. */
  readonly definition?: (tutorial: Document) => Document;
  /** The same for a base of level production. */
  readonly stack?: (base: Stack) => object;
  /** Execution roles, and what is done to the API after it was deployed. */
  readonly deployment?: Alterations;
  /** What stands before Kinesis, or before the port; made anew for each run, so that it may have a memory. */
  readonly middleware?: () => Middleware;
  /** An AWS of its own, for what is fixed when it starts. */
  readonly aws?: Pick<EmbeddedOptions, 'region' | 'accountId' | 'createMillis' | 'deleteMillis'>;
  /** Variables that the run is to see, such as shorter waits. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A change that breaks the proxy. */
export interface Mutant {
  readonly name: string;
  /** Who would make this mistake, or what it costs: one sentence. */
  readonly why: string;
  /** Each of these clauses has to fail. */
  readonly clauses: readonly string[];
  /** What is changed, at level production; the tutorial's API otherwise. */
  readonly base?: Base;
  /** What API Gateway says when it refuses the defect itself: the run has to end with it, and no clause is judged. */
  readonly refused?: string;
  readonly change: Change;
}

/** A Kinesis that is broken behind a sound proxy. */
export interface Fault {
  readonly name: string;
  readonly why: string;
  /** The clauses that have to fail, or that the run has to end as a failure of the target. */
  readonly expect: { readonly clauses: readonly string[] } | 'target failure';
  /** The clauses whose scenarios are tried where a target failure is expected. */
  readonly tried?: readonly string[];
  readonly change: Change;
}

/** A difference that AWS allows: every core and extended clause has to hold, or every one of production where it has a base. */
export interface Variant {
  readonly name: string;
  readonly why: string;
  readonly base?: Base;
  readonly change: Change;
}

/** Two changes as one; of what only one can give, the later wins. */
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
