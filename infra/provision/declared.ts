import { GetPolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamSummaryCommand,
  IncreaseStreamRetentionPeriodCommand,
} from '@aws-sdk/client-kinesis';
import type { Definition } from '../definition/definition.ts';
import type { Affix } from '../definition/interface/offers.ts';
import type { Interface } from '../definition/interface/types.ts';
import { LENT } from '../definition/left-out.ts';
import { affixOfAll, choosesStream, mayHaveOwnKey, reachedAffix } from '../definition/served.ts';
import type { Declaration, DeclaredStream, LeftOut, UnreadRole } from '../definition/types.ts';
import { UsageError } from '../errors.ts';
import { levelOf, Waits } from '../retry/waits.ts';
import type { Target } from '../targets/target.ts';
import type { Clients } from './clients.ts';
import type { Deployment } from './deployment.ts';
import { createRole } from './role.ts';
import type { Tags } from './tags.ts';
import { isAbsence, isDenial, type UndoStack, unlessAbsent } from './undo.ts';

/** How a run names and tags what it creates. */
export interface Marks {
  readonly prefix: string;
  readonly tags: Tags;
  /** The path of roles. */
  readonly path: string;
  readonly boundary: string | undefined;
}

/** IAM's limit for role names. */
const MAX_ROLE_NAME = 64;
/** Shards of a stream that a template names but nothing declares: enough to observe how keys are distributed. */
const SHARDS = 5;
/** The default retention of a stream, in hours. */
const DEFAULT_RETENTION = 24;

/** The roles of a definition on a target. */
export interface MadeRoles {
  /** Each role's ARN in the definition to its actual ARN. */
  readonly arns: ReadonlyMap<string, string>;
  /** The roles that have a managed policy which the run cannot use on the target; it lends its own instead. */
  readonly unread: readonly UnreadRole[];
  readonly leftOut: readonly LeftOut[];
}

/** Creates the roles that a definition declares, with their policies, under names with the run's prefix. */
export async function makeRoles(
  clients: Clients,
  { roles }: Declaration,
  marks: Marks & { readonly region: string; readonly accountId: string; readonly target: Target },
  undo: UndoStack,
): Promise<MadeRoles> {
  const made = new Map<string, string>();
  const unread: UnreadRole[] = [];
  const leftOut: LeftOut[] = [];
  for (const { id, arn, name, trust, inline, managed } of roles) {
    const unusable = await unusablePolicy(clients, managed, marks.target);
    if (unusable !== undefined) {
      const why = `${id} has the managed policy ${unusable}`;
      unread.push({ arn, why, trust });
      leftOut.push({ what: LENT, place: id, why });
      continue;
    }
    const own = (name.startsWith(marks.prefix) ? name : `${marks.prefix}${name}`).slice(0, MAX_ROLE_NAME);
    const policies = inline.map((policy) => ({
      name: policy.name,
      document: JSON.stringify(policy.document, (key, value) =>
        /Resource$/.test(key) ? ofTheRun(value, marks) : value,
      ),
    }));
    made.set(
      arn,
      await createRole(
        clients,
        { ...marks, name: own, trust: JSON.stringify(trust), inline: policies, managed },
        undo,
      ),
    );
  }
  return { arns: made, unread, leftOut };
}

/** What workers need to know about a definition and its roles. */
export function describeDefinition(
  { name, path, sha256, choices, unreadRoles }: Definition,
  declaration: Declaration,
  { roles, offered, served }: { roles: MadeRoles; offered: Interface; served: readonly string[] | undefined },
): Deployment['definition'] {
  const otherServices = declaration.roles.flatMap(({ arn, otherServices: services = [] }) => {
    const deployed = roles.arns.get(arn)?.split('/').at(-1);
    return deployed === undefined || services.length === 0 ? [] : [[deployed, services] as const];
  });
  return {
    name,
    path,
    sha256,
    choices,
    unreadRoles: [...unreadRoles, ...roles.unread],
    otherServices: Object.fromEntries(otherServices),
    streams: declaration.streams.map((stream) => stream.name),
    mayHaveOwnKey: mayHaveOwnKey(declaration, offered, served),
  };
}

/**
 * The first managed policy that the target does not have, or does not show the run, with the remedy. Any other error is
 * left to the attachment.
 */
async function unusablePolicy(
  { iam }: Clients,
  managed: readonly string[],
  { kind, name }: Target,
): Promise<string | undefined> {
  const elsewhere = ['localstack', 'aws']
    .filter((other) => other !== kind)
    .map((other) => `--target ${other}`);
  const remedy = `to judge the role as well, judge it on a target that has it, such as ${elsewhere.join(' or ')}`;
  for (const PolicyArn of managed)
    try {
      await iam.send(new GetPolicyCommand({ PolicyArn }));
    } catch (error) {
      if (isAbsence(error)) return `${PolicyArn}, which ${name} does not have; ${remedy}`;
      if (isDenial(error)) return `${PolicyArn}, which the run may not read on ${name}; ${remedy}`;
    }
  return undefined;
}

