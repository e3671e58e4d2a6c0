import { validationError } from '../errors.ts';
import type { Parameters } from '../parameters.ts';
import type { IamStore, User } from '../store.ts';
import type { XmlValue } from '../xml.ts';

/**
 * An action's result element; undefined for an answer without one. `caller` is the calling user, if any; `isRoot` is
 * whether the caller is the account's root.
 */
export type IamAction = (
  parameters: Parameters,
  store: IamStore,
  caller?: User,
  isRoot?: boolean,
) => XmlValue;

/** Policy documents are percent-encoded in answers. */
export function encodeDocument(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

export function tagList(tags: ReadonlyMap<string, string>): XmlValue {
  return tags.size === 0 ? undefined : [...tags].map(([Key, Value]) => ({ Key, Value }));
}

export function boundaryView(arn: string | undefined): XmlValue {
  return arn === undefined ? undefined : { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: arn };
}

/**
 * The user that a request names, or else the calling user. Throws NoSuchEntity, and ValidationError if the caller is
 * not a user (its message is inferred).
 */
export function namedUser(parameters: Parameters, store: IamStore, caller: User | undefined): User {
  const name = parameters.optional('UserName');
  if (name !== undefined) return store.user(name);
  if (caller !== undefined) return caller;
  throw validationError('Must specify userName when calling with non-User credentials');
}

/** One page by MaxItems (default 100) and Marker, with the paging elements of the result. */
export function page<T>(
  items: readonly T[],
  parameters: Parameters,
): { items: T[]; paging: XmlValue & object } {
  const start = Number(parameters.optional('Marker') ?? 0);
  if (!Number.isSafeInteger(start) || start < 0) throw validationError('Invalid Marker.');
  const end = start + (parameters.integer('MaxItems') ?? 100);
  const isTruncated = end < items.length;
  return {
    items: items.slice(start, end),
    paging: { IsTruncated: isTruncated, ...(isTruncated ? { Marker: String(end) } : {}) },
  };
}

const NAME = /^[\w+=,.@-]+$/;

/** Throws ValidationError unless the name is 1 to `max` of `[\w+=,.@-]`. */
export function validName(member: string, name: string, max: number): string {
  const problem = (constraint: string) =>
    validationError(
      `1 validation error detected: Value '${name}' at '${member}' failed to satisfy constraint: ${constraint}`,
    );
  if (name.length > max) throw problem(`Member must have length less than or equal to ${max}`);
  if (name === '') throw problem('Member must have length greater than or equal to 1');
  if (!NAME.test(name))
    throw validationError(
      `The specified value for ${member} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
    );
  return name;
}
