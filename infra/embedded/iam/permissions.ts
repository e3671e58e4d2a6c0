import type { Parameters } from './parameters.ts';
import type { IamStore, Identity, ManagedPolicy, User } from './store.ts';
import { type Need, tagKeys } from './types.ts';

type Context = Record<string, string | readonly string[]>;

/**
 * Actions with the condition key iam:PermissionsBoundary: the identity's current or new boundary (service
 * authorization reference).
 */
const BOUNDED =
  /^(Create(Role|User)|(Get|Delete|Update)Role|UpdateAssumeRolePolicy|(Put|Delete)(Role|User)(Policy|PermissionsBoundary)|(Attach|Detach)(Role|User)Policy)$/;
/** Those of them that set a boundary. */
const BOUNDING = /^(Create(Role|User)|Put(Role|User)PermissionsBoundary)$/;

/**
 * The permissions that an IAM action needs (service authorization reference, IAM). Creating something with tags needs
 * an additional permission.
 */
export function iamNeeds(
  action: string,
  parameters: Parameters,
  store: IamStore,
  caller: User | undefined,
): Need[] {
  const found = targetOf(action, parameters, store, caller);
  const context = { ...requestTags(parameters), ...found.tags };
  if (BOUNDED.test(action)) {
    const boundary = BOUNDING.test(action) ? parameters.optional('PermissionsBoundary') : found.boundary;
    if (boundary !== undefined) context['iam:PermissionsBoundary'] = boundary;
  }
  if (/^(Attach|Detach)/.test(action)) {
    const policyArn = parameters.optional('PolicyArn');
    if (policyArn !== undefined) context['iam:PolicyARN'] = policyArn;
  }
  const need = (name: string): Need => ({ action: `iam:${name}`, resource: found.resource, context });
  const kind = /^Create(Role|User|Policy)$/.exec(action)?.[1];
  if (kind === undefined || parameters.tags().size === 0) return [need(action)];
  // iam:TagRole and similar actions lack the boundary key.
  const { 'iam:PermissionsBoundary': _, ...tagging } = context;
  return [need(action), { ...need(`Tag${kind}`), context: tagging }];
}

function targetOf(
  action: string,
  parameters: Parameters,
  store: IamStore,
  caller: User | undefined,
): { resource: string; tags?: Context; boundary?: string | undefined } {
  const path = parameters.optional('Path') ?? '/';
  const listed = /^List(Role|User|Policie)s?$/.exec(action)?.[1];
  if (listed !== undefined) {
    const kind = ({ Role: 'role', User: 'user' } as const)[listed] ?? 'policy';
    return { resource: store.arn(kind, parameters.optional('PathPrefix') ?? '/', '') };
  }
  const roleName = parameters.optional('RoleName');
  if (roleName !== undefined) {
    const role = store.roles.get(roleName);
    return role === undefined ? { resource: store.arn('role', path, roleName) } : described(role);
  }
  if (/Policy(Version|Versions)?$/.test(action) && !action.includes('User')) {
    const arn = parameters.optional('PolicyArn');
    if (arn === undefined)
      return { resource: store.arn('policy', path, parameters.optional('PolicyName') ?? '') };
    const policy = store.policies.get(arn);
    return policy === undefined ? { resource: arn } : described(policy);
  }
  const userName = parameters.optional('UserName') ?? caller?.name ?? '';
  const user = store.users.get(userName);
  return user === undefined ? { resource: store.arn('user', path, userName) } : described(user);
}

function described(thing: Identity | ManagedPolicy) {
  return {
    resource: thing.arn,
    tags: { ...tagKeys('aws:ResourceTag', thing.tags), ...tagKeys('iam:ResourceTag', thing.tags) },
    boundary: 'boundaryArn' in thing ? thing.boundaryArn : undefined,
  };
}

function requestTags(parameters: Parameters): Context {
  const given = parameters.tags();
  const keys = given.size > 0 ? [...given.keys()] : parameters.list('TagKeys');
  return {
    ...tagKeys('aws:RequestTag', given),
    ...(keys.length === 0 ? {} : { 'aws:TagKeys': keys }),
  };
}
