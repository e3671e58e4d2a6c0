import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isReadOutOf } from './expected-puts.ts';

const TEXT = 'a "quoted" word, one \\ and O\'Brien';
const JSON_OF_IT = JSON.stringify(TEXT);

for (const [how, stored] of [
  ['itself', TEXT],
  ['its JSON', JSON_OF_IT],
  ['a member of a document', `{"id": 1, "text": ${JSON_OF_IT}}`],
  ['a document that a separator follows', `{"text": ${JSON_OF_IT}}|`],
  ['the second of two lines of documents', `{"id": "a"}\n{"text": ${JSON_OF_IT}}\n`],
  ['its base64', Buffer.from(TEXT).toString('base64')],
  ['its percent-encoding', encodeURIComponent(TEXT)],
] as const)
  test(`a text is read out of ${how}`, () => assert.ok(isReadOutOf(stored)(TEXT)));

for (const [how, stored] of [
  ['what is escaped for JavaScript', TEXT.replaceAll(/["\\']/g, (character) => `\\${character}`)],
  ['what is escaped for JSON and has no quotes around it', JSON_OF_IT.slice(1, -1)],
  ['its lower case', TEXT.toLowerCase()],
  ['JSON that is escaped once more', `{"text": ${JSON.stringify(JSON_OF_IT)}`.toLowerCase()],
] as const)
  test(`a text is not read out of ${how}`, () => assert.ok(!isReadOutOf(stored)(TEXT)));
