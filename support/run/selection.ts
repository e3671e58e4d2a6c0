import parseTagExpression from '@cucumber/tag-expressions';
import { hasTutorialShape } from '../../infra/definition/interface/classify.ts';
import { type Feature, mayHave } from '../../infra/definition/interface/offers.ts';
import type { Interface } from '../../infra/definition/interface/types.ts';
import { messageOf, UsageError } from '../../infra/errors.ts';
import { called } from '../../infra/invocation.ts';
import { type Catalogue, type Clause, clauseNamed } from './catalogue.ts';
import { type Durations, durationsOfRun, estimate, recordedDurations } from './durations.ts';
import { type Exclusion, exclusionsAmong } from './exclusions.ts';
import { nothingSelected } from './nothing-selected.ts';
import type { Level, RunOptions } from './options.ts';
import { isKnownTag, type PlannedScenario } from './plan.ts';
import { type Shard, shardOf } from './shard.ts';
import { ROOT } from './suite.ts';

/** A scenario of a run, which may be one shard of several. */
export interface SelectedScenario extends PlannedScenario {
  /** Its clauses that scenarios of other shards decide as well; absent without shards. */
  readonly sharedClauses?: readonly string[];
}

/** What a run covers: the scenarios to execute and the clauses that its verdict is about. */
export interface Selection {
  readonly scenarios: readonly SelectedScenario[];
  /** In a shard those that its scenarios decide, and in the first one those that no scenario decides. */
  readonly clauses: readonly Clause[];
  /** Ids of those among the clauses whose calls the API does not offer. */
  readonly notApplicable: ReadonlySet<string>;
  /** The excluded clauses that would otherwise be selected. */
  readonly exclusions: readonly Exclusion[];
  readonly levels: readonly Level[];
  /** False if the user selected only some clauses of the levels, or some of their scenarios. */
  readonly complete: boolean;
  /** The number of scenarios before splitting into shards. */
  readonly size: number;
  /** Why nothing was selected, and what to do; absent where something was. */
  readonly nothing?: string;
  /** For people: `core and extended`, `core, tags @PUT-3, shard 1/4`. */
  readonly description: string;
}

type SelectionOptions = Pick<
  RunOptions,
  'level' | 'tags' | 'name' | 'clause' | 'exclude' | 'only' | 'shard' | 'durations' | 'definition' | 'target'
>;

/**
 * @param offered what the API offers, if known.
 * @param lacking the features of the API as a whole that it lacks, if known.
 * @throws UsageError for an unknown clause or tag, a malformed expression, unreadable durations, or more shards than
 * scenarios. Valid options that match nothing give an empty selection, which a run reports as an error.
 */
export function select(
  options: SelectionOptions,
  catalogue: Catalogue,
  everything: readonly PlannedScenario[],
  offered: Interface | undefined,
  lacking: readonly Feature[] = [],
): Selection {
  const levels = levelsOf(options, offered);
  const all = everything.filter(
    (scenario) =>
      !scenario.features.some((feature) => lacking.includes(feature)) &&
      (offered === undefined || applies(scenario, offered)),
  );
  const asked = wantedClauses(options, catalogue, levels);
  const exclusions = exclusionsAmong(options.exclude, {
    catalogue,
    ids: new Set(asked.map(({ id }) => id)),
    named: options.clause,
  });
  const wanted = asked.filter(({ id }) => !exclusions.some(({ clause }) => clause === id));
  const wantedIds = new Set(wanted.map(({ id }) => id));
  const { only } = options;
  const matches = [
    tagMatcher(options.tags, catalogue),
    nameMatcher(options.name),
    ({ id }: PlannedScenario) => only?.ids.has(id) ?? true,
  ];
  const isMatch = (scenario: PlannedScenario) => matches.every((match) => match(scenario));
  const isWanted = ({ clauses }: PlannedScenario) => clauses.some((id) => wantedIds.has(id));
  const chosen = all.filter((scenario) => isWanted(scenario) && isMatch(scenario));
  const filtered = options.tags !== undefined || options.name.length > 0 || only !== undefined;
  const decided = new Set(chosen.flatMap(({ clauses }) => clauses));
  const clauses = filtered ? wanted.filter(({ id }) => decided.has(id)) : wanted;
  const description = describe(options, levels, exclusions);
  const sieve = () => {
    const matching = everything.filter(isMatch);
    const matchedIds = new Set(matching.flatMap((scenario) => scenario.clauses));
    return {
      description,
      asked: asked.map(({ id }) => id),
      matchedLevels: [
        ...new Set(catalogue.clauses.filter(({ id }) => matchedIds.has(id)).map(({ level }) => level)),
      ],
      namesClauses: options.clause.length > 0,
      levels,
      isInapplicable: matching.some(isWanted),
    };
  };
  return {
    ...(chosen.length === 0 && { nothing: nothingSelected(sieve()) }),
    ...(options.shard ? ofShard(options.shard, clauses, chosen, options) : { scenarios: chosen, clauses }),
    notApplicable: new Set(without(everything, all)),
    exclusions,
    levels,
    complete: !filtered && options.clause.length === 0 && !options.shard && exclusions.length === 0,
    size: chosen.length,
    description,
  };
}

