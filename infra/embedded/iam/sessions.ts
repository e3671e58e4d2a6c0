import { accessDenied, validationError } from './errors.ts';
import type { Parameters } from './parameters.ts';
import type { PolicyDocument } from './policy/document.ts';
import type { Caller as Trusted } from './policy/evaluate.ts';
import { evaluate, trusts } from './policy/evaluate.ts';
import type { Secrets } from './signature/verify.ts';
import { type IamStore, type Identity, storePolicy } from './store.ts';
import { credentialsView, newKeys } from './temporary-keys.ts';
import {
  type Caller,
  type ConditionContext,
  type DecidedCall,
  type Decision,
  type RoleAuthority,
  type RoleSession,
  tagKeys,
} from './types.ts';
import type { XmlValue } from './xml.ts';

const DEFAULT_SESSION_SECONDS = 3600;
const MIN_SESSION_SECONDS = 900;
/** The limits of GetSessionToken (STS API reference). */
const DEFAULT_TOKEN_SECONDS = 43_200;
const MAX_TOKEN_SECONDS = 129_600;

/** An access key and its holder. */
export interface KeyHolder {
  readonly caller: Caller;
  readonly secrets: Secrets;
  /** Undefined for a session and for the root. */
  readonly user?: Identity;
}

/** Temporary keys of a user, or of the root. */
interface IssuedToUser {
  /** Undefined for the root. */
  readonly userName: string | undefined;
  readonly secrets: Secrets;
}

/** An issued session: temporary keys of a role. */
interface Issued {
  readonly session: RoleSession;
  readonly secrets: Secrets;
  /** AssumeRole's session policy, which limits the role's permissions. */
  readonly limit: PolicyDocument | undefined;
}

/** STS: assumes roles, and authorizes users and role sessions. */
export class Sessions implements RoleAuthority {
  readonly #store: IamStore;
  readonly #own: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly #onDecision: (call: DecidedCall) => void;
  readonly #byAccessKey = new Map<string, Issued>();
  readonly #tokens = new Map<string, IssuedToUser>();

  constructor(
    store: IamStore,
    own: { readonly accessKeyId: string; readonly secretAccessKey: string },
    onDecision: (call: DecidedCall) => void = () => undefined,
  ) {
    this.#store = store;
    this.#own = own;
    this.#onDecision = onDecision;
  }

  /**
   * No condition key has a value here: a trust condition on aws:SourceAccount never matches when API Gateway
   * assumes the role (docs/facts/gateway.md#role).
   */
  assumeRole(roleArn: string, servicePrincipal: string, sessionName: string): RoleSession | undefined {
    return this.#assume(roleArn, { kind: 'Service', names: [servicePrincipal] }, sessionName, {});
  }

  authorize(
    session: RoleSession,
    action: string,
    resource: string,
    context?: ConditionContext,
    limit?: PolicyDocument,
  ): Decision {
    const role = this.#store.roleByArn(session.roleArn);
    if (role === undefined) return { allowed: false, reason: 'implicit-deny' };
    const own = {
      'aws:PrincipalType': 'AssumedRole',
      'aws:userid': this.#userId(session),
      ...context,
    };
    return this.#decide(role, session.sessionArn, { action, resource, context: own }, limit);
  }

