import { limitExceeded, noSuchEntity } from '../errors.ts';
import type { Parameters } from '../parameters.ts';
import { type IamStore, type Identity, storePolicy } from '../store.ts';
import { encodeDocument, type IamAction, page, validName } from './context.ts';

/** IAM's quota. */
const MAX_ATTACHED = 10;

/** The actions on the policies of users or roles, which differ only in the name. */
export function identityPolicies(
  kind: 'Role' | 'User',
  identityOf: (parameters: Parameters, store: IamStore) => Identity,
): Readonly<
  Record<
    | 'put'
    | 'get'
    | 'list'
    | 'remove'
    | 'attach'
    | 'detach'
    | 'listAttached'
    | 'putBoundary'
    | 'removeBoundary'
    | 'tag'
    | 'untag'
    | 'listTags',
    IamAction
  >
> {
  const inlineName = (parameters: Parameters, identity: Identity) => {
    const name = parameters.required('PolicyName');
    if (identity.inline.has(name)) return name;
    throw noSuchEntity(`The ${kind.toLowerCase()} policy with name ${name} cannot be found.`);
  };
  return {
    put(parameters, store) {
      const identity = identityOf(parameters, store);
      const name = validName('policyName', parameters.required('PolicyName'), 128);
      identity.inline.set(name, storePolicy(parameters.required('PolicyDocument'), 'inline'));
      return undefined;
    },
    get(parameters, store) {
      const identity = identityOf(parameters, store);
      const name = inlineName(parameters, identity);
      return {
        [`${kind}Name`]: identity.name,
        PolicyName: name,
        PolicyDocument: encodeDocument(identity.inline.get(name)?.text ?? ''),
      };
    },
    list(parameters, store) {
      const { items, paging } = page([...identityOf(parameters, store).inline.keys()].sort(), parameters);
      return { ...paging, PolicyNames: items };
    },
    remove(parameters, store) {
      const identity = identityOf(parameters, store);
      identity.inline.delete(inlineName(parameters, identity));
      return undefined;
    },
    attach(parameters, store) {
      const { attached } = identityOf(parameters, store);
      const arn = existing(parameters.required('PolicyArn'), store);
      if (!attached.has(arn) && attached.size >= MAX_ATTACHED) {
        throw limitExceeded(`Cannot exceed quota for PoliciesPer${kind}: ${MAX_ATTACHED}`);
      }
      attached.add(arn);
      return undefined;
    },
    detach(parameters, store) {
      const { attached } = identityOf(parameters, store);
      const arn = parameters.required('PolicyArn');
      if (!attached.delete(arn)) throw noSuchEntity(`Policy ${arn} was not found.`);
      return undefined;
    },
    listAttached(parameters, store) {
      const { items, paging } = page([...identityOf(parameters, store).attached], parameters);
      return {
        ...paging,
        AttachedPolicies: items.map((arn) => ({ PolicyName: store.policies.get(arn)?.name, PolicyArn: arn })),
      };
    },
    putBoundary(parameters, store) {
      const identity = identityOf(parameters, store);
      identity.boundaryArn = store.policy(parameters.required('PermissionsBoundary')).arn;
      return undefined;
    },
    removeBoundary(parameters, store) {
      identityOf(parameters, store).boundaryArn = undefined;
      return undefined;
    },
    tag(parameters, store) {
      const { tags } = identityOf(parameters, store);
      for (const [key, value] of parameters.tags()) tags.set(key, value);
      return undefined;
    },
    untag(parameters, store) {
      const { tags } = identityOf(parameters, store);
      for (const key of parameters.list('TagKeys')) tags.delete(key);
      return undefined;
    },
    listTags(parameters, store) {
      const { items, paging } = page([...identityOf(parameters, store).tags], parameters);
      return { ...paging, Tags: items.map(([Key, Value]) => ({ Key, Value })) };
    },
  };
}

function existing(arn: string, store: IamStore): string {
  if (!store.policies.has(arn)) throw noSuchEntity(`Policy ${arn} was not found.`);
  return arn;
}
