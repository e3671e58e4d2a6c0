import { randomInt } from 'node:crypto';
import type { Account } from '../account.ts';
import { AWS_MANAGED } from './aws-managed.ts';
import { malformedPolicy, noSuchEntity } from './errors.ts';
import { type PolicyDocument, type PolicyKind, parsePolicy } from './policy/document.ts';
import { MalformedPolicy } from './policy/grammar.ts';

/** A policy document as given, and parsed. */
export interface StoredPolicy {
  readonly text: string;
  readonly document: PolicyDocument;
}

/** What roles and users have in common: policies that grant permissions. */
export interface Identity {
  readonly name: string;
  readonly arn: string;
  readonly id: string;
  readonly path: string;
  readonly created: Date;
  boundaryArn: string | undefined;
  readonly tags: Map<string, string>;
  readonly inline: Map<string, StoredPolicy>;
  /** ARNs of managed policies. */
  readonly attached: Set<string>;
}

export interface Role extends Identity {
  trust: StoredPolicy;
  description: string | undefined;
  maxSessionSeconds: number;
}

export type User = Identity;

export interface AccessKey {
  readonly id: string;
  readonly secret: string;
  readonly userName: string;
  readonly created: Date;
  status: 'Active' | 'Inactive';
}

export interface ManagedPolicy {
  readonly name: string;
  readonly arn: string;
  readonly id: string;
  readonly path: string;
  readonly description: string | undefined;
  readonly created: Date;
  updated: Date;
  /** AWS-managed policies can be attached, but not changed. */
  readonly isAwsManaged: boolean;
  defaultVersion: string;
  readonly versions: Map<string, StoredPolicy & { readonly created: Date }>;
  nextVersion: number;
  readonly tags: Map<string, string>;
}

/** The account's identities: roles, users with their access keys, and managed policies. */
export class IamStore {
  readonly account: Account;
  readonly roles = new Map<string, Role>();
  readonly users = new Map<string, User>();
  /** By access key id. */
  readonly accessKeys = new Map<string, AccessKey>();
  /** The ids of all keys that users have ever had. */
  readonly issuedKeyIds = new Set<string>();
  readonly policies = new Map<string, ManagedPolicy>();

  constructor(account: Account) {
    this.account = account;
    for (const policy of AWS_MANAGED) {
      const arn = `arn:${account.partition}:iam::aws:policy${policy.path}${policy.name}`;
      this.policies.set(arn, newManagedPolicy({ ...policy, arn, isAwsManaged: true, now: account.now() }));
    }
  }

  arn(kind: 'role' | 'user' | 'policy', path: string, name: string): string {
    return `arn:${this.account.partition}:iam::${this.account.id}:${kind}${path}${name}`;
  }

  /** Throws NoSuchEntity. */
  role(name: string): Role {
    const role = this.roles.get(name);
    if (role === undefined) throw noSuchEntity(`The role with name ${name} cannot be found.`);
    return role;
  }

  /** Throws NoSuchEntity. */
  user(name: string): User {
    const user = this.users.get(name);
    if (user === undefined) throw noSuchEntity(`The user with name ${name} cannot be found.`);
    return user;
  }

  /** A user's access keys, oldest first. */
  keysOf(userName: string): AccessKey[] {
    return [...this.accessKeys.values()].filter((key) => key.userName === userName);
  }

  roleByArn(arn: string): Role | undefined {
    return this.roles.values().find((role) => role.arn === arn);
  }

  /** Throws NoSuchEntity. */
  policy(arn: string): ManagedPolicy {
    const policy = this.policies.get(arn);
    if (policy === undefined) throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
    return policy;
  }

  /** The policies of a role or user: inline ones, and the default versions of attached ones. */
  permissions(identity: Identity): PolicyDocument[] {
    const attached = [...identity.attached].flatMap((arn) => this.#defaultDocument(arn) ?? []);
    return [...[...identity.inline.values()].map(({ document }) => document), ...attached];
  }

  /** A deleted boundary allows nothing (inferred). */
  boundary({ boundaryArn }: Identity): PolicyDocument | undefined {
    if (boundaryArn === undefined) return undefined;
    return this.#defaultDocument(boundaryArn) ?? { hasVariables: false, statements: [] };
  }

  #defaultDocument(arn: string): PolicyDocument | undefined {
    const policy = this.policies.get(arn);
    return policy?.versions.get(policy.defaultVersion)?.document;
  }
}

/** Throws MalformedPolicyDocument. */
export function storePolicy(text: string, kind: PolicyKind): StoredPolicy {
  try {
    return { text, document: parsePolicy(text, kind) };
  } catch (error) {
    if (error instanceof MalformedPolicy) throw malformedPolicy(error.message);
    throw error;
  }
}

export function newManagedPolicy(options: {
  readonly name: string;
  readonly arn: string;
  readonly path: string;
  readonly text: string;
  readonly description?: string | undefined;
  readonly isAwsManaged: boolean;
  readonly now: number;
  readonly tags?: Map<string, string>;
}): ManagedPolicy {
  const created = new Date(options.now);
  return {
    name: options.name,
    arn: options.arn,
    id: uniqueId('ANPA'),
    path: options.path,
    description: options.description,
    created,
    updated: created,
    isAwsManaged: options.isAwsManaged,
    defaultVersion: 'v1',
    versions: new Map([['v1', { ...storePolicy(options.text, 'managed'), created }]]),
    nextVersion: 2,
    tags: options.tags ?? new Map(),
  };
}

const ID_SIGNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** IAM's unique ids: a prefix for the kind of entity and 17 characters. */
export function uniqueId(prefix: string): string {
  return prefix + Array.from({ length: 17 }, () => ID_SIGNS[randomInt(ID_SIGNS.length)]).join('');
}
