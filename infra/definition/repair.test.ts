import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { readYaml } from '../yaml.ts';
import { loadDefinition } from './definition.ts';
import { deriveInterface } from './interface/derive.ts';
import { RequestMapper } from './interface/mapped.ts';
import { openapiOf } from './interface/testing.ts';
import { type Left, type Repair, repair } from './repair.ts';
import type { JsonObject } from './types.ts';

const clausesOf = (openapi: JsonObject) =>
  [...new Set(deriveInterface(openapi).weak.flatMap(({ clauses = [] }) => clauses))].sort();

const textsOf = (done: readonly Repair[]) => done.map(({ where, what }) => `${where}: ${what}`);
const linesOf = (left: readonly Left[]) => left.map(({ where, what, why }) => `${where}: ${what}: ${why}`);

test("the tutorial's API: errors and keys are repaired, and the remaining weaknesses are listed", () => {
  const openapi = readYaml(
    readFileSync(new URL('../proxy/tutorial.yaml', import.meta.url), 'utf8'),
  ) as JsonObject;
  expect(clausesOf(openapi)).to.include.members(['SAFE-1', 'SAFE-2', 'SAFE-7', 'SAFE-10']);
  const { done, left } = repair(openapi);
  expect(textsOf(done)).to.include('PUT /streams/{stream-name}/records: $elem.partition-key is escaped');
  expect(linesOf(left)).to.deep.equal([
    "POST /streams/{stream-name}: $input.path('$.ShardCount') in line 2 of the template of application/json: it is outside of quotes; put a text in quotes, and have a validator demand a number",
  ]);
  const { weak } = deriveInterface(openapi);
  expect(clausesOf(openapi)).to.have.members(['SAFE-3', 'SAFE-4', 'SAFE-10', 'SAFE-14', 'SAFE-18']);
  const smuggling = weak.filter(({ clauses = [] }) => clauses.includes('SAFE-10'));
  expect(smuggling.map(({ where }) => where)).to.deep.equal(['POST /streams/{stream-name}: ShardCount']);
});

test('a proxy that only puts: everything mechanical is repaired, and only once', () => {
  const openapi = openapiOf([
    {
      template: `{"StreamName": "s", "Data": "$util.base64Encode($input.body)", "PartitionKey": "$input.params('key')"}`,
      parameters: ['query:key'],
      integration: { passthroughBehavior: 'when_no_match' },
      operation: { security: [{ sigv4: [] }] },
    },
  ]);
  expect(clausesOf(openapi)).to.include.members(['SAFE-1', 'SAFE-10', 'SAFE-12', 'SAFE-2', 'SAFE-7']);
  expect(repair(openapi).done).to.have.length(4);
  for (const id of ['SAFE-1', 'SAFE-2', 'SAFE-7', 'SAFE-10', 'SAFE-12'])
    expect(clausesOf(openapi)).to.not.include(id);
  expect(repair(openapi)).to.deep.equal({ done: [], left: [] });
});

const DATA = '"Data": "$util.base64Encode($input.body)"';
const ROOT = "#set($inputRoot = $input.path('$'))\n";
const one = (key: string) => `{"StreamName": "s", ${DATA}, "PartitionKey": ${key}}`;
const loop = (key: string, list = '$inputRoot.records') =>
  `${ROOT}{"StreamName": "s", "Records": [#foreach($elem in ${list}){"Data": "$util.base64Encode($elem.data)", "PartitionKey": ${key}}#if($foreach.hasNext),#end#end]}`;

/** Templates that print a client's key without escaping it, in the idioms that people use. */
const IDIOMS: readonly string[] = [
  `${ROOT}${one('"$inputRoot.userId"')}`,
  `${ROOT}${one('"$!inputRoot.userId"')}`,
  `${ROOT}${one('"${inputRoot.userId}"')}`,
  `${ROOT}${one('"$!{inputRoot.userId}"')}`,
  `${ROOT}${one('"$inputRoot.user.id"')}`,
  `${ROOT}${one(`"$inputRoot['userId']"`)}`,
  `${ROOT}${one('"$inputRoot["userId"]"')}`,
  `${ROOT}${one(`"$inputRoot.get('userId')"`)}`,
  `${ROOT}${one('"$inputRoot.ids[0]"')}`,
  `${ROOT}${one('"$inputRoot.userId.trim()"')}`,
  `${ROOT}#set($user = $inputRoot.user)\n${one('"$user.id"')}`,
  one(`"$input.path('$.userId')"`),
  one('"$input.path("$.userId")"'),
  one(`"$input.path('$').userId"`),
  `#set($body = $util.parseJson($input.body))${one('"$body.userId"')}`,
  `#set($key = $input.params('key'))${one('"$key"')}`,
  `#set($key = "$input.params('key')")${one('"$!{key}"')}`,
  one(`"$input.params().querystring.get('key')"`),
  one('"$input.params().querystring.key"'),
  one(`"user-$input.params('key')"`),
  one(`"$input.params('key').replaceAll('~', '-')"`),
  one(`"$input.params('key').split('~')[0]"`),
  one(`"\${input.params('key')}.log"`),
  `#set($key = $input.params('key'))#if(!$key || $key == '')#set($key = $context.requestId)#end${one('"$key"')}`,
  `#set($key = $input.params('key'))${one('"#if($key)$key#{else}none#end"')}`,
  one(`"$util.escapeJavaScript($input.params('key'))"`),
  `#set($key = $util.escapeJavaScript($input.params('key')))${one('"$key"')}`,
  `#define($key)$input.params('key')#end${one('"$key"')}`,
  loop('"$elem.key"'),
  loop('"$!elem.key"'),
  loop('"$!{elem.key}"'),
  loop(`"$elem['key']"`),
  loop('"$elem.key"', "$input.path('$.records')"),
  loop('#set($key = $elem.key)"$key"'),
];

