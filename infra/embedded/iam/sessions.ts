import { randomBytes } from 'node:crypto';
import type { Authorize, Decision, RoleAuthority, RoleSession } from './contract.ts';
import { accessDenied, validationError } from './errors.ts';
import type { Parameters } from './parameters.ts';
import type { Caller } from './policy/evaluate.ts';
import { evaluate, trusts } from './policy/evaluate.ts';
import { type IamStore, type Role, uniqueId } from './store.ts';
import type { XmlValue } from './xml.ts';

const DEFAULT_SESSION_SECONDS = 3600;

/** STS: who may act as which role, and what a role in use may do. */
export class Sessions implements RoleAuthority {
  readonly #store: IamStore;
  readonly #byAccessKey = new Map<string, RoleSession>();

  constructor(store: IamStore) {
    this.#store = store;
  }

  /**
   * No condition key has a value here: a trust condition on aws:SourceAccount never matches when API Gateway
   * assumes the role (facts 3.1).
   */
  assumeRole(roleArn: string, servicePrincipal: string, sessionName: string): RoleSession | undefined {
    return this.#assume(roleArn, { kind: 'Service', names: [servicePrincipal] }, sessionName);
  }

  authorize(session: RoleSession, action: string, resourceArn: string): Decision {
    const role = this.#store.roleByArn(session.roleArn);
    if (role === undefined) return { allowed: false, reason: 'implicit-deny' };
    const { account } = this.#store;
    const context = {
      'aws:PrincipalAccount': account.id,
      'aws:PrincipalArn': role.arn,
      'aws:PrincipalType': 'AssumedRole',
      'aws:RequestedRegion': account.region,
      'aws:ResourceAccount': account.id,
    };
    return evaluate(
      { action, resource: resourceArn, context },
      this.#store.permissions(role),
      this.#store.boundary(role),
    );
  }

  /** The session behind a temporary access key, with what it may do; undefined for the account's own keys. */
  ofAccessKey(accessKeyId: string | undefined): { session: RoleSession; authorize: Authorize } | undefined {
    const session = accessKeyId === undefined ? undefined : this.#byAccessKey.get(accessKeyId);
    if (session === undefined) return undefined;
    return { session, authorize: (action, resource) => this.authorize(session, action, resource) };
  }

  /** STS AssumeRole, called with the account's own keys or with a session's. */
  assumeRoleAction(parameters: Parameters, accessKeyId: string | undefined): XmlValue {
    const { account } = this.#store;
    const roleArn = parameters.required('RoleArn');
    const sessionName = parameters.required('RoleSessionName');
    if (!/^[\w+=,.@-]{2,64}$/.test(sessionName)) {
      throw validationError(
        `1 validation error detected: Value '${sessionName}' at 'roleSessionName' failed to satisfy constraint: ` +
          'Member must satisfy regular expression pattern: [\\w+=,.@-]*',
      );
    }
    const caller = this.ofAccessKey(accessKeyId)?.session;
    const root = rootArn(account.partition, account.id);
    const names = [account.id, root, ...(caller === undefined ? [] : [caller.roleArn, caller.sessionArn])];
    const session = this.#assume(roleArn, { kind: 'AWS', names }, sessionName);
    if (session === undefined) {
      throw accessDenied(
        `User: ${caller?.sessionArn ?? root} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
      );
    }
    const temporaryKey = `ASIA${uniqueId('').slice(0, 16)}`;
    this.#byAccessKey.set(temporaryKey, session);
    const seconds = parameters.integer('DurationSeconds') ?? DEFAULT_SESSION_SECONDS;
    return {
      AssumedRoleUser: { AssumedRoleId: this.#userId(session), Arn: session.sessionArn },
      Credentials: {
        AccessKeyId: temporaryKey,
        SecretAccessKey: randomBytes(30).toString('base64'),
        SessionToken: randomBytes(96).toString('base64'),
        Expiration: new Date(account.now() + seconds * 1000).toISOString(),
      },
    };
  }

  getCallerIdentity(accessKeyId: string | undefined): XmlValue {
    const { account } = this.#store;
    const session = this.ofAccessKey(accessKeyId)?.session;
    return {
      Arn: session?.sessionArn ?? rootArn(account.partition, account.id),
      UserId: session === undefined ? account.id : this.#userId(session),
      Account: account.id,
    };
  }

  #assume(roleArn: string, caller: Caller, sessionName: string): RoleSession | undefined {
    const role: Role | undefined = this.#store.roleByArn(roleArn);
    if (role === undefined || !trusts(role.trust.document, caller, {})) return undefined;
    const { partition, id } = this.#store.account;
    return { roleArn, sessionArn: `arn:${partition}:sts::${id}:assumed-role/${role.name}/${sessionName}` };
  }

  #userId(session: RoleSession): string {
    const role = this.#store.roleByArn(session.roleArn);
    return `${role?.id}:${session.sessionArn.split('/').at(-1)}`;
  }
}

function rootArn(partition: string, account: string): string {
  return `arn:${partition}:iam::${account}:root`;
}
