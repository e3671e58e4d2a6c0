import fc from 'fast-check';

/** A request to sign: the request on the wire without its signature. */
export interface SignatureCase {
  readonly method: string;
  /** Percent-encoded in any way that a client may use. */
  readonly path: string;
  readonly query: readonly (readonly [name: string, value: string])[];
  /** Names are unique, ignoring case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  readonly region: string;
  /** The token of a session. */
  readonly token: string | undefined;
  readonly form: 'header' | 'query';
  readonly change: Change;
}

/** Changes to a signed request. The harmless ones leave the signed parts unchanged. */
export const CHANGES = {
  method: 'harmful',
  path: 'harmful',
  'query added': 'harmful',
  body: 'harmful',
  host: 'harmful',
  time: 'harmful',
  signature: 'harmful',
  secret: 'harmful',
  'order of headers': 'harmless',
  'case of header names': 'harmless',
  'blanks in header values': 'harmless',
  'order of query': 'harmless',
  'unsigned header added': 'harmless',
} as const;
export type Change = keyof typeof CHANGES;

const letters = fc.constantFrom(
  ...'abcZ019-_.~ !\'()*;,:@&=+$/?#[]{}%"<>\\^`|',
  '\t',
  'é',
  'ß',
  '日',
  '🐟',
  '\u0000',
);
const text = fc.string({ unit: letters, maxLength: 8 });

/** Segments with a special meaning in a path, and pieces that clients encode differently. */
const segment = fc.oneof(
  { weight: 4, arbitrary: text.map(encodeURIComponent) },
  {
    weight: 3,
    arbitrary: fc.constantFrom('streams', 'a%20b', 'a%2fb', 'a%2Fb', '%', '%zz', 'a+b', "it's", '(a)*!'),
  },
  { weight: 1, arbitrary: fc.constantFrom('.', '..', '') },
);

/** Not empty, as aws4 would add a media type. */
const header = fc
  .tuple(
    fc.constantFrom(
      'Content-Type',
      'content-type',
      'Accept',
      'X-Custom',
      'x-amz-meta-a',
      'X-Amz-Target',
      'Shard-Iterator',
      'Cache-Control',
      'Range',
      'User-Agent',
      'X-Empty',
    ),
    fc.string({ unit: fc.constantFrom(...'aZ09 \t,;="/*'), maxLength: 10 }),
  )
  .filter(([name, value]) => value !== '' || name.toLowerCase() !== 'content-type');

export const signatureCase: fc.Arbitrary<SignatureCase> = fc.record({
  method: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE'),
  path: fc.array(segment, { maxLength: 4 }).map((segments) => `/${segments.join('/')}`),
  // Not empty: aws4 drops an empty name, since services do not accept one.
  query: fc.array(
    fc.tuple(
      text.filter((name) => name !== ''),
      text,
    ),
    { maxLength: 4 },
  ),
  headers: fc.uniqueArray(header, { maxLength: 4, selector: ([name]) => name.toLowerCase() }),
  body: fc.oneof(fc.constant(''), fc.json({ maxDepth: 1 }), text),
  region: fc.constantFrom('us-east-1', 'eu-central-1', 'us-gov-west-1'),
  token: fc.option(fc.base64String({ minLength: 4, maxLength: 40 }), { nil: undefined }),
  form: fc.constantFrom('header', 'query'),
  change: fc.constantFrom(...(Object.keys(CHANGES) as Change[])),
});