for (const template of IDIOMS)
  test(`what ${template.replace(/\s+/g, ' ')} prints is escaped`, () => {
    const openapi = openapiOf([
      {
        template,
        action: template.includes('"Records"') ? 'PutRecords' : 'PutRecord',
        parameters: ['query:key'],
      },
    ]);
    expect(clausesOf(openapi)).to.include('SAFE-7');
    const { done, left } = repair(openapi);
    expect(left).to.deep.equal([]);
    expect(textsOf(done).some((line) => line.endsWith(' is escaped'))).to.equal(true);
    expect(clausesOf(openapi)).to.not.include('SAFE-7').and.to.not.include('SAFE-10');
    expect(repair(openapi)).to.deep.equal({ done: [], left: [] });
  });

test('every text comes out of a repaired template as the client sent it', () => {
  const methods = IDIOMS.map((template, index) => ({
    template,
    path: `/idioms/${index}`,
    action: template.includes('"Records"') ? 'PutRecords' : 'PutRecord',
    parameters: ['query:key'],
  }));
  const openapi = openapiOf(methods);
  repair(openapi);
  const folder = mkdtempSync(path.join(tmpdir(), 'repair-'));
  try {
    const file = path.join(folder, 'repaired.json');
    writeFileSync(file, JSON.stringify(openapi));
    const base = 'http://127.0.0.1:1/_aws/execute-api/abc/test';
    const mapper = new RequestMapper(loadDefinition(file), {
      region: 'us-east-1',
      stackName: 'kpc',
      baseUrls: [base],
    });
    const hostile = fc.constantFrom(
      '"',
      '\\',
      "'",
      '\n',
      '\u0001',
      '/',
      '$',
      '#',
      '","KpcAdded":"',
      "\\'",
      'é',
      '😀',
    );
    const texts = fc.array(
      fc.oneof(
        hostile,
        fc.string({ maxLength: 4 }).map((text) => text.replaceAll('~', '')),
      ),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(fc.constantFrom(...methods), texts, ({ path, template }, parts) => {
        const key = `x${parts.join('')}x`;
        const record = { data: 'ZGF0YQ==', key };
        const body = { userId: key, user: { id: key }, ids: [key], records: [record, record] };
        const url = `${base}${path}?key=${encodeURIComponent(key)}`;
        const mapped = mapper.map({ method: 'POST', url, headers: {}, body: JSON.stringify(body) });
        expect(mapped?.broken, `${template} with ${key}`).to.equal(undefined);
        const sent = JSON.parse(mapped?.body ?? '');
        for (const { PartitionKey, ...rest } of sent.Records ?? [sent]) {
          expect(PartitionKey.replace(/^user-|\.log$/g, '')).to.equal(key);
          expect(Object.keys(rest)).to.have.length(sent.Records ? 1 : 2);
        }
      }),
      { numRuns: 300 },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a value that cannot be escaped safely is left, with the place and the reason', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    [one("$input.path('$.userId')"), /\$input\.path\('\$\.userId'\) in line 1 .*: it is outside of quotes/],
    [`${ROOT}${one('$inputRoot.userId')}`, /\$inputRoot\.userId in line 2 .*: it is outside of quotes/],
    [one(`"$input.json('$.userId')"`), /prints quotes of its own/],
    [one(`"$input.params('key').replace('"', '\\"')"`), /may be escaped or built of JSON already/],
    [
      `#set($key = $input.params('key'))#if($key == '')#set($key = 'a\\"b')#end${one('"$key"')}`,
      /may be escaped or built of JSON already/,
    ],
    [`#define($body)${one(`"$input.params('key')"`)}#end$body`, /may be escaped or built of JSON already/],
    [
      `{"StreamName": "s", ${DATA}, "PartitionKey": #if($context.stage)"#end$input.params('key')"}`,
      /cannot be told/,
    ],
    [one(`"{\\"user\\": \\"$input.params('key')\\"}"`), /JSON that is itself a text/],
    ['#if($context.stage){"PartitionKey": "a"}', /it cannot be parsed/],
  ];
  for (const [template, reason] of cases) {
    const openapi = openapiOf([{ template, parameters: ['query:key'] }]);
    const { left } = repair(openapi);
    expect(linesOf(left).join('\n'), template)
      .to.match(/^POST \/events: /)
      .and.to.match(reason);
    expect(JSON.stringify(openapi)).to.include(JSON.stringify(template));
  }
});

test('what needs no escaping stays as it is', () => {
  const templates = [
    one('"$context.requestId"'),
    one(`"$util.urlEncode($input.params('key'))"`),
    one(`"$util.urlEncode($input.params('key')).replaceAll('%20', '_')"`),
    one(`"$util.escapeJavaScript("$!input.params('key')").replaceAll("\\\\'", "'")"`),
    `#set($note = {"a": "$input.params('key')"})## "$input.params('key')"\n${one('"$context.requestId"')}`,
    '{"StreamName": "s", "Data": "$util.base64Encode($input.body)", "PartitionKey": $input.json("$.userId")}',
    '$input.body',
  ];
  for (const template of templates) {
    const { done, left } = repair(openapiOf([{ template }]));
    expect(
      textsOf(done).filter((line) => line.endsWith(' is escaped')),
      template,
    ).to.deep.equal([]);
    expect(left, template).to.deep.equal([]);
  }
});
