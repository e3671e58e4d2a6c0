/** The kinds of values that a step table can name. */
const KINDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  'true or false': (value) => typeof value === 'boolean',
  'a number': (value) => typeof value === 'number',
  'a list': Array.isArray,
  'a list of names': (value) => Array.isArray(value) && value.every(isFilledText),
  'a name': isFilledText,
  'a filled text': isFilledText,
  'a status': (value) => ['CREATING', 'ACTIVE', 'UPDATING', 'DELETING'].includes(String(value)),
  "a stream's ARN": (value) => /^arn:[\w-]+:kinesis:[\w-]+:\d{12}:stream\/[\w.-]+$/.test(String(value)),
  // docs/facts/kinesis.md#sequence-numbers.
  'a sequence number': (value) => typeof value === 'string' && /^\d{56}$/.test(value),
  'a shard id': (value) => typeof value === 'string' && /^shardId-\d{12}$/.test(value),
};

/** @throws for an unknown kind. */
export function isOfKind(value: unknown, kind: string): boolean {
  const test = KINDS[kind];
  if (test === undefined)
    throw new Error(`unknown kind of value "${kind}"; the kinds are ${Object.keys(KINDS).join(', ')}`);
  return test(value);
}

function isFilledText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
