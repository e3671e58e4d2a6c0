import { test } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { callOf } from './testing.ts';
import type { Encoding, Input, Place, RecordPlaces, Records } from './types.ts';
import { TemplateWriter } from './writing.ts';

/** What one generated method offers: the members of Kinesis's request by name. */
interface Generated {
  readonly members: Readonly<Record<string, Place>>;
  readonly records?: Records;
}

/** Each input of a method has a unique name; its place is generated. */
const inputNamed = (name: string): fc.Arbitrary<Input> =>
  fc.oneof(
    fc.constant<Input>({ from: 'path', name: `p${name}` }),
    fc.constant<Input>({ from: 'query', name }),
    fc.constant<Input>({ from: 'header', name: `X-${name}` }),
    fc.constantFrom('', '/user', '/a/b').map((parent): Input => ({ from: 'body', at: `${parent}/${name}` })),
  );

const context = fc
  .constantFrom('requestId', 'extendedRequestId', 'identity.sourceIp', 'authorizer.principalId')
  .map((name): Place => ({ from: 'context', name }));
const fixed = fc.stringMatching(/^[a-z][a-z0-9._-]{2,12}$/).map((text): Place => ({ fixed: text }));
/** Fixed, but to another value without the input. */
const fixedIfGiven = fc
  .tuple(inputNamed('since'), fixed, fixed)
  .filter(
    ([{ from }, one, other]) =>
      from !== 'path' && 'fixed' in one && 'fixed' in other && one.fixed !== other.fixed,
  )
  .map(([given, one, whenAbsent]): Place => ({ ...one, given, whenAbsent }) as Place);
const literal = fc.stringMatching(/^[a-z][a-z ;=:_-]{0,6}$/);

const withEncodings = (input: fc.Arbitrary<Input>, encodings: readonly (readonly Encoding[])[]) =>
  fc
    .tuple(input, fc.constantFrom(...encodings))
    .map(([from, as]): Place => (as.length === 0 ? from : { ...from, as }));

/** Encodings for members that contain JSON text, in which escaping cannot be recognised. */
const IN_TEXT: readonly (readonly Encoding[])[] = [
  [],
  [],
  ['url-decoded'],
  ['url-encoded'],
  ['lower-case'],
  ['upper-case'],
  ['base64'],
  ['base64-decoded'],
];
const IN_DATA: readonly (readonly Encoding[])[] = [...IN_TEXT, ['escape-javascript'], ['escape-json']];

const textPlace = (name: string): fc.Arbitrary<Place> =>
  fc.oneof(
    { weight: 5, arbitrary: withEncodings(inputNamed(name), IN_TEXT) },
    { weight: 1, arbitrary: context },
    { weight: 1, arbitrary: fixed },
    {
      weight: 2,
      arbitrary: fc
        .tuple(
          literal,
          withEncodings(inputNamed(name), [[], ['lower-case']]),
          literal,
          inputNamed(`${name}2`),
        )
        .map((template): Place => ({ template })),
    },
  );

const keyPlace = fc.oneof(
  textPlace('key'),
  fc
    .tuple(
      fc.constantFrom<Input>({ from: 'body', at: '/key' }, { from: 'query', name: 'key' }),
      fc.oneof(context, fixed),
    )
    .map(([input, whenAbsent]): Place => ({ ...input, whenAbsent })),
  fixedIfGiven,
);

const bodyPlace = fc
  .constantFrom('', '/user', '/a/b')
  .map((parent): Input => ({ from: 'body', at: `${parent}/data` }));
const JSON_DATA: readonly (readonly Encoding[])[] = [
  ['json'],
  ['json'],
  ['json', 'escape-javascript'],
  ['json', 'escape-json'],
];

/** What a template puts into the body before it prints it. */
const put = fc.oneof(
  fixed,
  fc.integer({ min: 0, max: 9_999 }).map((number): Place => ({ fixed: number })),
  context,
  fc.constantFrom<Place>({ from: 'path', name: 'pput' }, { from: 'query', name: 'put' }),
  fc.constant<Place>({ from: 'body', at: '/a/source' }),
);
const changedBody = fc
  .dictionary(fc.constantFrom('/kpcStamp', '/kpcOrigin', '/kpcBy'), put, { minKeys: 1 })
  .map((members): Place => ({ from: 'body', at: '', as: ['json'], put: { ...members } }));

