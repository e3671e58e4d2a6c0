import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { readYaml } from '../../yaml.ts';
import type { JsonObject } from '../types.ts';
import { deriveInterface } from './derive.ts';
import { callOf } from './testing.ts';

/** Three times the CPU time measured on a busy machine when this test was written. */
const MAX_CPU_MILLIS = 500;

test('fifty methods are derived in a fraction of a second', (t) => {
  const file = new URL('../../proxy/tutorial.yaml', import.meta.url);
  const tutorial = readYaml(readFileSync(file, 'utf8')) as JsonObject;
  const copies = Array.from({ length: 7 }, (_, number) =>
    Object.entries(tutorial.paths as JsonObject).map(([path, item]) => [
      `/v${number}${path}`,
      // Make the templates distinct, as in a real definition.
      JSON.parse(JSON.stringify(item).replaceAll('"{', `"##${number}\\n{`)),
    ]),
  );
  const before = process.cpuUsage();
  const { calls } = deriveInterface({ ...tutorial, paths: Object.fromEntries(copies.flat()) });
  const { user, system } = process.cpuUsage(before);
  const millis = Math.round((user + system) / 1000);
  t.diagnostic(`${calls.length} methods in ${millis} ms of CPU`);
  expect(calls).to.have.lengthOf(56);
  expect(calls.flatMap(({ undetermined }) => undetermined)).to.deep.equal([]);
  expect(millis).to.be.below(MAX_CPU_MILLIS);
});

test('a template that is slow to render is abandoned', () => {
  const loop = (inside: string) => `#foreach($i in [1..1000])${inside}#end`;
  const call = callOf({ template: `${loop(loop(loop('#set($x = $i)')))}{"StreamName": "s"}` });
  expect(call.undetermined.map(({ what }) => what)).to.deep.equal(['request']);
  expect(call.undetermined[0]?.why).to.match(/takes (?:more steps|too long)/);
});

const FRAGMENTS = [
  '{"StreamName": "s", ',
  '"Data": "$util.base64Encode($input.body)", ',
  '"PartitionKey": "k"}',
  "$input.path('$.a.b')",
  "$input.path('$.a')",
  "$input.json('$.a[0].c')",
  "$input.json('$..x')",
  "$input.path('$[')",
  "#foreach($e in $input.path('$.a'))",
  '#foreach($e in $e)',
  '$e.k',
  '$e[1].z',
  '#if($e.size() > 1)',
  "#if($input.params('q') == 'x')",
  '#else',
  '#end',
  '#set($a = $input.params())',
  '$a.header.keySet()',
  '$a.querystring.q.r',
  '$util.parseJson($input.body).a.b',
  '$context.authorizer.claims.sub.x',
  '$stageVariables.v',
  '#set($x = 1 / 0)',
  '"Records": [',
  ']}',
  '}',
  ', ',
  '$',
];

test('any template gives a result or a reason', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('PutRecord', 'PutRecords', 'GetShardIterator', 'Unknown'),
      fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 12 }),
      (action, fragments) => {
        const call = callOf({ action, template: fragments.join('') });
        const found = [call.stream, call.data, call.records, call.others, ...call.undetermined];
        // An empty object is a valid request too.
        if (fragments.join('').trim() !== '{}') expect(found.some((one) => one !== undefined)).to.equal(true);
      },
    ),
    { numRuns: 300 },
  );
});
