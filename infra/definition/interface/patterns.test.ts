import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { mayContain } from './patterns.ts';

const CHARACTERS = ['"', '\\', '\n', "'"];
const left = (pattern: string) => CHARACTERS.filter((character) => mayContain(pattern, character));

test('an anchored pattern excludes the characters that none of its classes has', () => {
  for (const pattern of [
    '^[0-9a-f]{8}-[0-9a-f]{4}$',
    '^[\\w.-]+$',
    '^(?:a|b{2,})?\\d+$',
    '^(?<year>\\d{4})-(\\d\\d)$|^none$',
    '^(?=x{3})[a-z]$',
    '^a\\.b\\$$',
  ])
    assert.deepEqual(left(pattern), [], pattern);
});

test('a pattern leaves what a class, an escape or its ends let through', () => {
  for (const [pattern, characters] of [
    ['^.+$', ['"', '\\', "'"]],
    ["^[\\w'-]+$", ["'"]],
    ['^[^"]*$', ['\\', '\n', "'"]],
    ['^\\S+$', ['"', '\\', "'"]],
    ['^[\\s\\S]*$', CHARACTERS],
    ['^[^]*$', CHARACTERS],
    ['^\\x22$', ['"']],
    ['^\\u0027a$', ["'"]],
    ['^\\42$', ['"']],
    ['^\\\\$', ['\\']],
    ['[a-z]+', CHARACTERS],
    ['^[a-z]+', CHARACTERS],
    ['^[a-z]+$|x', CHARACTERS],
    ['^[a-z]+\\$', CHARACTERS],
    ['^([a-z]+$', CHARACTERS],
  ] as const)
    assert.deepEqual(left(pattern), [...characters], pattern);
});

test('no text that a pattern accepts has an excluded character', () => {
  const atom = fc.constantFrom('a', '\\d', '[a-c"]', '[^a]', '.', "'", '\\W', '\\n', '(?:b|")', '[\\\\x]');
  const repeat = fc.constantFrom('', '+', '*', '?', '{2}', '{1,3}');
  const body = fc.array(
    fc.tuple(atom, repeat).map((parts) => parts.join('')),
    { minLength: 1, maxLength: 4 },
  );
  const ends = fc.constantFrom(['^', '$'], ['', '$'], ['^', '']);
  fc.assert(
    fc.property(
      fc.tuple(ends, body).map(([[start, end], parts]) => `${start}${parts.join('')}${end}`),
      fc
        .array(fc.constantFrom(...CHARACTERS, 'a', 'b', '1', ' '), { maxLength: 6 })
        .map((all) => all.join('')),
      (pattern, text) => {
        if (!new RegExp(pattern).test(text)) return;
        for (const character of CHARACTERS)
          if (text.includes(character)) assert.ok(mayContain(pattern, character), `${pattern} ${character}`);
      },
    ),
    { numRuns: 2_000 },
  );
});
