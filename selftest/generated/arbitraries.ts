import fc from 'fast-check';

/** Any text that UTF-8 can encode: no lone surrogates. */
export const anyText = (maxLength: number): fc.Arbitrary<string> =>
  fc.oneof(
    fc.string({ maxLength }),
    fc.string({ unit: 'grapheme', maxLength: Math.floor(maxLength / 4) }),
    fc.string({ unit: 'binary', maxLength: Math.floor(maxLength / 2) }),
    fc.constantFrom('', '"', '\\', '\n', '\u0000', "'", '$input.body', '#set($x = 1)', '##', 'c29tZSBkYXRh'),
  );

/** Any JSON value; most often a text, as clients mostly send texts. */
export const jsonValue = fc.oneof(
  { weight: 2, arbitrary: anyText(40) },
  { weight: 3, arbitrary: fc.jsonValue({ stringUnit: 'binary', maxDepth: 3 }).map(plain) },
);

/** The value after a round trip through JSON: no -0. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** Characters that, unescaped between the quotes of the tutorial's templates, end the text or change it (INJ-1). */
export function isVerbatim(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON rejects them
  return !/["\\\u0000-\u001f]/.test(text);
}

export const legalKey = fc.oneof(
  { weight: 4, arbitrary: anyText(60).filter((text) => text !== '' && isVerbatim(text)) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 256 }).map((length) => 'k'.repeat(length)) },
);

/** Too short, too long, or broken by its own characters. */
export const anyKey = fc.oneof(
  { weight: 2, arbitrary: legalKey },
  { weight: 2, arbitrary: anyText(60) },
  { weight: 1, arbitrary: fc.integer({ min: 250, max: 300 }).map((length) => 'é'.repeat(length)) },
);

const NAME_CHARACTERS = [...'abcXYZ0189_.-'];
const nameText = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...NAME_CHARACTERS), minLength, maxLength });

/** `.` and `..` are legal for Kinesis, but no client can send them in the path of a URL. */
export const streamName = fc
  .oneof(
    { weight: 4, arbitrary: nameText(1, 30) },
    { weight: 1, arbitrary: fc.integer({ min: 120, max: 135 }).map((length) => 'n'.repeat(length)) },
    { weight: 4, arbitrary: anyText(30) },
    {
      weight: 2,
      arbitrary: fc.tuple(nameText(0, 5), anyText(4), nameText(0, 5)).map((parts) => parts.join('')),
    },
  )
  .filter((name) => name !== '.' && name !== '..');

export function isLegalName(name: string): boolean {
  return /^[a-zA-Z0-9_.-]{1,128}$/.test(name);
}

/** What a client may send as ShardCount; undefined for none. Large counts are left out, as they are slow. */
export const shardCount: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(undefined, null, '') },
  { weight: 3, arbitrary: fc.integer({ min: -3, max: 12 }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(0, 1.5, 100_001, true, false, [], {}, [2], '2'),
  },
  { weight: 2, arbitrary: fc.integer({ min: -3, max: 12 }).map((count) => ` ${count}`.slice(count % 2)) },
  {
    weight: 2,
    arbitrary: fc.string({ unit: fc.constantFrom(...'01-.e ,"}x'), maxLength: 5 }).filter(isSmall),
  },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 1 }).map(plain).filter(isSmall) },
);

function isSmall(value: unknown): boolean {
  const count = shardsAskedFor(value);
  return count === undefined || count <= 12 || count > 100_000;
}

/**
 * The number of shards in the request to Kinesis, valid or not; undefined where the template's output
 * has no number.
 */
export function shardsAskedFor(value: unknown): number | undefined {
  if (value === undefined || value === null || value === '') return 5;
  if (typeof value === 'object') return undefined;
  try {
    const { ShardCount } = JSON.parse(`{"ShardCount": ${value} ,"StreamName": "s"}`) as {
      ShardCount?: unknown;
    };
    // Without a number Kinesis makes an on-demand stream, of four shards (docs/facts/kinesis.md#streams).
    if (ShardCount === null) return 4;
    return typeof ShardCount === 'number' ? ShardCount : undefined;
  } catch {
    return undefined;
  }
}
