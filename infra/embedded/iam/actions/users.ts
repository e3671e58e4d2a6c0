import { deleteConflict, entityAlreadyExists } from '../errors.ts';
import { type IamStore, type User, uniqueId } from '../store.ts';
import type { XmlValue } from '../xml.ts';
import { boundaryView, type IamAction, namedUser, page, tagList, validName } from './context.ts';
import { identityPolicies } from './identity-policies.ts';

export const createUser: IamAction = (parameters, store) => {
  const name = validName('userName', parameters.required('UserName'), 64);
  const path = parameters.optional('Path') ?? '/';
  if (store.users.has(name)) throw entityAlreadyExists(`User with name ${name} already exists.`);
  const boundaryArn = parameters.optional('PermissionsBoundary');
  if (boundaryArn !== undefined) store.policy(boundaryArn);
  const user: User = {
    name,
    arn: store.arn('user', path, name),
    id: uniqueId('AIDA'),
    path,
    created: new Date(store.account.now()),
    boundaryArn,
    tags: parameters.tags(),
    inline: new Map(),
    attached: new Set(),
  };
  store.users.set(name, user);
  return { User: describe(user) };
};

/** GetUser of the root returns a user without a name (inferred). */
export const getUser: IamAction = (parameters, store, caller, isRoot) => {
  if (isRoot && parameters.optional('UserName') === undefined) return { User: describeRoot(store) };
  return { User: describe(namedUser(parameters, store, caller)) };
};

/** Omits tags and the permissions boundary, as ListRoles does. */
export const listUsers: IamAction = (parameters, store) => {
  const prefix = parameters.optional('PathPrefix') ?? '/';
  const users = [...store.users.values()].filter(({ path }) => path.startsWith(prefix));
  const { items, paging } = page(
    users.sort((a, b) => (a.name < b.name ? -1 : 1)),
    parameters,
  );
  return {
    ...paging,
    Users: items.map((user) => ({ ...describe(user), PermissionsBoundary: undefined, Tags: undefined })),
  };
};

export const deleteUser: IamAction = (parameters, store) => {
  const user = store.user(parameters.required('UserName'));
  if (user.attached.size > 0) throw deleteConflict('Cannot delete entity, must detach all policies first.');
  if (user.inline.size > 0) throw deleteConflict('Cannot delete entity, must delete policies first.');
  if (store.keysOf(user.name).length > 0)
    throw deleteConflict('Cannot delete entity, must delete access keys first.');
  store.users.delete(user.name);
  return undefined;
};

const policies = identityPolicies('User', (parameters, store) => store.user(parameters.required('UserName')));

export const putUserPolicy = policies.put;
export const getUserPolicy = policies.get;
export const listUserPolicies = policies.list;
export const deleteUserPolicy = policies.remove;
export const attachUserPolicy = policies.attach;
export const detachUserPolicy = policies.detach;
export const listAttachedUserPolicies = policies.listAttached;
export const putUserPermissionsBoundary = policies.putBoundary;
export const deleteUserPermissionsBoundary = policies.removeBoundary;
export const tagUser = policies.tag;
export const untagUser = policies.untag;
export const listUserTags = policies.listTags;

function describeRoot({ account }: IamStore): { readonly [name: string]: XmlValue } {
  return {
    UserId: account.id,
    Arn: `arn:${account.partition}:iam::${account.id}:root`,
    // A placeholder: it is only known that AWS gives a date.
    CreateDate: new Date(0).toISOString(),
  };
}

function describe(user: User): { readonly [name: string]: XmlValue } {
  return {
    Path: user.path,
    UserName: user.name,
    UserId: user.id,
    Arn: user.arn,
    CreateDate: user.created.toISOString(),
    PermissionsBoundary: boundaryView(user.boundaryArn),
    Tags: tagList(user.tags),
  };
}
