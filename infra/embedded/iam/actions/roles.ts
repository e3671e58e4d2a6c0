import { deleteConflict, entityAlreadyExists } from '../errors.ts';
import { type Role, storePolicy, uniqueId } from '../store.ts';
import type { XmlValue } from '../xml.ts';
import { boundaryView, encodeDocument, type IamAction, page, tagList, validName } from './context.ts';
import { identityPolicies } from './identity-policies.ts';

const DEFAULT_SESSION_SECONDS = 3600;

export const createRole: IamAction = (parameters, store) => {
  const name = validName('roleName', parameters.required('RoleName'), 64);
  const path = parameters.optional('Path') ?? '/';
  const trust = storePolicy(parameters.required('AssumeRolePolicyDocument'), 'trust');
  if (store.roles.has(name)) throw entityAlreadyExists(`Role with name ${name} already exists.`);
  const boundaryArn = parameters.optional('PermissionsBoundary');
  if (boundaryArn !== undefined) store.policy(boundaryArn);
  const role: Role = {
    name,
    arn: store.arn('role', path, name),
    id: uniqueId('AROA'),
    path,
    created: new Date(store.account.now()),
    trust,
    description: parameters.optional('Description'),
    maxSessionSeconds: parameters.integer('MaxSessionDuration') ?? DEFAULT_SESSION_SECONDS,
    boundaryArn,
    tags: parameters.tags(),
    inline: new Map(),
    attached: new Set(),
  };
  store.roles.set(name, role);
  return { Role: describe(role) };
};

export const getRole: IamAction = (parameters, store) => ({
  Role: describe(store.role(parameters.required('RoleName'))),
});

export const listRoles: IamAction = (parameters, store) => {
  const prefix = parameters.optional('PathPrefix') ?? '/';
  const { items, paging } = page(
    [...store.roles.values()]
      .filter((role) => role.path.startsWith(prefix))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    parameters,
  );
  // ListRoles omits tags and the permissions boundary.
  return {
    ...paging,
    Roles: items.map((role) => ({ ...describe(role), PermissionsBoundary: undefined, Tags: undefined })),
  };
};

export const deleteRole: IamAction = (parameters, store) => {
  const role = store.role(parameters.required('RoleName'));
  if (role.attached.size > 0) throw deleteConflict('Cannot delete entity, must detach all policies first.');
  if (role.inline.size > 0) throw deleteConflict('Cannot delete entity, must delete policies first.');
  store.roles.delete(role.name);
  return undefined;
};

export const updateAssumeRolePolicy: IamAction = (parameters, store) => {
  const role = store.role(parameters.required('RoleName'));
  role.trust = storePolicy(parameters.required('PolicyDocument'), 'trust');
  return undefined;
};

export const updateRole: IamAction = (parameters, store) => {
  const role = store.role(parameters.required('RoleName'));
  role.description = parameters.optional('Description') ?? role.description;
  role.maxSessionSeconds = parameters.integer('MaxSessionDuration') ?? role.maxSessionSeconds;
  return {};
};

const policies = identityPolicies('Role', (parameters, store) => store.role(parameters.required('RoleName')));

export const putRolePolicy = policies.put;
export const getRolePolicy = policies.get;
export const listRolePolicies = policies.list;
export const deleteRolePolicy = policies.remove;
export const attachRolePolicy = policies.attach;
export const detachRolePolicy = policies.detach;
export const listAttachedRolePolicies = policies.listAttached;
export const putRolePermissionsBoundary = policies.putBoundary;
export const deleteRolePermissionsBoundary = policies.removeBoundary;
export const tagRole = policies.tag;
export const untagRole = policies.untag;
export const listRoleTags = policies.listTags;

function describe(role: Role): { readonly [name: string]: XmlValue } {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: role.created.toISOString(),
    AssumeRolePolicyDocument: encodeDocument(role.trust.text),
    Description: role.description,
    MaxSessionDuration: role.maxSessionSeconds,
    PermissionsBoundary: boundaryView(role.boundaryArn),
    Tags: tagList(role.tags),
  };
}
