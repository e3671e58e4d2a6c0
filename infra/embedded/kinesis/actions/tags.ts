import { invalidArgument, KinesisError } from '../errors.ts';
import { type Action, type Context, streamNameOf } from './context.ts';

const MAX_TAGS = 50;
const ILLEGAL = /[^\u00C0-\u1FFF\u2C00-\uD7FF\w./\-=+_ @%:]/;

export const addTagsToStream: Action<'AddTagsToStream'> = (input, { store, account }) => {
  const { tags, name } = store.get(streamNameOf(input));
  refuseTags(input.Tags, name, account.id, tags);
  for (const [key, value] of Object.entries(input.Tags)) tags.set(key, value);
  return undefined;
};

/** Throws InvalidArgumentException if a resource of this stream cannot have these tags in addition to its own. */
export function refuseTags(
  given: Readonly<Record<string, string>>,
  stream: string,
  account: string,
  present: ReadonlyMap<string, string> = new Map(),
): void {
  refuseIllegal([...Object.keys(given), ...Object.values(given)]);
  if (new Set([...present.keys(), ...Object.keys(given)]).size <= MAX_TAGS) return;
  throw invalidArgument(
    `Failed to add tags to stream ${stream} under account ${account} because a given stream cannot have more ` +
      `than ${MAX_TAGS} tags associated with it.`,
  );
}

export const tagResource: Action<'TagResource'> = (input, context) => {
  const { tags, stream } = taggedResource(input.ResourceARN, context);
  refuseTags(input.Tags, stream.name, context.account.id, tags);
  for (const [key, value] of Object.entries(input.Tags)) tags.set(key, value);
  return undefined;
};

export const untagResource: Action<'UntagResource'> = (input, context) => {
  const { tags } = taggedResource(input.ResourceARN, context);
  refuseIllegal(input.TagKeys);
  for (const key of input.TagKeys) tags.delete(key);
  return undefined;
};

export const listTagsForResource: Action<'ListTagsForResource'> = (input, context) => ({
  Tags: inKeyOrder(taggedResource(input.ResourceARN, context).tags),
});

/** The tags of a stream, or of a consumer of it. Throws ResourceNotFoundException. */
function taggedResource(arn: string, { store, account }: Context) {
  const stream = store.get(streamNameOf({ StreamARN: arn }));
  if (arn === stream.arn) return { stream, tags: stream.tags };
  const consumer = stream.consumers.list().find((one) => one.arn === arn);
  if (consumer !== undefined) return { stream, tags: consumer.tags };
  throw new KinesisError('ResourceNotFoundException', `${arn} under account ${account.id} not found.`);
}

function inKeyOrder(tags: ReadonlyMap<string, string>): { Key: string; Value: string }[] {
  return [...tags].sort(([a], [b]) => (a < b ? -1 : 1)).map(([Key, Value]) => ({ Key, Value }));
}

export const listTagsForStream: Action<'ListTagsForStream'> = (input, { store }) => {
  const { tags } = store.get(streamNameOf(input));
  const rest = inKeyOrder(tags).filter(
    ({ Key }) => input.ExclusiveStartTagKey === undefined || Key > input.ExclusiveStartTagKey,
  );
  const page = rest.slice(0, input.Limit ?? MAX_TAGS);
  return {
    HasMoreTags: rest.length > page.length,
    Tags: page,
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
