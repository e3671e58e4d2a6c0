import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { plainReason, tellingExchange } from './failure.ts';

const ESC = '\u001b';

function thrown(check: () => void): Error {
  try {
    check();
  } catch (error) {
    return error as Error;
  }
  throw new Error('it passed');
}

test('stack traces are removed, whatever their frames look like', () => {
  const { stack = '' } = thrown(() => assert.deepEqual([1], [2], undefined));
  assert.match(stack, /\n +at /);
  assert.doesNotMatch(plainReason(stack), /\bat .*\d+:\d+|AssertionError/);
  for (const frame of [
    'at ProxyWorld.<anonymous> (steps/production.steps.ts:182:49)',
    'at async file:///x/y.ts:1:2',
    'at new Promise (<anonymous>)',
    'at process.processTicksAndRejections (node:internal/process/task_queues:104:5)',
    'at Array.map (native)',
  ])
    assert.equal(plainReason(`Error: it broke\n    ${frame}\n    ${frame}`), 'it broke', frame);
});

test('terminal colours are removed', () => {
  const coloured = `expected ${inspect({ a: 1, b: 'x' }, { colors: true })} and ${ESC}[1;31mred${ESC}[0m`;
  assert.ok(coloured.includes(ESC));
  assert.equal(plainReason(coloured), "expected { a: 1, b: 'x' } and red");
});

test("the API's text is kept even if it looks like either", () => {
  const answer =
    'GET /x answered 500 java.lang.Error\n    at com.example.Foo(Foo.java:1:2)\nmore: expected 500 to equal 200';
  assert.equal(plainReason(`AssertionError: ${answer}\n    at steps/x.ts:1:1`), answer);
  assert.equal(plainReason(`clears ${ESC}[2J the screen`), `clears ${ESC}[2J the screen`);
});

test("cucumber's difference is kept only if it adds something", () => {
  const difference = '\n    + expected - actual\n\n    -200\n    +404\n';
  assert.equal(plainReason(`expected 200 to equal 404${difference}`), 'expected 200 to equal 404');
  assert.match(plainReason(`the status is 404${difference}`), /-200/);
  assert.equal(plainReason('it is\n    + expected - actual\n\n    -false\n    +true\n'), 'it is');
});

test('of several calls of one URL, the relevant one is the first with the answer that the check names', () => {
  const exchange = (key: string, status: number, body: string) => ({
    request: { method: 'PUT', url: 'http://x/y', headers: {}, body: key },
    response: { status, headers: {}, body },
    durationMs: 1,
  });
  const exchanges = [
    exchange('plain', 200, '{"ok":1}'),
    exchange('a "quote"', 400, '{"no":1}'),
    exchange('another "quote"', 400, '{"no":1}'),
    exchange('last', 200, '{"ok":1}'),
  ];
  const reason = 'expected success, and PUT http://x/y answered 400 {"no":1}';
  assert.equal(tellingExchange({ exchanges, reason })?.request.body, 'a "quote"');
});

test('the relevant exchange is the one that the check names, else the last', () => {
  const exchange = (method: string) => ({
    request: { method, url: 'http://x/y', headers: {} },
    response: { status: 200, headers: {}, body: '' },
    durationMs: 1,
  });
  const exchanges = [exchange('GET'), exchange('PUT')];
  assert.equal(tellingExchange({ exchanges, reason: 'GET http://x/y answered 200' }), exchanges[0]);
  assert.equal(tellingExchange({ exchanges, reason: 'no shard' }), exchanges[1]);
  assert.equal(tellingExchange({ exchanges: [] }), undefined);
});
