import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isReadOutOf } from './expected-puts.ts';

const TEXT = 'a "quoted" word, one \\ and O\'Brien';
const JSON_OF_IT = JSON.stringify(TEXT);
const inBase64 = (text: string) => Buffer.from(text).toString('base64');

for (const [how, stored] of [
  ['itself', TEXT],
  ['its JSON', JSON_OF_IT],
  ['a member of a document', `{"id": 1, "text": ${JSON_OF_IT}}`],
  ['a document that a separator follows', `{"text": ${JSON_OF_IT}}|`],
  ['the second of two lines of documents', `{"id": "a"}\n{"text": ${JSON_OF_IT}}\n`],
  ['its base64', inBase64(TEXT)],
  [
    'a document that has a body with it in base64',
    `{"at": 1, "body": "${inBase64(`{"text": ${JSON_OF_IT}}`)}"}`,
  ],
  ['its percent-encoding', encodeURIComponent(TEXT)],
] as const)
  test(`a text is read out of ${how}`, () => assert.ok(isReadOutOf(stored)(TEXT)));

for (const [how, stored] of [
  ['what is escaped for JavaScript', TEXT.replaceAll(/["\\']/g, (character) => `\\${character}`)],
  ['what is escaped for JSON and has no quotes around it', JSON_OF_IT.slice(1, -1)],
  ['its lower case', TEXT.toLowerCase()],
  [
    'the lower case of base64 in a document',
    `{"body": "${inBase64(`{"text": ${JSON_OF_IT}}`).toLowerCase()}"}`,
  ],
  ['JSON that is escaped once more', `{"text": ${JSON.stringify(JSON_OF_IT)}`.toLowerCase()],
] as const)
  test(`a text is not read out of ${how}`, () => assert.ok(!isReadOutOf(stored)(TEXT)));
