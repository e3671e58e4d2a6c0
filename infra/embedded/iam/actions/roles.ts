import { deleteConflict, entityAlreadyExists, noSuchEntity } from '../errors.ts';
import { type IamStore, type Role, storePolicy, uniqueId } from '../store.ts';
import type { XmlValue } from '../xml.ts';
import { encodeDocument, type IamAction, page, tagList, validName } from './context.ts';

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
  // ListRoles leaves out tags and the permissions boundary.
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

export const putRolePermissionsBoundary: IamAction = (parameters, store) => {
  const role = store.role(parameters.required('RoleName'));
  role.boundaryArn = store.policy(parameters.required('PermissionsBoundary')).arn;
  return undefined;
};

export const deleteRolePermissionsBoundary: IamAction = (parameters, store) => {
  store.role(parameters.required('RoleName')).boundaryArn = undefined;
  return undefined;
};

export const tagRole: IamAction = (parameters, store) => {
  const { tags } = store.role(parameters.required('RoleName'));
  for (const [key, value] of parameters.tags()) tags.set(key, value);
  return undefined;
};

export const untagRole: IamAction = (parameters, store) => {
  const { tags } = store.role(parameters.required('RoleName'));
  for (const key of parameters.list('TagKeys')) tags.delete(key);
  return undefined;
};

export const listRoleTags: IamAction = (parameters, store) => {
  const { items, paging } = page([...store.role(parameters.required('RoleName')).tags], parameters);
  return { ...paging, Tags: items.map(([Key, Value]) => ({ Key, Value })) };
};

export const putRolePolicy: IamAction = (parameters, store) => {
  const role = store.role(parameters.required('RoleName'));
  const name = validName('policyName', parameters.required('PolicyName'), 128);
  role.inline.set(name, storePolicy(parameters.required('PolicyDocument'), 'permission'));
  return undefined;
};

export const getRolePolicy: IamAction = (parameters, store) => {
  const { role, name } = inlinePolicy(
    parameters.required('RoleName'),
    parameters.required('PolicyName'),
    store,
  );
  return {
    RoleName: role.name,
    PolicyName: name,
    PolicyDocument: encodeDocument(role.inline.get(name)?.text ?? ''),
  };
};

export const listRolePolicies: IamAction = (parameters, store) => {
  const { items, paging } = page(
    [...store.role(parameters.required('RoleName')).inline.keys()].sort(),
    parameters,
  );
  return { ...paging, PolicyNames: items };
};

export const deleteRolePolicy: IamAction = (parameters, store) => {
  const { role, name } = inlinePolicy(
    parameters.required('RoleName'),
    parameters.required('PolicyName'),
    store,
  );
  role.inline.delete(name);
  return undefined;
};

function inlinePolicy(roleName: string, name: string, store: IamStore): { role: Role; name: string } {
  const role = store.role(roleName);
  if (!role.inline.has(name)) throw noSuchEntity(`The role policy with name ${name} cannot be found.`);
  return { role, name };
}

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
    PermissionsBoundary:
      role.boundaryArn === undefined
        ? undefined
        : { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: role.boundaryArn },
    Tags: tagList(role.tags),
  };
}
