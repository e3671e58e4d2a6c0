/** A role in use by a service: what an integration's call to Kinesis runs as. */
export interface RoleSession {
  readonly roleArn: string;
  /** `arn:aws:sts::{account}:assumed-role/{role}/{session}`, as error texts name it. */
  readonly sessionArn: string;
}

export type Decision =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly reason: 'implicit-deny' | 'explicit-deny' };

/** Condition keys with their values; a key that is not there has no value in this request. */
export type ConditionContext = Readonly<Record<string, string | readonly string[]>>;

/** One permission that a call needs. */
export interface Need {
  /** `kinesis:PutRecord`. */
  readonly action: string;
  /** An ARN, or `*` for an action without a resource. */
  readonly resource: string;
  /** The condition keys that this call gives a value, beside those of the caller. */
  readonly context?: ConditionContext;
}

/** May this caller do this action (`kinesis:PutRecord`) to this resource (an ARN, or `*`)? */
export type Authorize = (action: string, resourceArn: string, context?: ConditionContext) => Decision;

/** The holder of an access key: a user, a role session, or the account itself, which may do everything. */
export interface Caller {
  /** As error texts name it. */
  readonly arn: string;
  /** As GetCallerIdentity answers it. */
  readonly userId: string;
  readonly accessKeyId: string;
  /** The account itself, whose permission need not be checked. */
  readonly isRoot: boolean;
  readonly authorize: Authorize;
}

/** One question to the policies, and its answer. */
export interface DecidedCall extends Required<Need> {
  readonly callerArn: string;
  readonly decision: Decision;
}

/** The part of IAM and STS that other services of the embedded AWS lean on. */
export interface RoleAuthority {
  /** Undefined when the role is missing or its trust policy does not let the service assume it. */
  assumeRole(roleArn: string, servicePrincipal: string, sessionName: string): RoleSession | undefined;
  authorize(session: RoleSession, action: string, resourceArn: string, context?: ConditionContext): Decision;
}

/**
 * What AWS's services say of a refused call; the text behind `because` is recorded for Kinesis only
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

/** `aws:ResourceTag/owner` and its like, each tag a key of its own. */
export function tagKeys(
  prefix: string,
  tags: Readonly<Record<string, string>> | ReadonlyMap<string, string>,
): Record<string, string> {
  const pairs = tags instanceof Map ? [...tags] : Object.entries(tags);
  return Object.fromEntries(pairs.map(([key, value]) => [`${prefix}/${key}`, value]));
}
