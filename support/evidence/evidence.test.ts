import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { UsageError } from '../../infra/errors.ts';
import { compareEvidence } from './compare.ts';
import type { ClauseEvidence, NormalExchange } from './evidence.ts';
import { prepareEvidence, readEvidence, writeEvidence } from './store.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kpc-evidence-'));
after(() => rmSync(folder, { recursive: true }));

function answered(status: number, json: object, path = '/streams', method = 'GET'): NormalExchange {
  return {
    request: { method, path, headers: {} },
    response: { status, headers: { a: 'b' }, body: { json: json as never } },
  };
}

function evidence(exchanges: NormalExchange[], more: Partial<ClauseEvidence> = {}): ClauseEvidence {
  return {
    schemaVersion: 1,
    source: 'simulation',
    clause: 'LIST-1',
    grade: 'T',
    statement: 'The list holds names.',
    result: 'passed',
    recorded: {
      date: '2026-06-15',
      target: { name: 'embedded AWS', version: '0.1.0' },
      definition: { name: 'tutorial', sha256: '0'.repeat(64) },
      suite: { version: '0.1.0', commit: 'unknown' },
    },
    scenarios: [{ id: 'streams/list.feature: x', result: 'passed', exchanges }],
    ...more,
  };
}

const by = (...clauses: ClauseEvidence[]) => new Map(clauses.map((clause) => [clause.clause, clause]));
const found = (a: NormalExchange[], b: NormalExchange[]) =>
  compareEvidence(by(evidence(a)), by(evidence(b))).differences.map(({ where, before, after }) => [
    where,
    before,
    after,
  ]);

test('equal evidence has no differences, however many looks it took', () => {
  const creating = answered(200, { StreamStatus: 'CREATING' });
  const active = answered(200, { StreamStatus: 'ACTIVE' });
  assert.deepEqual(found([active], [active]), []);
  assert.deepEqual(found([creating, active], [active]), []);
});

test('a difference is identified by its place in the answer', () => {
  assert.deepEqual(found([answered(200, { a: { b: [1, 2] } })], [answered(400, { a: { b: [1, 3] } })]), [
    ['status', '200', '400'],
    ['body.a.b.1', '2', '3'],
  ]);
  assert.deepEqual(found([answered(200, { a: 1 })], [answered(200, {})]), [['body.a', '1', 'absent']]);
});

test('a write that was made more often is a difference', () => {
  const put = answered(200, {}, '/streams/<stream:1>/record', 'PUT');
  assert.deepEqual(found([put], [put, put]), [['calls', '1', '2']]);
});

test('only evidence of AWS confirms or refutes what was inferred', () => {
  const inferred = (source: ClauseEvidence['source'], result: ClauseEvidence['result']) =>
    by(evidence([], { clause: 'GW-3', grade: 'I', source, result }));
  const outcome = (...sides: [ReturnType<typeof by>, ReturnType<typeof by>]) =>
    compareEvidence(...sides).inferences?.map((inference) => [inference.outcome, inference.other]);
  assert.equal(outcome(inferred('simulation', 'passed'), inferred('emulator', 'failed')), undefined);
  assert.deepEqual(outcome(inferred('aws', 'passed'), inferred('simulation', 'passed')), [
    ['confirmed', 'passed'],
  ]);
  assert.deepEqual(outcome(inferred('simulation', 'passed'), inferred('aws', 'failed')), [
    ['refuted', 'passed'],
  ]);
  assert.deepEqual(outcome(inferred('aws', 'not-observable'), by()), [['undecided', 'not recorded']]);
});

test('written evidence can be read back, and evidence of another source is not mixed in', () => {
  const dir = path.join(folder, 'a');
  prepareEvidence(dir);
  writeEvidence(dir, [evidence([answered(200, {})]), evidence([], { clause: 'PUT-3a' })]);
  writeEvidence(dir, [evidence([answered(200, {})])]);
  assert.deepEqual([...readEvidence(dir).values()], [evidence([answered(200, {})])]);
  assert.throws(() => writeEvidence(dir, [evidence([], { source: 'aws' })]), /holds evidence of simulation/);
});

test('a folder with other files is left alone, and malformed evidence is refused in one line', () => {
  writeFileSync(path.join(folder, 'precious.txt'), 'mine');
  assert.throws(() => prepareEvidence(folder), UsageError);
  const dir = path.join(folder, 'b');
  prepareEvidence(dir);
  assert.throws(() => readEvidence(dir), /holds no evidence/);
  writeEvidence(dir, [evidence([])]);
  const file = path.join(dir, 'LIST-1.json');
  const good = readFileSync(file, 'utf8');
  for (const bad of [
    good.slice(0, 40),
    good.replace('simulation', 'hearsay'),
    good.replace('"schemaVersion": 1', '"schemaVersion": 2'),
  ]) {
    writeFileSync(file, bad);
    assert.throws(
      () => readEvidence(dir),
      (error) => error instanceof UsageError && !error.message.includes('\n'),
    );
  }
});
