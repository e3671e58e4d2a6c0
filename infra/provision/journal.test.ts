import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { readRecord, readRecords } from '../sweep/record.ts';
import { joinJournal, openJournal } from './journal.ts';
import { thisProcess, whereabouts } from './process-identity.ts';
import { UndoStack } from './undo.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kpc-journal-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function open(runId: string) {
  return openJournal(path.join(folder, runId), {
    runId,
    startedAt: new Date().toISOString(),
    process: thisProcess(),
    target: { kind: 'aws', region: 'us-east-1' },
    skewMs: 0,
  });
}

test('what was intended and is not gone is pending, with what is known of it', () => {
  const journal = open('a');
  journal.intend({ kind: 'stream', name: 's' }, { taggedAtOnce: true });
  journal.intend({ kind: 'stream', name: 't' });
  journal.intend({ kind: 'rest-api', name: 'x#1' });
  journal.note('created', { kind: 'rest-api', name: 'x#1', id: 'abc' });
  journal.note('tagged', { kind: 'rest-api', name: 'x#1', id: 'abc' });
  journal.note('gone', { kind: 'stream', name: 't' });
  const { pending } = readRecord(journal.file as string);
  assert.deepEqual(
    pending.map(({ intendedAt, ...rest }) => rest),
    [
      { kind: 'stream', name: 's', created: false, tagged: false, mayLackTags: false },
      { kind: 'rest-api', name: 'x#1', id: 'abc', created: true, tagged: true, mayLackTags: true },
    ],
  );
});

test('a name that is used again after it was gone is pending again', () => {
  const journal = open('b');
  const thing = { kind: 'stream', name: 's' } as const;
  journal.intend(thing);
  journal.note('tagged', thing);
  journal.note('gone', thing);
  journal.intend(thing);
  const { pending } = readRecord(journal.file as string);
  assert.deepEqual(
    pending.map(({ tagged }) => tagged),
    [false],
  );
});

test('a line that a crash cut short is left out, and the journal can be read', () => {
  const journal = open('c');
  journal.intend({ kind: 'stream', name: 's' });
  appendFileSync(journal.file as string, '{"step":"intended","kind":"str');
  assert.equal(readRecord(journal.file as string).pending.length, 1);
});

test('a file that is no journal is named', () => {
  writeFileSync(path.join(folder, 'x.jsonl'), '{}\n');
  assert.throws(() => readRecords(folder), /x\.jsonl is no journal of a run/);
});

test('once it is sealed nothing may be made in any thread, and what is undone is noted', async () => {
  const journal = open('d');
  const other = joinJournal(journal.file);
  const undo = new UndoStack(journal);
  undo.push('role r', async () => undefined, { kind: 'role', name: 'r' });
  undo.seal();
  assert.throws(() => other.intend({ kind: 'stream', name: 's' }), /interrupted/);
  assert.deepEqual(await undo.unwind(), []);
  assert.deepEqual(readRecord(journal.file as string).pending, []);
  journal.remove();
  assert.throws(() => other.intend({ kind: 'stream', name: 's' }), /interrupted/);
  assert.throws(() => joinJournal(journal.file), /interrupted/);
  assert.equal(existsSync(journal.file as string), false);
});

test('this process runs; one of another start, another id or another machine does not, or nobody knows', () => {
  const own = thisProcess();
  assert.equal(whereabouts(own), 'running');
  if (own.started !== undefined) assert.equal(whereabouts({ ...own, started: '1' }), 'ended');
  assert.equal(whereabouts({ host: own.host, pid: 2 ** 22 + 1 }), 'ended');
  assert.equal(whereabouts({ ...own, host: 'another' }), 'elsewhere');
});
