import { accessDenied, deleteConflict, entityAlreadyExists, limitExceeded, noSuchEntity } from '../errors.ts';
import type { Parameters } from '../parameters.ts';
import { type IamStore, type Identity, type ManagedPolicy, newManagedPolicy, storePolicy } from '../store.ts';
import type { XmlValue } from '../xml.ts';
import { encodeDocument, type IamAction, page, tagList, validName } from './context.ts';

/** IAM's quota. */
const MAX_VERSIONS = 5;

export const createPolicy: IamAction = (parameters, store) => {
  const name = validName('policyName', parameters.required('PolicyName'), 128);
  const path = parameters.optional('Path') ?? '/';
  const arn = store.arn('policy', path, name);
  const policy = newManagedPolicy({
    name,
    arn,
    path,
    text: parameters.required('PolicyDocument'),
    description: parameters.optional('Description'),
    isAwsManaged: false,
    now: store.account.now(),
    tags: parameters.tags(),
  });
  if (store.policies.has(arn)) {
    throw entityAlreadyExists(`A policy called ${name} already exists. Duplicate names are not allowed.`);
  }
  store.policies.set(arn, policy);
  return { Policy: describe(policy, store) };
};

export const getPolicy: IamAction = (parameters, store) => ({
  Policy: describe(named(parameters, store), store),
});

export const listPolicies: IamAction = (parameters, store) => {
  const scope = parameters.optional('Scope') ?? 'All';
  const { items, paging } = page(
    [...store.policies.values()].filter(
      ({ isAwsManaged }) => scope === 'All' || (scope === 'AWS') === isAwsManaged,
    ),
    parameters,
  );
  return { ...paging, Policies: items.map((policy) => ({ ...describe(policy, store), Tags: undefined })) };
};

export const deletePolicy: IamAction = (parameters, store) => {
  const policy = own(parameters, store);
  if (attachments(policy.arn, store) > 0) {
    throw deleteConflict('Cannot delete a policy attached to entities.');
  }
  if (policy.versions.size > 1) {
    throw deleteConflict(
      "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
    );
  }
  store.policies.delete(policy.arn);
  return undefined;
};

export const createPolicyVersion: IamAction = (parameters, store) => {
  const policy = own(parameters, store);
  const stored = storePolicy(parameters.required('PolicyDocument'), 'managed');
  if (policy.versions.size >= MAX_VERSIONS) {
    throw limitExceeded(
      'A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.',
    );
  }
  const version = `v${policy.nextVersion++}`;
  const created = new Date(store.account.now());
  policy.versions.set(version, { ...stored, created });
  policy.updated = created;
  if (parameters.optional('SetAsDefault') === 'true') policy.defaultVersion = version;
  return { PolicyVersion: describeVersion(policy, version) };
};

export const getPolicyVersion: IamAction = (parameters, store) => {
  const { policy, version } = namedVersion(named(parameters, store), parameters);
  return {
    PolicyVersion: {
      Document: encodeDocument(policy.versions.get(version)?.text ?? ''),
      ...describeVersion(policy, version),
    },
  };
};

export const listPolicyVersions: IamAction = (parameters, store) => {
  const policy = named(parameters, store);
  const { items, paging } = page([...policy.versions.keys()].reverse(), parameters);
  return { ...paging, Versions: items.map((version) => describeVersion(policy, version)) };
};

export const deletePolicyVersion: IamAction = (parameters, store) => {
  const { policy, version } = namedVersion(own(parameters, store), parameters);
  if (version === policy.defaultVersion) {
    throw deleteConflict('Cannot delete the default version of a policy.');
  }
  policy.versions.delete(version);
  return undefined;
};

export const setDefaultPolicyVersion: IamAction = (parameters, store) => {
  const { policy, version } = namedVersion(own(parameters, store), parameters);
  policy.defaultVersion = version;
  return undefined;
};

function named(parameters: Parameters, store: IamStore): ManagedPolicy {
  const arn = parameters.required('PolicyArn');
  const policy = store.policies.get(arn);
  if (policy === undefined) throw noSuchEntity(`Policy ${arn} was not found.`);
  return policy;
}

function own(parameters: Parameters, store: IamStore): ManagedPolicy {
  const policy = named(parameters, store);
  if (policy.isAwsManaged) throw accessDenied(`Cannot change the AWS managed policy ${policy.arn}`);
  return policy;
}

function namedVersion(
  policy: ManagedPolicy,
  parameters: Parameters,
): { policy: ManagedPolicy; version: string } {
  const version = parameters.required('VersionId');
  if (policy.versions.has(version)) return { policy, version };
  throw noSuchEntity(`Policy ${policy.arn} version ${version} does not exist or is not attachable.`);
}

function identities(store: IamStore): Identity[] {
  return [...store.roles.values(), ...store.users.values()];
}

function attachments(arn: string, store: IamStore): number {
  return identities(store).filter((identity) => identity.attached.has(arn)).length;
}

function describe(policy: ManagedPolicy, store: IamStore): { readonly [name: string]: XmlValue } {
  const boundaries = identities(store).filter((identity) => identity.boundaryArn === policy.arn).length;
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersion,
    AttachmentCount: attachments(policy.arn, store),
    PermissionsBoundaryUsageCount: boundaries,
    IsAttachable: true,
    Description: policy.description,
    CreateDate: policy.created.toISOString(),
    UpdateDate: policy.updated.toISOString(),
    Tags: tagList(policy.tags),
  };
}

function describeVersion(policy: ManagedPolicy, version: string): { readonly [name: string]: XmlValue } {
  return {
    VersionId: version,
    IsDefaultVersion: version === policy.defaultVersion,
    CreateDate: policy.versions.get(version)?.created.toISOString(),
  };
}
