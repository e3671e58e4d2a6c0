import { DescribeStreamSummaryCommand } from '@aws-sdk/client-kinesis';
import { messageOf } from '../errors.ts';
import type { Clients } from '../provision/clients.ts';
import { THING_KINDS } from '../provision/journal.ts';
import { prefixOf, RUN_TAG, runInName } from '../provision/tags.ts';
import { isDenial } from '../provision/undo.ts';
import { now, sleep } from '../retry/clock.ts';
import {
  findRestApi,
  findRole,
  findStream,
  findUser,
  foundApiKeys,
  foundUsagePlans,
  listRestApis,
  roleNames,
  streamNames,
  userNames,
} from './inventory.ts';
import { type Finding, type Found, proveByJournal, proveByTags } from './proof.ts';
import type { JournalContent } from './read-journal.ts';
import { remove } from './remove.ts';

/** The prefix of all names of this suite. */
const SUITE = 'kpc-';
/** How often to look again for late creations, and the pause between two looks in milliseconds. */
const PASSES = 5;
const BETWEEN = 2_000;
/**
 * In milliseconds, as in the SDK's own waiter (docs/facts/kinesis.md#streams). One call per second is within the limits
 * (docs/facts/kinesis.md#limits).
 */
const GONE_WITHIN = 180_000;
const GONE_LOOK = 1_000;

/** Finds a run's things in the account, each with the reason why it may be deleted or not. */
export async function findOfRun(clients: Clients, record: JournalContent): Promise<Finding[]> {
  const { head, pending, kinds } = record;
  const prefix = prefixOf(head.runId);
  const names = (kind: Found['kind']) =>
    pending.filter((entry) => entry.kind === kind).map(({ name }) => name);
  const found: (Found | undefined)[] = [];
  // A list may lack new streams, so ask for each name too.
  for (const name of new Set([...names('stream'), ...(await streamNames(clients, prefix))]))
    found.push(await findStream(clients, name));
  for (const name of new Set(names('role'))) found.push(await findRole(clients, name));
  for (const name of new Set(names('user'))) found.push(await findUser(clients, name));
  const listed = await listRestApis(clients);
  const ids = new Set(pending.map(({ kind, id }) => (kind === 'rest-api' ? id : undefined)));
  found.push(
    ...listed.filter(
      ({ id, label, tags }) => ids.has(id) || [runInName(label ?? ''), tags[RUN_TAG]].includes(head.runId),
    ),
  );
  for (const id of ids)
    if (id !== undefined && !listed.some((one) => one.id === id)) found.push(await findRestApi(clients, id));
  // List these only if the journal has any: most runs create none, and their credentials may not list them.
  const gatewayLists = [
    ...(kinds.has('usage-plan') ? [foundUsagePlans] : []),
    ...(kinds.has('api-key') ? [foundApiKeys] : []),
  ];
  for (const list of gatewayLists)
    found.push(...(await list(clients)).filter(({ name }) => name.startsWith(prefix)));
  return found.filter((one) => one !== undefined).map((one) => proveByJournal(one, record));
}

/**
 * Finds everything with this suite's prefix or tag, from any machine.
 * @param options.now by the target's clock; undefined if that is unknown, so that nothing is deleted by its age.
 * @param options.run only things of this run.
 * @param options.except runs to skip: those that are still running, and those with a journal on this machine.
 */
export async function findAbandoned(
  clients: Clients,
  options: {
    olderThan: number;
    now: number | undefined;
    run: string | undefined;
    except: ReadonlySet<string>;
  },
): Promise<Finding[]> {
  const found: (Found | undefined)[] = [];
  for (const name of await streamNames(clients, SUITE)) found.push(await findStream(clients, name));
  for (const name of await roleNames(clients, SUITE)) found.push(await findRole(clients, name));
  for (const name of await userNames(clients, SUITE)) found.push(await findUser(clients, name));
  for (const list of [foundUsagePlans, foundApiKeys])
    found.push(...(await listIfAllowed(list, clients)).filter(isOfSuite));
  const apis = await listRestApis(clients);
  found.push(...apis.filter(isOfSuite));
  return found
    .filter((one) => one !== undefined)
    .map((one) => proveByTags(one, options))
    .filter(({ runId, name }) => {
      const run = runId ?? runInName(name);
      if (options.run !== undefined) return run === options.run;
      return run === undefined || !options.except.has(run);
    });
}

function isOfSuite({ name, label, tags }: Found): boolean {
  return RUN_TAG in tags || [name, label].some((text) => text?.startsWith(SUITE));
}

/**
 * Lists show the values of API keys, so a policy for runs that create none, such as that of infra/aws, may deny
 * listing. Such runs leave no keys.
 */
async function listIfAllowed(list: typeof foundApiKeys, clients: Clients): Promise<Found[]> {
  try {
    return await list(clients);
  } catch (error) {
    if (isDenial(error)) return [];
    throw error;
  }
}

export interface Removal {
  readonly finding: Finding;
  /** Undefined if it was deleted. */
  readonly problem?: string;
}

/** Deletes everything that was found to be ours; a failure does not stop the rest. */
export async function removeAll(
  clients: Clients,
  findings: readonly Finding[],
  onRemoval: (removal: Removal) => void = () => undefined,
): Promise<Removal[]> {
  const removals: Removal[] = [];
  // Streams first, since they cost most; usage plans before the stages that they belong to; APIs last, since AWS
  // deletes only one in half a minute.
  for (const kind of THING_KINDS)
    for (const finding of findings.filter((one) => one.kind === kind && one.ours)) {
      const removal = await remove(clients, finding).then(
        () => ({ finding }),
        (error: unknown) => ({ finding, problem: messageOf(error) }),
      );
      removals.push(removal);
      onRemoval(removal);
    }
  return removals;
}

/**
 * Deletes what is left of a run, and looks again until it finds nothing new, since a call that was in progress when the
 * run ended may take effect late.
 * @param options.mayComeLate whether a call could have been in progress.
 * @returns the removals that failed.
 */
export async function sweepRun(
  clients: Clients,
  record: JournalContent,
  options: {
    mayComeLate: boolean;
    onRemoval?: (removal: Removal) => void;
    /** Called for things that have the run's name but may not be deleted. */
    onLeftAlone?: (finding: Finding) => void;
  },
): Promise<Removal[]> {
  const failed = new Map<string, Removal>();
  for (let pass = 1; pass <= PASSES; pass++) {
    const findings = await findOfRun(clients, record);
    const fresh = findings.filter(({ ours, id }) => ours && !failed.has(id));
    for (const removal of await removeAll(clients, fresh, options.onRemoval))
      if (removal.problem !== undefined) failed.set(removal.finding.id, removal);
    if (!options.mayComeLate || (pass > 1 && fresh.length === 0)) {
      for (const finding of findings) if (!finding.ours) options.onLeftAlone?.(finding);
      break;
    }
    await sleep(BETWEEN);
  }
  return [...failed.values()];
}

/** Waits until deleted streams are gone. @returns the names of those that still exist after the time limit. */
export async function waitUntilGone({ kinesis }: Clients, names: readonly string[]): Promise<string[]> {
  const deadline = now() + GONE_WITHIN;
  let left = names;
  for (;;) {
    const there: string[] = [];
    for (const StreamName of left) {
      const isThere = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName })).then(
        () => true,
        (error: unknown) => !(error instanceof Error && error.name === 'ResourceNotFoundException'),
      );
      if (isThere) there.push(StreamName);
    }
    left = there;
    if (left.length === 0 || now() > deadline) return [...left];
    await sleep(GONE_LOOK);
  }
}