const dataPlace: fc.Arbitrary<Place> = fc.oneof(
  changedBody,
  withEncodings(inputNamed('data'), IN_DATA),
  withEncodings(bodyPlace, JSON_DATA),
  withEncodings(fc.constant<Input>({ from: 'body', at: '' }), [['json']]),
  fc.constant<Place>({ from: 'raw-body' }),
  fc
    .tuple(
      literal,
      withEncodings(inputNamed('data'), IN_DATA),
      literal,
      withEncodings(bodyPlace, [['json']]),
      literal,
    )
    .map(([a, first, b, second, c]): Place => ({ template: [a, first, b, second, `${c}\n`] })),
);

const elementPlace = (name: string, encodings: readonly (readonly Encoding[])[]) =>
  withEncodings(
    fc.constantFrom<Input>({ from: 'element', at: `/${name}` }, { from: 'element', at: `/in/${name}` }),
    encodings,
  );

const list: fc.Arbitrary<Records> = fc
  .tuple(
    fc.constantFrom('', '/records', '/batch/items'),
    fc.oneof(elementPlace('data', [...IN_DATA, ...JSON_DATA]), elementPlace('data', [['json']])),
    fc.oneof(elementPlace('key', IN_TEXT), context, fixed),
  )
  .map(([at, data, partitionKey]) => {
    const element: RecordPlaces = { data, partitionKey };
    return { list: { from: 'body', at }, element };
  });

const notInBody = fc.oneof(
  fc.constant<Place>({ from: 'path', name: 'pstream' }),
  fc.constant<Place>({ from: 'query', name: 'stream' }),
  fixed,
);

const method: fc.Arbitrary<readonly [action: string, Generated]> = fc.oneof(
  fc
    .record({ StreamName: textPlace('stream'), Data: dataPlace, PartitionKey: keyPlace })
    .map((members) => ['PutRecord', { members }] as const),
  fc
    .tuple(notInBody, list)
    .map(([StreamName, records]) => ['PutRecords', { members: { StreamName }, records }] as const),
  fc
    .record({
      StreamName: textPlace('stream'),
      ShardId: textPlace('shard'),
      ShardIteratorType: fc.oneof(fixed, fixedIfGiven),
    })
    .map((members) => ['GetShardIterator', { members }] as const),
  fc.record({ ShardIterator: textPlace('iterator') }).map((members) => ['GetRecords', { members }] as const),
  fc.record({ StreamName: textPlace('stream') }).map((members) => ['DescribeStream', { members }] as const),
);

/** Parameters that must be declared, since `$input.params(NAME)` does not say where they are. */
function declaredIn(generated: Generated): string[] {
  const text = JSON.stringify(generated);
  return [...text.matchAll(/"from":"(query|header)","name":"([^"]+)"/g)].map(
    ([, place, name]) => `${place}:${name}`,
  );
}

test('generated interfaces that are written as templates are derived correctly', () => {
  fc.assert(
    fc.property(method, fc.infiniteStream(fc.nat(1_000_000)), ([action, generated], choices) => {
      const writer = new TemplateWriter((count) => Number(choices.next().value) % count);
      const template = writer.request(generated.members, generated.records);
      const path = `/${[
        ...new Set(JSON.stringify(generated).match(/(?<="from":"path","name":")[^"]+/g) ?? []),
      ]
        .map((name) => `{${name}}`)
        .join('/')}`;
      const call = callOf({ action, path, template, parameters: declaredIn(generated) });
      expect(call.undetermined, template).to.deep.equal([]);
      expect(membersOf(call), template).to.deep.equal({
        ...Object.fromEntries(
          Object.entries(generated.members).map(([name, place]) => [FIELDS[name] ?? name, place]),
        ),
        ...(generated.records && { records: generated.records }),
      });
    }),
    { numRuns: Number(process.env.PROPERTY_RUNS ?? 250) },
  );
});

const FIELDS: Readonly<Record<string, string>> = {
  StreamName: 'stream',
  Data: 'data',
  PartitionKey: 'partitionKey',
  ShardId: 'shardId',
  ShardIteratorType: 'iteratorType',
  ShardIterator: 'iterator',
};

function membersOf(call: object): Record<string, unknown> {
  const known = new Set([...Object.values(FIELDS), 'records', 'others']);
  return Object.fromEntries(Object.entries(call).filter(([name]) => known.has(name)));
}