/**
 * Resources of Kinesis in the run's account and region: a policy that names its owner's account, as in Terraform
 * plans, would otherwise match nothing here.
 */
function ofTheRun(resources: unknown, { region, accountId }: { region: string; accountId: string }): unknown {
  if (Array.isArray(resources)) return resources.map((one) => ofTheRun(one, { region, accountId }));
  const own = (written: string, ours: string) => (/[*?]/.test(written) ? written : ours);
  return String(resources).replace(
    /^arn:([^:]*):kinesis:([^:]*):([^:]*):/,
    (_, partition: string, itsRegion: string, itsAccount: string) =>
      `arn:${partition}:kinesis:${own(itsRegion, region)}:${own(itsAccount, accountId)}:`,
  );
}

/** A placeholder account for parsing a definition, before a role reveals the actual one. */
const ANY_ACCOUNT = '000000000000';

/**
 * What the run's streams need around their names to be reached: what the templates add to a client's name, or the
 * pattern of the roles. On a target that outlives the run, the sweep finds the run's streams by their prefix, so they
 * get nothing.
 * @throws UsageError if the roles reach no stream of the run, on such a target.
 */
export function streamAffix(
  definition: Definition,
  { target, prefix, stackName }: { target: Target; prefix: string; stackName: string },
): Affix | undefined {
  const names = { region: target.access.region, accountId: ANY_ACCOUNT, stackName };
  const offered = definition.interface();
  const added = affixOfAll(offered);
  const startsFreely = !added?.before && choosesStream(offered);
  const reached = startsFreely ? reachedAffix(definition.declare(names), prefix) : undefined;
  if (target.ephemeral) return reached ?? added;
  if (reached)
    throw new UsageError(
      `the role of the definition reaches only streams named ${reached.before}…${reached.after}, and on ${target.name} a run makes streams named ${prefix}… only; judge it on --target embedded or localstack, or deploy it and judge it by --target url --stream NAME`,
    );
  return undefined;
}

/**
 * Creates the streams that a definition declares and those that its templates or roles name, so that calls find them.
 * @param named the streams that its templates or roles name.
 * @throws UsageError if, on a target that outlives the run, a name lacks the run's prefix.
 */
export async function makeStreams(
  clients: Clients,
  { streams }: Pick<Declaration, 'streams'>,
  named: readonly string[],
  { target, marks }: { target: Target; marks: Marks },
  undo: UndoStack,
): Promise<void> {
  const declared = new Set(streams.map(({ name }) => name));
  const others = [...new Set(named)].filter((name) => !declared.has(name));
  const all: readonly DeclaredStream[] = [
    ...streams,
    ...others.map((name) => ({ id: name, name, shardCount: SHARDS, retentionHours: undefined })),
  ];
  const foreign = all.find(({ name }) => !name.startsWith(marks.prefix));
  if (foreign && !target.ephemeral)
    throw new UsageError(
      `the definition names the stream ${foreign.name}, but on ${target.name} a run only creates streams named ${marks.prefix}…; judge it on --target embedded or localstack, or deploy it and judge it by --target url`,
    );
  for (const stream of all) await makeStream(clients, stream, { target, marks }, undo);
}

async function makeStream(
  { kinesis }: Clients,
  { name: StreamName, shardCount, retentionHours }: DeclaredStream,
  { target, marks }: { target: Target; marks: Marks },
  undo: UndoStack,
): Promise<void> {
  const thing = StreamName.startsWith(marks.prefix)
    ? ({ kind: 'stream', name: StreamName } as const)
    : undefined;
  undo.push(
    `stream ${StreamName}`,
    () => unlessAbsent(kinesis.send(new DeleteStreamCommand({ StreamName }))),
    thing,
  );
  const size =
    shardCount === undefined
      ? { StreamModeDetails: { StreamMode: 'ON_DEMAND' as const } }
      : { ShardCount: shardCount };
  const tags = target.ephemeral ? {} : { Tags: { ...marks.tags } };
  await kinesis.send(new CreateStreamCommand({ StreamName, ...size, ...tags }));
  if (thing) undo.journal.note('created', thing);
  const waits = new Waits(levelOf(target.behaves ?? target.kind));
  await waits.until<string>('stream-active', `the stream ${StreamName} to be ACTIVE`, async () => {
    const { StreamDescriptionSummary } = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
    const status = StreamDescriptionSummary?.StreamStatus ?? 'not there';
    return status === 'ACTIVE' ? { found: status } : { seen: status };
  });
  if (retentionHours !== undefined && retentionHours > DEFAULT_RETENTION)
    await kinesis.send(
      new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: retentionHours }),
    );
}