  /** The holder of a valid access key of this account; undefined for any other key. */
  holderOf(accessKeyId: string): KeyHolder | undefined {
    if (accessKeyId === this.#own.accessKeyId) {
      return { caller: this.root(accessKeyId), secrets: { secretAccessKey: this.#own.secretAccessKey } };
    }
    const issued = this.#byAccessKey.get(accessKeyId);
    if (issued !== undefined) return this.#sessionHolder(accessKeyId, issued);
    const token = this.#tokens.get(accessKeyId);
    if (token !== undefined) return this.#tokenHolder(accessKeyId, token);
    const key = this.#store.accessKeys.get(accessKeyId);
    const user = this.#store.users.get(key?.userName ?? '');
    if (key?.status !== 'Active' || user === undefined) return undefined;
    return { user, secrets: { secretAccessKey: key.secret }, caller: this.#userCaller(user, accessKeyId) };
  }

  /** Whether a user of this account has ever had the key: a deleted or inactive key is refused. */
  isRevoked(accessKeyId: string): boolean {
    return this.#store.issuedKeyIds.has(accessKeyId) && this.holderOf(accessKeyId) === undefined;
  }

  /** The account's root, which no policy limits. */
  root(accessKeyId: string): Caller {
    const { partition, id } = this.#store.account;
    return {
      arn: `arn:${partition}:iam::${id}:root`,
      userId: id,
      accessKeyId,
      isRoot: true,
      authorize: () => ({ allowed: true }),
    };
  }

  /**
   * STS AssumeRole. A caller that the trust policy names needs no permission; one that it trusts as part of the
   * account does.
   */
  assumeRoleAction(parameters: Parameters, caller: Caller): XmlValue {
    const { account } = this.#store;
    const roleArn = parameters.required('RoleArn');
    const sessionName = parameters.required('RoleSessionName');
    if (!/^[\w+=,.@-]{2,64}$/.test(sessionName)) {
      throw validationError(
        `1 validation error detected: Value '${sessionName}' at 'roleSessionName' failed to satisfy constraint: ` +
          'Member must satisfy regular expression pattern: [\\w+=,.@-]*',
      );
    }
    const seconds = this.#duration(parameters, roleArn);
    const policy = parameters.optional('Policy');
    const limit = policy === undefined ? undefined : storePolicy(policy, 'inline').document;
    const session = this.#assumedBy(caller, roleArn, sessionName, parameters.optional('ExternalId'));
    if (session === undefined) {
      throw accessDenied(
        `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
      );
    }
    const { accessKeyId, secrets } = newKeys(account.now() + seconds * 1000);
    this.#byAccessKey.set(accessKeyId, { session, secrets, limit });
    return {
      AssumedRoleUser: { AssumedRoleId: this.#userId(session), Arn: session.sessionArn },
      Credentials: credentialsView(accessKeyId, secrets),
    };
  }

  /**
   * STS GetSessionToken, which needs no permission and which no policy can deny: temporary keys with the user's
   * permissions, except for IAM and most of STS (STS API reference; IAM User Guide, permissions for GetSessionToken).
   */
  getSessionToken(parameters: Parameters, caller: Caller): XmlValue {
    if (this.#tokens.has(caller.accessKeyId) || this.#byAccessKey.has(caller.accessKeyId))
      throw accessDenied('Cannot call GetSessionToken with session credentials');
    const { account } = this.#store;
    const seconds = parameters.integer('DurationSeconds') ?? DEFAULT_TOKEN_SECONDS;
    if (seconds < MIN_SESSION_SECONDS || seconds > MAX_TOKEN_SECONDS)
      throw validationError(
        `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: ` +
          `Member must have value between ${MIN_SESSION_SECONDS} and ${MAX_TOKEN_SECONDS}`,
      );
    const { accessKeyId, secrets } = newKeys(account.now() + seconds * 1000);
    const userName = caller.isRoot ? undefined : this.holderOf(caller.accessKeyId)?.user?.name;
    this.#tokens.set(accessKeyId, { userName, secrets });
    return { Credentials: credentialsView(accessKeyId, secrets) };
  }

  getCallerIdentity(caller: Caller): XmlValue {
    return { Arn: caller.arn, UserId: caller.userId, Account: this.#store.account.id };
  }

  #sessionHolder(accessKeyId: string, { session, secrets, limit }: Issued): KeyHolder {
    return {
      secrets,
      caller: {
        arn: session.sessionArn,
        userId: this.#userId(session),
        accessKeyId,
        isRoot: false,
        authorize: (action, resource, context) => this.authorize(session, action, resource, context, limit),
      },
    };
  }

  /** Undefined if the user was deleted (inferred). */
  #tokenHolder(accessKeyId: string, { userName, secrets }: IssuedToUser): KeyHolder | undefined {
    if (userName === undefined) return { secrets, caller: this.root(accessKeyId) };
    const user = this.#store.users.get(userName);
    if (user === undefined) return undefined;
    const caller = this.#userCaller(user, accessKeyId);
    const authorize: Caller['authorize'] = (action, resource, context) =>
      action.startsWith('iam:')
        ? { allowed: false, reason: 'implicit-deny' }
        : caller.authorize(action, resource, context);
    return { secrets, caller: { ...caller, authorize } };
  }

  #userCaller(user: Identity, accessKeyId: string): Caller {
    const own = { 'aws:PrincipalType': 'User', 'aws:userid': user.id, 'aws:username': user.name };
    return {
      arn: user.arn,
      userId: user.id,
      accessKeyId,
      isRoot: false,
      authorize: (action, resource, context) =>
        this.#decide(user, user.arn, { action, resource, context: { ...own, ...context } }),
    };
  }

  #decide(
    identity: Identity,
    callerArn: string,
    request: { readonly action: string; readonly resource: string; readonly context: ConditionContext },
    limit?: PolicyDocument,
  ): Decision {
    const { account } = this.#store;
    const { action, resource } = request;
    const context = {
      'aws:PrincipalAccount': account.id,
      'aws:PrincipalArn': identity.arn,
      ...tagKeys('aws:PrincipalTag', identity.tags),
      'aws:RequestedRegion': account.region,
      'aws:ResourceAccount': account.id,
      ...request.context,
    };
    const own = evaluate(
      { action, resource, context },
      this.#store.permissions(identity),
      this.#store.boundary(identity),
    );
    const decision =
      own.allowed && limit !== undefined ? evaluate({ action, resource, context }, [limit], undefined) : own;
    this.#onDecision({ callerArn, action, resource, context, decision });
    return decision;
  }

  /** Checks the limits that STS documents; an unknown role is refused later. */
  #duration(parameters: Parameters, roleArn: string): number {
    const seconds = parameters.integer('DurationSeconds') ?? DEFAULT_SESSION_SECONDS;
    if (seconds < MIN_SESSION_SECONDS)
      throw validationError(
        `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: ` +
          `Member must have value greater than or equal to ${MIN_SESSION_SECONDS}`,
      );
    const most = this.#store.roleByArn(roleArn)?.maxSessionSeconds ?? seconds;
    if (seconds > most)
      throw validationError(
        'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
      );
    return seconds;
  }

  #assumedBy(
    caller: Caller,
    roleArn: string,
    sessionName: string,
    externalId: string | undefined,
  ): RoleSession | undefined {
    const { account } = this.#store;
    const root = this.root('').arn;
    const principal = this.#byAccessKey.get(caller.accessKeyId)?.session.roleArn ?? caller.arn;
    const context = {
      'aws:PrincipalAccount': account.id,
      'aws:PrincipalArn': principal,
      'sts:RoleSessionName': sessionName,
      ...(externalId === undefined ? {} : { 'sts:ExternalId': externalId }),
    };
    const decision = caller.authorize('sts:AssumeRole', roleArn, context);
    if (!decision.allowed && decision.reason === 'explicit-deny') return undefined;
    const personal = [caller.arn, principal];
    const names = decision.allowed ? [...personal, account.id, root] : personal;
    return this.#assume(roleArn, { kind: 'AWS', names }, sessionName, context);
  }

  #assume(
    roleArn: string,
    caller: Trusted,
    sessionName: string,
    context: ConditionContext,
  ): RoleSession | undefined {
    const role = this.#store.roleByArn(roleArn);
    if (role === undefined || !trusts(role.trust.document, caller, context)) return undefined;
    const { partition, id } = this.#store.account;
    return { roleArn, sessionArn: `arn:${partition}:sts::${id}:assumed-role/${role.name}/${sessionName}` };
  }

  #userId(session: RoleSession): string {
    const role = this.#store.roleByArn(session.roleArn);
    return `${role?.id}:${session.sessionArn.split('/').at(-1)}`;
  }
}
