import type { EmbeddedOptions, Interposers } from '../../infra/embedded/embedded-aws.ts';
import type { Alterations } from '../../infra/provision/provision.ts';
import type { Document } from './definition.ts';

/** What is different from the tutorial's API on a sound AWS; each part may be absent. */
export interface Change {
  /** A pure function: the definition that is deployed instead of the given one. */
  readonly definition?: (tutorial: Document) => Document;
  /** Execution roles, and what is done to the API after it was deployed. */
  readonly deployment?: Alterations;
  /** What stands before Kinesis, or before the port; made anew for each run, so that it may have a memory. */
  readonly interpose?: () => Interposers;
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

/** A difference that AWS allows: every core and extended clause has to hold. */
export interface Variant {
  readonly name: string;
  readonly why: string;
  readonly change: Change;
}

/** Two changes as one; of what only one can give, the later wins. */
export function together(before: Change, after: Change): Change {
  const [first, second] = [before.definition, after.definition];
  return {
    ...before,
    ...after,
    ...(first && second && { definition: (tutorial: Document) => second(first(tutorial)) }),
  };
}
