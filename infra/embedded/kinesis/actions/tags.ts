import { invalidArgument } from '../errors.ts';
import { type Action, streamNameOf } from './context.ts';

const MAX_TAGS = 50;
const ILLEGAL = /[^\u00C0-\u1FFF\u2C00-\uD7FF\w./\-=+_ @%:]/;

export const addTagsToStream: Action<'AddTagsToStream'> = (input, { store, account }) => {
  const { tags, name } = store.get(streamNameOf(input));
  refuseIllegal([...Object.keys(input.Tags), ...Object.values(input.Tags)]);
  if (new Set([...tags.keys(), ...Object.keys(input.Tags)]).size > MAX_TAGS) {
    throw invalidArgument(
      `Failed to add tags to stream ${name} under account ${account.id} because a given stream cannot have more ` +
        `than ${MAX_TAGS} tags associated with it.`,
    );
  }
  for (const [key, value] of Object.entries(input.Tags)) tags.set(key, value);
  return undefined;
};

export const listTagsForStream: Action<'ListTagsForStream'> = (input, { store }) => {
  const { tags } = store.get(streamNameOf(input));
  const rest = [...tags]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .filter(([key]) => input.ExclusiveStartTagKey === undefined || key > input.ExclusiveStartTagKey);
  const page = rest.slice(0, input.Limit ?? MAX_TAGS);
  return {
    HasMoreTags: rest.length > page.length,
    Tags: page.map(([Key, Value]) => ({ Key, Value })),
  };
};

export const removeTagsFromStream: Action<'RemoveTagsFromStream'> = (input, { store }) => {
  const { tags } = store.get(streamNameOf(input));
  refuseIllegal(input.TagKeys);
  for (const key of input.TagKeys) tags.delete(key);
  return undefined;
};

function refuseIllegal(texts: readonly string[]): void {
  if (!texts.some((text) => ILLEGAL.test(text))) return;
  throw invalidArgument(
    'Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @.',
  );
}
