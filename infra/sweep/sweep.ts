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

/** What every name of this suite begins with. */
const SUITE = 'kpc-';
/** How often to look again for what came late, and how long between two looks: milliseconds. */
const PASSES = 5;
const BETWEEN = 2_000;
/**
 * The SDK's own waiter gives a stream 180 s to go (docs/facts/kinesis.md#streams); one look a second is within the
 * limits (docs/facts/kinesis.md#limits).
 */
const GONE_WITHIN = 180_000;
const GONE_LOOK = 1_000;

/** What of a run is in the account, each with the reason why it may be deleted or not. */
export async function findOfRun(clients: Clients, record: JournalContent): Promise<Finding[]> {
  const { head, pending, kinds } = record;
  const prefix = prefixOf(head.runId);
  const names = (kind: Found['kind']) =>
    pending.filter((entry) => entry.kind === kind).map(({ name }) => name);
  const found: (Found | undefined)[] = [];
  // What was just made may be missing from a list, so each name is asked for as well.
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
  // Most runs make none, and the credentials of most may not list them.
  const gatewayLists = [
    ...(kinds.has('usage-plan') ? [foundUsagePlans] : []),
    ...(kinds.has('api-key') ? [foundApiKeys] : []),
  ];
  for (const list of gatewayLists)
    found.push(...(await list(clients)).filter(({ name }) => name.startsWith(prefix)));
  return found.filter((one) => one !== undefined).map((one) => proveByJournal(one, record));
}

/**
 * Everything with this suite's prefix or tag, from any machine.
 * @param options.now by the target's clock; undefined where that is not known, so that nothing is deleted by its age.
 * @param options.run only of this run.
 * @param options.except runs to skip: those still running, and those with a journal on this machine.
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
 * API keys are listed with their values, so a policy that is for runs that make none, as that of infra/aws, may deny
 * it: such a run left none.
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
  /** Undefined where it is gone. */
  readonly problem?: string;
}

/** Deletes what was found to be ours; one that cannot be does not stop the rest. */
export async function removeAll(
  clients: Clients,
  findings: readonly Finding[],
  onRemoval: (removal: Removal) => void = () => undefined,
): Promise<Removal[]> {
  const removals: Removal[] = [];
  // Streams cost most; a plan goes before the stages that it opens, and the APIs last, of which AWS takes one in half a
  // minute.
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
 * Deletes what is left of a run, and looks again until a look finds nothing new: a call that was under way when the
 * run ended may take effect late.
 * @param options.mayComeLate whether one could have been under way.
 * @returns the removals that failed.
 */
export async function sweepRun(
  clients: Clients,
  record: JournalContent,
  options: {
    mayComeLate: boolean;
    onRemoval?: (removal: Removal) => void;
    /** Is told what bears the run's name and may not be deleted all the same. */
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

/** Waits for deleted streams to be gone. @returns the names of those that are not in time. */
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
