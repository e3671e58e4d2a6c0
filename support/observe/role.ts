import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  type IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import type { Interface } from '../../infra/definition/interface/types.ts';
import { covers, namedStreams } from '../../infra/definition/served.ts';
import { matchesPattern } from '../../infra/policy-pattern.ts';
import { sdkCall } from './sdk-call.ts';

export interface Statement {
  readonly effect: string;
  /** Kind of principal, or `*`, to names. */
  readonly principals: Readonly<Record<string, readonly string[]>>;
  readonly actions: readonly string[];
  /** ARNs, or patterns of them; empty in a trust policy. */
  readonly resources: readonly string[];
}

/** An execution role: who may assume it, and what it may do. */
export interface Role {
  readonly trust: readonly Statement[];
  readonly permissions: readonly Statement[];
}

/**
 * AmazonAPIGatewayPushToCloudWatchLogs, which the console attaches to every role made for API Gateway, and so to that of
 * today's tutorial (AWS Managed Policy Reference Guide, version v1).
 */
const LOGGING = new Set(
  'CreateLogGroup CreateLogStream DescribeLogGroups DescribeLogStreams PutLogEvents GetLogEvents FilterLogEvents'
    .split(' ')
    .map((action) => `logs:${action}`.toLowerCase()),
);

/** Whether an action, or a pattern of actions, exceeds what the tutorial's role allows. */
export function isBeyondTutorial(action: string): boolean {
  const own = action.toLowerCase();
  return !own.startsWith('kinesis:') && !LOGGING.has(own);
}

/** Kinesis's actions (Service Authorization Reference), without their prefix. */
const KINESIS_ACTIONS =
  'AddTagsToStream CreateStream DecreaseStreamRetentionPeriod DeleteResourcePolicy DeleteStream DeregisterStreamConsumer DescribeAccountSettings DescribeLimits DescribeStream DescribeStreamConsumer DescribeStreamSummary DisableEnhancedMonitoring EnableEnhancedMonitoring GetRecords GetResourcePolicy GetShardIterator IncreaseStreamRetentionPeriod ListShards ListStreamConsumers ListStreams ListTagsForResource ListTagsForStream MergeShards PutRecord PutRecords PutResourcePolicy RegisterStreamConsumer RemoveTagsFromStream SplitShard StartStreamEncryption StopStreamEncryption SubscribeToShard TagResource UntagResource UpdateAccountSettings UpdateMaxRecordSize UpdateShardCount UpdateStreamMode UpdateStreamWarmThroughput'.split(
    ' ',
  );
const PUTS = ['PutRecord', 'PutRecords'];
const WRITING = [...PUTS, 'CreateStream', 'DeleteStream'];

/** What the methods of an API do, besides calling Kinesis under the role that is judged. */
export interface OtherUses {
  /** The services other than Kinesis that methods and authorizers under the role call, whose actions are all allowed. */
  readonly services?: readonly string[];
  /** Whether a key of the owner may encrypt a stream that the API serves. */
  readonly mayHaveOwnKey?: boolean;
}

/**
 * @param actions the actions of Kinesis that the API's methods call.
 * @returns what a role allows beyond these, the gateway's own logs, and the other uses.
 */
export function allowedBeyond(
  role: Role,
  actions: ReadonlySet<string>,
  { services = [], mayHaveOwnKey = false }: OtherUses = {},
): string[] {
  const ofKeys = mayHaveOwnKey ? keyActions(actions) : [];
  return allowedActions(role).filter((pattern) => {
    if (LOGGING.has(pattern.toLowerCase()) || ofKeys.includes(pattern.toLowerCase())) return false;
    const service = pattern.split(':')[0] ?? '';
    if (service !== 'kinesis' && services.includes(service)) return false;
    const meant = KINESIS_ACTIONS.filter((action) => isMatch(pattern, `kinesis:${action}`));
    return meant.length === 0 || meant.some((action) => !actions.has(action));
  });
}

/** What producers and consumers of a stream that a KMS key encrypts need (docs/facts/kinesis.md#encryption). */
function keyActions(actions: ReadonlySet<string>): string[] {
  return [
    ...(PUTS.some((action) => actions.has(action)) ? ['kms:generatedatakey'] : []),
    ...(actions.has('GetRecords') ? ['kms:decrypt'] : []),
  ];
}

