import type { ThingKind } from '../provision/journal.ts';
import { FIRST_TIME, RUN_TAG, runInName, runInTags, type Tags } from '../provision/tags.ts';
import type { JournalContent, Pending } from './read-journal.ts';

/** Something that is in the account now, and what it tells of itself. */
export interface Found {
  readonly kind: ThingKind;
  /** What it is deleted by: the id that API Gateway gave it, and the name of anything else. */
  readonly id: string;
  /** Not unique where API Gateway gave an id; otherwise the same as `id`. */
  readonly name: string;
  readonly tags: Tags;
  /** By the target's clock, in milliseconds since the epoch. */
  readonly createdAt: number | undefined;
  /** What a REST API's description says of who made it. */
  readonly label?: string | undefined;
  /** A list names it, and the credentials may not look at it. */
  readonly isHidden?: boolean;
}

/** Whether it may be deleted, and why or why not. */
export interface Finding extends Found {
  readonly runId: string | undefined;
  readonly ours: boolean;
  readonly because: string;
}

/** AWS's times are whole seconds in places, and the clocks were compared by such a one: milliseconds. */
const BEFORE = 10_000;
/** A call that was under way when the run died may still take effect: 29 s of an integration, and retries. */
const AFTER = 60_000;

/** What no call makes without its tags. */
const ALWAYS_TAGGED: ReadonlySet<ThingKind> = new Set(['role', 'user', 'usage-plan', 'api-key']);

const HIDDEN = 'these credentials may not look at it';

/** Beyond it two clocks prove nothing of what came when: milliseconds. */
export const MAX_SKEW = 10 * 60_000;

/**
 * Decides by a run's own journal. The run's tag is proof together with the run's prefix; without a tag, only what the
 * journal says was about to be made, is not known to have had tags, and came to be while the run could make it. What a
 * journal says of an id is never proof: the API that has it has to bear the run's prefix or tag.
 */
export function proveByJournal(found: Found, record: JournalContent): Finding {
  const { runId } = record.head;
  const answer = (ours: boolean, because: string): Finding => ({ ...found, runId, ours, because });
  if (found.isHidden) return answer(false, HIDDEN);
  const entry = entryOf(found, record);
  const tag = found.tags[RUN_TAG];
  const isNamed =
    namedBy(found) === runId || (found.kind === 'rest-api' && entry?.id === found.id && tag === runId);
  if (!isNamed) return answer(false, 'nothing in it names the run');
  if (tag === runId) return answer(true, 'its tag and its name are of the run');
  if (tag !== undefined) return answer(false, 'its tag names another run');
  if (ALWAYS_TAGGED.has(found.kind))
    return answer(false, 'it lacks the tag that the run gives it when it makes it');
  if (entry?.tagged) return answer(false, 'it lacks the tag that the run had given it, so it is another one');
  if (entry !== undefined && !entry.mayLackTags)
    return answer(false, 'it lacks the tag that the run gives when it makes it');
  if (Math.abs(record.head.skewMs) > MAX_SKEW)
    return answer(
      false,
      "it lacks the run's tag, and the clocks were too far apart to tell when it was made",
    );
  if (!isWithin(found.createdAt, entry?.intendedAt ?? Date.parse(record.head.startedAt), record))
    return answer(false, 'it was not made while the run could have made it');
  return answer(true, 'the run was about to make it, and it came to be then');
}

/**
 * Decides without a journal: prefix, tag and age, all three.
 * @param options.now by the target's clock; undefined where it is not known well enough for an age.
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
    return answer(
      false,
      RUN_TAG in found.tags ? 'its tags are not of this suite' : 'it carries no tag of a run',
    );
  if (named !== tagged.runId)
    return answer(
      false,
      found.kind === 'rest-api'
        ? 'its description does not name the run in its tag'
        : 'its name is not of the run in its tag',
    );
  // Tags can be copied to something older or younger; the service's own time cannot.
  const created = Math.max(tagged.created, found.createdAt ?? tagged.created);
  if (options.now === undefined) return answer(false, 'its age is not known');
  const age = options.now - created;
  if (!Number.isFinite(age)) return answer(false, 'its time is none');
  if (age < options.olderThan) return answer(false, `it is ${spell(age)} old, and its run may still go on`);
  return answer(true, `its tag and its name agree, and it is ${spell(age)} old`);
}

/** A span such as `3 h`. */
export function spell(milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
  if (minutes < 60) return `${minutes} min`;
  return minutes < 2880 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} days`;
}

/** What the journal says of it; of a REST API whose answer got lost, what it says of one that has no id yet. */
function entryOf(found: Found, { pending }: JournalContent): Pending | undefined {
  const entries = pending.filter(({ kind }) => kind === found.kind);
  if (found.kind !== 'rest-api') return entries.find(({ name }) => name === found.name);
  const lost = entries.filter(({ id }) => id === undefined);
  return entries.find(({ id }) => id === found.id) ?? lost.find(({ mayLackTags }) => mayLackTags) ?? lost[0];
}

/** A REST API has the name that its definition gives it; the run is in its description. */
function namedBy({ kind, name, label }: Found): string | undefined {
  return runInName(kind === 'rest-api' ? (label ?? '') : name);
}

function isWithin(createdAt: number | undefined, since: number, { head, lastAt }: JournalContent): boolean {
  if (createdAt === undefined) return false;
  const local = createdAt - head.skewMs;
  return since >= FIRST_TIME && local >= since - BEFORE && local <= lastAt + AFTER;
}
