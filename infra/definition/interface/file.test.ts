import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { expect } from 'chai';
import { UsageError } from '../../errors.ts';
import { readYaml } from '../../yaml.ts';
import type { JsonObject } from '../types.ts';
import { deriveInterface } from './derive.ts';
import { readInterface, writeInterface } from './file.ts';
import schema from './interface.schema.json' with { type: 'json' };

const TUTORIAL = readYaml(
  readFileSync(new URL('../../proxy/tutorial.yaml', import.meta.url), 'utf8'),
) as JsonObject;

test('the schema is valid', () => {
  expect(new Ajv({ strict: false }).validateSchema(schema)).to.equal(true);
});

test('a written interface is read back unchanged', () => {
  const derived = deriveInterface(TUTORIAL);
  expect(readInterface(writeInterface(derived), 'mine.yaml')).to.deep.equal({
    ...derived,
    source: 'mine.yaml',
  });
});

test('action, method and path are enough; the rest is derived or has a default', () => {
  const given = `
calls:
  - action: PutRecord
    method: POST
    path: /events/{tenant}
    stream: { template: [events-, { from: path, name: tenant }] }
    data: { from: raw-body }
    partitionKey: { from: context, name: requestId }
    auth: api-key
`;
  const { calls, absent, source } = readInterface(given, 'mine.yaml');
  expect(source).to.equal('mine.yaml');
  expect(calls[0]).to.include({
    stored: 'whole-body',
    key: 'generated: requestId',
    contentType: 'application/json',
    apiKeyRequired: true,
    errors: 'mapped',
    response: 'pass-through',
  });
  expect(absent).to.have.lengthOf(7);
});

const CALL = 'calls:\n- action: PutRecord\n  method: POST\n  path: /events\n';
const REFUSED: readonly (readonly [string, RegExp])[] = [
  ['calls: [', /^mine\.yaml is neither YAML nor JSON, line 1: /],
  ['[]', /^mine\.yaml: the file must be object;/],
  ['calls: []', /\/calls must NOT have fewer than 1 items/],
  [CALL.replace('PutRecord', "''"), /\/calls\/0\/action must NOT have fewer than 1 characters/],
  [CALL.replace('POST', 'post'), /\/calls\/0\/method is not one of GET, PUT, POST/],
  [`${CALL}  steam: 1\n`, /\/calls\/0 has an unknown member steam/],
  [`${CALL}  stream: clicks\n`, /\/calls\/0\/stream takes \{from: path\|query\|header, name\}/],
  [`${CALL}  stream: { from: cookie, name: x }\n`, /\/calls\/0\/stream takes .* or \{template\}/],
  [
    `${CALL}  stream: { from: path, name: x }\n`,
    /\/calls\/0: \{from: path, name: x\} is not a parameter of \/events$/,
  ],
  [`${CALL}  stream: { fixed: a, given: { from: query, name: x } }\n`, /\/calls\/0\/stream takes /],
  [`${CALL}  stream: { fixed: a, whenAbsent: { fixed: b } }\n`, /\/calls\/0\/stream takes /],
  [
    `${CALL}  stream: { fixed: a, given: { from: path, name: x }, whenAbsent: omitted }\n`,
    /\/calls\/0: \{from: path, name: x\} is not a parameter of \/events$/,
  ],
  [`${CALL}  records: { list: { from: body, at: x }, element: {} }\n`, /\/calls\/0\/records\/list takes /],
  [`${CALL}  data: { from: element, at: /x }\n`, /\{from: element\} is only allowed in records\.element$/],
];

for (const [text, message] of REFUSED)
  test(`refused: ${JSON.stringify(text.slice(-40))}`, () => {
    expect(() => readInterface(text, 'mine.yaml'))
      .to.throw(UsageError)
      .with.property('message')
      .that.matches(message)
      .and.not.includes('\n');
  });
