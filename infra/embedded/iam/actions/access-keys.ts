import { randomBytes } from 'node:crypto';
import { limitExceeded, noSuchEntity, validationError } from '../errors.ts';
import type { Parameters } from '../parameters.ts';
import { type AccessKey, type IamStore, type User, uniqueId } from '../store.ts';
import { type IamAction, namedUser, page } from './context.ts';

/** IAM's quota. */
const MAX_KEYS = 2;

export const createAccessKey: IamAction = (parameters, store, caller) => {
  const user = namedUser(parameters, store, caller);
  if (store.keysOf(user.name).length >= MAX_KEYS)
    throw limitExceeded(`Cannot exceed quota for AccessKeysPerUser: ${MAX_KEYS}`);
  const key: AccessKey = {
    id: uniqueId('AKIA').slice(0, 20),
    secret: randomBytes(30).toString('base64'),
    userName: user.name,
    created: new Date(store.account.now()),
    status: 'Active',
  };
  store.accessKeys.set(key.id, key);
  store.issuedKeyIds.add(key.id);
  return { AccessKey: { ...describe(key), SecretAccessKey: key.secret } };
};

export const listAccessKeys: IamAction = (parameters, store, caller) => {
  const user = namedUser(parameters, store, caller);
  const { items, paging } = page(store.keysOf(user.name), parameters);
  return { ...paging, UserName: user.name, AccessKeyMetadata: items.map(describe) };
};

export const updateAccessKey: IamAction = (parameters, store, caller) => {
  const status = parameters.required('Status');
  if (status !== 'Active' && status !== 'Inactive')
    throw validationError(
      `1 validation error detected: Value '${status}' at 'status' failed to satisfy constraint: Member must satisfy enum value set: [Active, Inactive]`,
    );
  keyOf(parameters, store, caller).status = status;
  return undefined;
};

export const deleteAccessKey: IamAction = (parameters, store, caller) => {
  store.accessKeys.delete(keyOf(parameters, store, caller).id);
  return undefined;
};

function keyOf(parameters: Parameters, store: IamStore, caller: User | undefined): AccessKey {
  const id = parameters.required('AccessKeyId');
  const { name } = namedUser(parameters, store, caller);
  const key = store.accessKeys.get(id);
  if (key === undefined || key.userName !== name)
    throw noSuchEntity(`The Access Key with id ${id} cannot be found.`);
  return key;
}

function describe({ userName, id, status, created }: AccessKey) {
  return { UserName: userName, AccessKeyId: id, Status: status, CreateDate: created.toISOString() };
}
