/** A role session of a service, under which an integration calls Kinesis. */
export interface RoleSession {
  readonly roleArn: string;
  /** `arn:aws:sts::{account}:assumed-role/{role}/{session}`, as in error messages. */
  readonly sessionArn: string;
}

export type Decision =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly reason: 'implicit-deny' | 'explicit-deny' };

/** Condition keys with their values; an absent key has no value in this request. */
export type ConditionContext = Readonly<Record<string, string | readonly string[]>>;

/** A permission that a call needs. */
export interface Need {
  /** `kinesis:PutRecord`. */
  readonly action: string;
  /** An ARN, or `*` for an action without a resource. */
  readonly resource: string;
  /** The condition keys of this call, in addition to those of the caller. */
  readonly context?: ConditionContext;
}

/** Decides whether the caller may do an action (`kinesis:PutRecord`) on a resource (an ARN, or `*`). */
export type Authorize = (action: string, resourceArn: string, context?: ConditionContext) => Decision;

/** The holder of an access key: a user, a role session, or the root, which may do everything. */
export interface Caller {
  /** As in error messages. */
  readonly arn: string;
  /** As in GetCallerIdentity's answer. */
  readonly userId: string;
  readonly accessKeyId: string;
  /** Whether it is the root, whose permissions need not be checked. */
  readonly isRoot: boolean;
  readonly authorize: Authorize;
}

/** One decision by the policies. */
export interface DecidedCall extends Required<Need> {
  readonly callerArn: string;
  readonly decision: Decision;
}

/** The part of IAM and STS that other services of the embedded AWS use. */
export interface RoleAuthority {
  /** Undefined if the role is missing or its trust policy does not allow the service. */
  assumeRole(roleArn: string, servicePrincipal: string, sessionName: string): RoleSession | undefined;
  authorize(session: RoleSession, action: string, resourceArn: string, context?: ConditionContext): Decision;
}

/**
 * AWS's message for a denied call; the part after `because` is recorded only for Kinesis
 * (docs/facts/kinesis.md#errors).
 */
export function denialText(
  callerArn: string,
  { action, resource }: Need,
  reason: 'implicit-deny' | 'explicit-deny',
): string {
  const why =
    reason === 'explicit-deny'
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the ${action} action`;
  return `User: ${callerArn} is not authorized to perform: ${action} on resource: ${resource} ${why}`;
}

/** One condition key per tag, such as `aws:ResourceTag/owner`. */
export function tagKeys(
  prefix: string,
  tags: Readonly<Record<string, string>> | ReadonlyMap<string, string>,
): Record<string, string> {
  const pairs = tags instanceof Map ? [...tags] : Object.entries(tags);
  return Object.fromEntries(pairs.map(([key, value]) => [`${prefix}/${key}`, value]));
}
