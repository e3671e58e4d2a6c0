/**
 * The media type without parameters such as charset, which never matter for a choice
 * (docs/facts/gateway.md#choice-of-the-template, DOC).
 */
export function mediaTypeOf(contentType: string): string {
  return (contentType.split(';')[0] ?? '').trim().toLowerCase();
}

/** The entry for a media type, else that for `$default` (EMU); undefined if there is neither. */
export function byMediaType<T>(
  entries: Readonly<Record<string, T>> | undefined,
  contentType: string,
): T | undefined {
  const wanted = mediaTypeOf(contentType);
  const key = Object.keys(entries ?? {}).find((candidate) => mediaTypeOf(candidate) === wanted);
  return entries?.[key ?? '$default'];
}

/**
 * For a response: the first type that the client accepts, else application/json, else the first entry
 * (docs/facts/gateway.md#choice-of-the-template).
 */
export function byAccept<T>(
  entries: Readonly<Record<string, T>> | undefined,
  accept: string | undefined,
): readonly [mediaType: string, entry: T] | undefined {
  const all = Object.entries(entries ?? {});
  const named = (type: string) => all.find(([candidate]) => mediaTypeOf(candidate) === mediaTypeOf(type));
  return (accept === undefined ? undefined : named(accept)) ?? named('application/json') ?? all[0];
}
