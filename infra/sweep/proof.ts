import type { ThingKind } from '../provision/journal.ts';
import { FIRST_TIME, RUN_TAG, runInName, runInTags, type Tags } from '../provision/tags.ts';
import type { JournalContent, Pending } from './read-journal.ts';

/** Something that exists in the account, with its own description. */
export interface Found {
  readonly kind: ThingKind;
  /** What identifies it for deletion: an id from API Gateway, or else the name. */
  readonly id: string;
  /** Not unique for things with an id from API Gateway; otherwise the same as `id`. */
  readonly name: string;
  readonly tags: Tags;
  /** By the target's clock, in milliseconds since the epoch. */
  readonly createdAt: number | undefined;
  /** The label in a REST API's description, which says who created it. */
  readonly label?: string | undefined;
  /** A list contains it, but the credentials may not read it. */
  readonly isHidden?: boolean;
}

/** Whether it may be deleted, and why or why not. */
export interface Finding extends Found {
  readonly runId: string | undefined;
  readonly ours: boolean;
  readonly because: string;
}

/** Tolerance in milliseconds, since AWS gives some times in whole seconds, also those for comparing the clocks. */
const BEFORE = 10_000;
/** How long calls of a dead run may still take effect, in milliseconds: 29 s for an integration, and retries. */
const AFTER = 60_000;

/** Kinds that are always created with their tags. */
const ALWAYS_TAGGED: ReadonlySet<ThingKind> = new Set(['role', 'user', 'usage-plan', 'api-key']);

const HIDDEN = 'these credentials may not read it';

/** If two clocks differ by more, times prove nothing: milliseconds. */
export const MAX_SKEW = 10 * 60_000;

/**
 * Decides by a run's journal. The run's tag together with its prefix is proof. An untagged thing is the run's only if
 * the journal says that the run was about to create it, it is not known to have had tags, and its creation time fits.
 * An id in a journal is never proof: the API must have the run's prefix or tag.
 */
export function proveByJournal(found: Found, record: JournalContent): Finding {
  const { runId } = record.head;
  const answer = (ours: boolean, because: string): Finding => ({ ...found, runId, ours, because });
  if (found.isHidden) return answer(false, HIDDEN);
  const entry = entryOf(found, record);
  const tag = found.tags[RUN_TAG];
  const isNamed =
    namedBy(found) === runId || (found.kind === 'rest-api' && entry?.id === found.id && tag === runId);
  if (!isNamed)
    return answer(
      false,
      `its ${found.kind === 'rest-api' ? 'description' : 'name'} does not contain the run id`,
    );
  if (tag === runId) return answer(true, "its tag and its name are the run's");
  if (tag !== undefined) return answer(false, 'its tag names another run');
  if (ALWAYS_TAGGED.has(found.kind)) return answer(false, 'it lacks the tag that the run sets on creation');
  if (entry?.tagged) return answer(false, 'it lacks the tag that the run had set, so it is another thing');
  if (entry !== undefined && !entry.mayLackTags)
    return answer(false, 'it lacks the tag that the run sets on creation');
  if (Math.abs(record.head.skewMs) > MAX_SKEW)
    return answer(
      false,
      "it lacks the run's tag, and the clocks differ too much to tell when it was created",
    );
  if (!isWithin(found.createdAt, entry?.intendedAt ?? Date.parse(record.head.startedAt), record))
    return answer(false, 'it was not created during the run');
  return answer(true, 'the run was about to create it, and it was created then');
}

/**
 * Decides without a journal: prefix, tag and age must all fit.
 * @param options.now by the target's clock; undefined if that is not known precisely enough.
 */
export function proveByTags(found: Found, options: { now: number | undefined; olderThan: number }): Finding {
  const tagged = runInTags(found.tags);
  const named = namedBy(found);
  const answer = (ours: boolean, because: string): Finding => ({
    ...found,
    runId: tagged?.runId ?? named,
    ours,
    because,
  });
  if (found.isHidden) return answer(false, HIDDEN);
  if (tagged === undefined)
    return answer(false, RUN_TAG in found.tags ? "its tags are not this suite's" : 'it has no tag of a run');
  if (named !== tagged.runId)
    return answer(
      false,
      found.kind === 'rest-api'
        ? 'its description does not contain the run id of its tag'
        : 'its name does not contain the run id of its tag',
    );
  // Tags can be copied to other things, so use the service's own creation time too.
  const created = Math.max(tagged.created, found.createdAt ?? tagged.created);
  if (options.now === undefined) return answer(false, 'its age is unknown');
  const age = options.now - created;
  if (!Number.isFinite(age)) return answer(false, 'its creation time is invalid');
  if (age < options.olderThan)
    return answer(false, `it is ${spell(age)} old, and its run may still be in progress`);
  return answer(true, `its tag and its name agree, and it is ${spell(age)} old`);
}

/** Formats a duration, such as `3 h`. */
export function spell(milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
  if (minutes < 60) return `${minutes} min`;
  return minutes < 2880 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} days`;
}

/** The journal's entry for a thing; for a REST API whose answer got lost, the entry without an id. */
function entryOf(found: Found, { pending }: JournalContent): Pending | undefined {
  const entries = pending.filter(({ kind }) => kind === found.kind);
  if (found.kind !== 'rest-api') return entries.find(({ name }) => name === found.name);
  const lost = entries.filter(({ id }) => id === undefined);
  return entries.find(({ id }) => id === found.id) ?? lost.find(({ mayLackTags }) => mayLackTags) ?? lost[0];
}

/** The name with the run's prefix. A REST API is named by its definition, so its description has it. */
function namedBy({ kind, name, label }: Found): string | undefined {
  return runInName(kind === 'rest-api' ? (label ?? '') : name);
}

function isWithin(createdAt: number | undefined, since: number, { head, lastAt }: JournalContent): boolean {
  if (createdAt === undefined) return false;
  const local = createdAt - head.skewMs;
  return since >= FIRST_TIME && local >= since - BEFORE && local <= lastAt + AFTER;
}
