import assert from 'node:assert/strict';
import { test } from 'node:test';
import { javaExpectations } from './java-sdk.ts';
import { pythonExpectations } from './python-sdk.ts';
import { EVERY_BYTE, type Expectations, judge, type Steps } from './session.ts';

const SESSION = { started: 1_700_000_000_500, ended: 1_700_000_009_000 };
const END = 'exit code 0';
const sequence = (last: number) => `${'4'.repeat(55)}${last}`;

/** The values of a correct session: the expected texts, and these for the values that vary. */
function seen(expectations: Expectations, varying: Readonly<Record<string, string>>): Map<string, string> {
  const steps = new Map(Object.entries(varying));
  for (const [step, expectation] of Object.entries(expectations)) {
    if (typeof expectation === 'string') steps.set(step, expectation);
  }
  for (const [step, expectation] of Object.entries(expectations)) {
    if (typeof expectation !== 'string') steps.set(step, steps.get(step) ?? expectation(steps));
  }
  return steps;
}

const java = javaExpectations(SESSION);
const JAVA = {
  'made at': '1700000000000',
  put: `shardId-000000000000 ${sequence(1)}`,
  'put many': `0 shardId-000000000000 ${sequence(2)}, shardId-000000000000 ${sequence(3)}, shardId-000000000001 ${sequence(4)}`,
  'arrived at': '1700000001000, 1700000002000, 1700000002000',
};
const right = new Map(Object.entries(java).map(([client, expected]) => [client, seen(expected, JAVA)]));

/** The differences when one step of the synchronous client gave another value. */
function changed(step: string, change: (value: string) => string) {
  const steps = new Map(right.get('sync'));
  steps.set(step, change(steps.get(step) ?? ''));
  const clients = new Map<string, Steps>([...right, ['sync', steps]]);
  return judge({ clients, end: END }, java).differences.map(({ input }) => input);
}

test('a correct session has no differences', () => {
  const report = judge({ clients: right, end: END }, java);
  assert.deepEqual(report.differences, []);
  assert.equal(report.cases, 3 * 23 + 1);
  const python = pythonExpectations(SESSION);
  const varying = { 'made at': '1700000001000', put: JAVA.put, 'arrived at': '1700000001234' };
  const clients = new Map(
    Object.entries(python).map(([client, expected]) => [
      client,
      seen(expected, client === 'boto3' ? varying : {}),
    ]),
  );
  assert.deepEqual(judge({ clients, end: END }, python).differences, []);
});

test('a value changed by a wrong encoding is a difference', () => {
  for (const [what, step, change] of [
    ['seconds for milliseconds', 'arrived at', (value) => value.replaceAll('000', '')],
    ['seconds for milliseconds', 'made at', (value) => value.slice(0, -3)],
    ['arrivals out of order', 'arrived at', (value) => value.replace('2000', '3000')],
    ['base64 for bytes', 'read the first shard', (value) => value.replace(EVERY_BYTE, btoa(EVERY_BYTE))],
    ['an extra record', 'read from a time on', (value) => `x, ${value}`],
    ['a letter beyond ASCII', 'read from a time on', (value) => value.replace('ü', '?')],
    ['another shard', 'put', (value) => value.replace('0000 ', '0001 ')],
    ['the JSON protocol', 'the wire', (value) => value.replaceAll('cbor', 'json')],
    ['an untyped exception', 'an unknown stream', (value) => value.replace(/^\w+/, 'KinesisException')],
    ['an exception without a text', 'an unknown stream', (value) => value.replace(/:.*/, ': null')],
    ['no exception', 'more than a shard takes', () => '50 records taken'],
  ] as [string, string, (value: string) => string][]) {
    assert.deepEqual(changed(step, change), [`sync: ${step}`], what);
  }
});

test('a missing or unexpected step or client, and a failed program, are differences', () => {
  const inputs = (clients: ReadonlyMap<string, Steps>, end = END) =>
    judge({ clients, end }, java).differences.map(({ input, actual }) => [input, actual]);
  const shorter = new Map(right.get('json'));
  shorter.delete('delete');
  assert.deepEqual(inputs(new Map([...right, ['json', shorter]])), [['json: delete', 'not reached']]);
  const stray = new Map<string, Steps>([...right, ['x', new Map([['Traceback', '']])]]);
  assert.deepEqual(inputs(stray), [['x: Traceback', '']]);
  assert.deepEqual(inputs(right, 'exit code 1: why'), [['the program', 'exit code 1: why']]);
  assert.equal(inputs(new Map()).length, 3 * 23);
});