/** Whether an API offers what a scenario calls. */
function applies({ calls, features }: PlannedScenario, offered: Interface): boolean {
  return calls.every((action) =>
    offered.calls.some(
      (call) => call.action === action && features.every((feature) => mayHave(call, feature)),
    ),
  );
}

/** The clauses whose scenarios all do not apply. */
function without(everything: readonly PlannedScenario[], all: readonly PlannedScenario[]): string[] {
  const left = new Set(all.flatMap(({ clauses }) => clauses));
  return everything.flatMap(({ clauses }) => clauses).filter((id) => !left.has(id));
}

function ofShard(
  shard: Shard,
  clauses: readonly Clause[],
  chosen: readonly PlannedScenario[],
  options: SelectionOptions,
): Pick<Selection, 'scenarios' | 'clauses'> {
  const own = shardOf(chosen, shard, estimate(durationsFor(options, chosen)));
  const idsOf = (scenarios: readonly PlannedScenario[]) =>
    new Set(scenarios.flatMap((scenario) => scenario.clauses));
  const [here, elsewhere] = [idsOf(own), idsOf(chosen.filter((scenario) => !own.includes(scenario)))];
  return {
    scenarios: own.map((scenario) => ({
      ...scenario,
      sharedClauses: scenario.clauses.filter((id) => elsewhere.has(id)),
    })),
    // A clause without any scenario is in one shard, so that it stays open in the merged run.
    clauses: clauses.filter(({ id }) => here.has(id) || (shard.index === 1 && !elsewhere.has(id))),
  };
}

function durationsFor(
  { target, durations }: SelectionOptions,
  chosen: readonly PlannedScenario[],
): Durations {
  if (durations === undefined) return recordedDurations(ROOT, target);
  const given = durationsOfRun(durations);
  if (chosen.length > 0 && !chosen.some(({ id }) => id in given))
    throw new UsageError(
      `--durations ${durations} has none of the selected scenarios; give a run that executed them`,
    );
  return given;
}

/**
 * The levels that an API is judged by (design.md, Interface). `all` means every applicable level: core and extended
 * for the tutorial's shape, production for any other. Production contradicts the tutorial, whose errors have status
 * 200.
 */
function levelsOf(
  { level, definition, target }: SelectionOptions,
  offered: Interface | undefined,
): readonly Level[] {
  if (level !== undefined && level !== 'all') return [level];
  // For a deployed API, the definition only says what the API offers.
  const isUrl = target === 'url';
  if (definition === 'hardened') return ['production'];
  if (offered !== undefined && !hasTutorialShape(offered)) return ['production'];
  return isUrl || definition === 'tutorial' || level === 'all' ? ['core', 'extended'] : ['core'];
}

function wantedClauses(
  options: SelectionOptions,
  catalogue: Catalogue,
  levels: readonly Level[],
): readonly Clause[] {
  if (options.clause.length === 0) return catalogue.clauses.filter(({ level }) => levels.includes(level));
  return [...new Set(options.clause)].map((id) => clauseNamed(id, catalogue, '--clause'));
}

function tagMatcher(
  expression: string | undefined,
  catalogue: Catalogue,
): (scenario: PlannedScenario) => boolean {
  if (expression === undefined) return () => true;
  for (const [tag] of expression.matchAll(/@[^\s()]+/g)) {
    const clauseLike = /^@[A-Z]+-\d/.test(tag);
    if (!isKnownTag(tag) || (clauseLike && !catalogue.get(tag.slice(1))))
      throw new UsageError(
        `--tags ${expression}: the tag ${tag} is unknown; ${called('clauses list')} shows the tags`,
      );
  }
  try {
    const node = parseTagExpression(expression);
    return ({ tags }) => node.evaluate([...tags]);
  } catch (error) {
    throw new UsageError(`--tags ${expression} is not a valid tag expression: ${messageOf(error)}`);
  }
}

function nameMatcher(patterns: readonly string[]): (scenario: PlannedScenario) => boolean {
  if (patterns.length === 0) return () => true;
  const expressions = patterns.map((pattern) => {
    try {
      return new RegExp(pattern);
    } catch (error) {
      throw new UsageError(`--name ${pattern} is not a valid regular expression: ${messageOf(error)}`);
    }
  });
  return ({ name }) => expressions.some((expression) => expression.test(name));
}

function describe(
  options: SelectionOptions,
  levels: readonly Level[],
  exclusions: readonly Exclusion[],
): string {
  return [
    options.clause.length > 0 ? `clauses ${[...new Set(options.clause)].join(', ')}` : levels.join(' and '),
    options.tags && `tags ${options.tags}`,
    options.only?.because,
    options.name.length > 0 && `names ${options.name.join(', ')}`,
    exclusions.length > 0 && `without ${exclusions.map(({ clause }) => clause).join(', ')}`,
    options.shard && `shard ${options.shard.index}/${options.shard.count}`,
  ]
    .filter(Boolean)
    .join(', ');
}