/** A name that no API serves, for detecting patterns that reach other users' streams. */
const FOREIGN = 'of-another-team';

/**
 * Where clients choose the stream, or it is not known, the API serves each stream that a role names.
 * @param declared the streams that the API's definition declares.
 * @returns the resources, as written, that let a role write to streams that the API does not serve.
 */
export function writesElsewhere(role: Role, offered: Interface, declared: readonly string[]): string[] {
  const served = namedStreams(offered);
  const others = served === undefined ? [] : declared.filter((name) => !served.includes(name));
  const isElsewhere = (resource: string) => {
    if ([FOREIGN, ...others].some((name) => covers(resource, name))) return true;
    return served !== undefined && isOfStreams(resource) && !served.some((name) => covers(resource, name));
  };
  return role.permissions
    .filter(
      ({ effect, actions }) =>
        effect === 'Allow' &&
        actions.some((pattern) => WRITING.some((action) => isMatch(pattern, `kinesis:${action}`))),
    )
    .flatMap(({ resources }) => resources)
    .filter(isElsewhere);
}

/** Whether a resource is a stream or a pattern of streams; a statement may also name queues, say. */
const isOfStreams = (resource: string) => /^arn:[^:]*:kinesis:[^:]*:[^:]*:stream\/[^/]+$/.test(resource);

/** Patterns of IAM: `*` and `?`, in any case. */
function isMatch(pattern: string, text: string): boolean {
  return matchesPattern(text.toLowerCase(), pattern.toLowerCase());
}

/** Patterns are not resolved. */
export function allowedActions(role: Role | undefined): readonly string[] {
  const allowing = (role?.permissions ?? []).filter(({ effect }) => effect === 'Allow');
  return allowing.flatMap(({ actions }) => actions);
}

/** Reads a role with all its policies, inline and attached. */
export async function readRole(iam: IAMClient, roleName: string): Promise<Role> {
  const what = `show the role ${roleName}`;
  const { Role } = await sdkCall(what, iam.send(new GetRoleCommand({ RoleName: roleName })));
  const inline = await sdkCall(what, iam.send(new ListRolePoliciesCommand({ RoleName: roleName })));
  const attached = await sdkCall(what, iam.send(new ListAttachedRolePoliciesCommand({ RoleName: roleName })));
  const permissions: Statement[] = [];
  for (const PolicyName of inline.PolicyNames ?? []) {
    const command = new GetRolePolicyCommand({ RoleName: roleName, PolicyName });
    permissions.push(...statements((await sdkCall(what, iam.send(command))).PolicyDocument));
  }
  for (const { PolicyArn } of attached.AttachedPolicies ?? []) {
    const { Policy } = await sdkCall(what, iam.send(new GetPolicyCommand({ PolicyArn })));
    const command = new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId });
    permissions.push(...statements((await sdkCall(what, iam.send(command))).PolicyVersion?.Document));
  }
  return { trust: statements(Role?.AssumeRolePolicyDocument), permissions };
}

/** The statements of a policy document as IAM answers it: percent-encoded JSON (IAM API reference, GetRole). */
export function statements(document: string | undefined): Statement[] {
  if (document === undefined) return [];
  const text = document.trimStart().startsWith('{') ? document : decodeURIComponent(document);
  const { Statement = [] } = JSON.parse(text) as { Statement?: Written | Written[] };
  return [Statement].flat().map((written) => ({
    effect: written.Effect,
    principals: principals(written),
    // NotAction allows every other action.
    actions: written.NotAction === undefined ? [written.Action ?? []].flat() : ['*'],
    resources: written.NotResource === undefined ? [written.Resource ?? []].flat() : ['*'],
  }));
}

interface Written {
  Effect: string;
  Principal?: string | Record<string, string | string[]>;
  NotPrincipal?: unknown;
  Action?: string | string[];
  NotAction?: string | string[];
  Resource?: string | string[];
  NotResource?: string | string[];
}

function principals({ Principal, NotPrincipal }: Written): Statement['principals'] {
  if (NotPrincipal !== undefined || typeof Principal === 'string') return { '*': ['*'] };
  return Object.fromEntries(Object.entries(Principal ?? {}).map(([kind, names]) => [kind, [names].flat()]));
}
