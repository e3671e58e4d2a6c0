import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseJsonBounded } from './json.ts';

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

test('JSON is read up to the maximum depth, not counting brackets in strings', () => {
  assert.deepEqual(parseJsonBounded('{"a": [1, "x\\"["]}'), { a: [1, 'x"['] });
  assert.ok(Array.isArray(parseJsonBounded(nested(200))));
  assert.throws(() => parseJsonBounded(nested(201)), /^Error: it nests deeper than 200$/);
  assert.equal(parseJsonBounded(JSON.stringify(nested(500))), nested(500));
  assert.equal(parseJsonBounded(JSON.stringify(`\\"${nested(500)}\n`)), `\\"${nested(500)}\n`);
});

test('an unterminated string is scanned only once', () => {
  for (const piece of ['\\"', '"\\', '\\', '"', '\\\\"', '"[', 'x', '\n"']) {
    const text = `{"a":"${piece.repeat(2_000_000)}`;
    const started = performance.now();
    assert.throws(() => parseJsonBounded(text));
    assert.ok(performance.now() - started < 5_000, JSON.stringify(piece));
  }
});
