import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Tally } from '../../report.ts';
import { search } from '../search.ts';
import type { KinesisCase } from './cases.ts';
import { compareRequests, type RequestExplanation } from './compare.ts';
import type { Fixture } from './fixture.ts';

const refusal = (type: string, message: string) => ({
  status: 400,
  body: JSON.stringify({ __type: type, message }),
});
const same: Fixture = { ask: async () => refusal('ResourceNotFoundException', 'Stream s not found.') };
const differs = (wrong: object): Fixture => ({
  ask: async (request) =>
    request.action === 'PutRecord' ? { status: 400, body: JSON.stringify(wrong) } : same.ask(request),
});

function compare(
  ours: Fixture,
  oracles: Parameters<typeof compareRequests>[1],
  explanations: readonly RequestExplanation[] = [],
  tally = new Tally(),
) {
  return search(compareRequests(ours, oracles, explanations), { cases: 1, seed: 1 }, tally);
}

test('three implementations that agree have no differences', async () => {
  const tally = new Tally();
  assert.deepEqual(await compare(same, { kinesalite: same, 'kinesis-local': same }, [], tally), []);
  assert.ok(tally.cases > 500);
});

test('a different type, text or spelling of its key is a difference from kinesalite', async () => {
  for (const wrong of [
    { __type: 'ValidationException', message: 'Stream s not found.' },
    { __type: 'ResourceNotFoundException', message: 'Stream s is not there.' },
    { __type: 'ResourceNotFoundException', Message: 'Stream s not found.' },
  ]) {
    const [first] = await compare(differs(wrong), { kinesalite: same });
    assert.match(first?.input ?? '', /^PutRecord \{/);
    assert.match(first?.expected ?? '', /^kinesalite: /);
  }
});

test('the order of the constraints in a ValidationException is ignored', async () => {
  const [one, other] = ['a; b', 'b; a'].map((constraints) => ({
    ask: async () => refusal('ValidationException', `2 validation errors detected: ${constraints}`),
  }));
  assert.ok(one && other);
  assert.deepEqual(await compare(one, { kinesalite: other }), []);
});

test('for kinesis-local, whether a request is refused and the kind of error count, but not the text', async () => {
  const local = { 'kinesis-local': same };
  const otherText = differs({ __type: 'ResourceNotFoundException', Message: 'Nothing there' });
  assert.deepEqual(await compare(otherText, local), []);
  const [first] = await compare(differs({ __type: 'ValidationException', message: 'a' }), local);
  assert.match(first?.expected ?? '', /^kinesis-local: 400 ResourceNotFoundException/);
});

test('an explanation applies to its own oracle only', async () => {
  const wrong = differs({ __type: 'ValidationException', message: 'a' });
  const explanation: RequestExplanation = {
    oracle: 'kinesis-local',
    kind: 'known',
    reason: 'r',
    fact: 'f',
    witness: { action: 'PutRecord', input: {} } satisfies KinesisCase,
    explains: () => true,
  };
  const tally = new Tally();
  assert.deepEqual(await compare(wrong, { 'kinesis-local': same }, [explanation], tally), []);
  assert.equal(tally.explained[0]?.kind, 'known');
  assert.notDeepEqual(await compare(wrong, { kinesalite: same }, [explanation]), []);
});
