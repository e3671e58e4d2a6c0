import assert from 'node:assert/strict';
import { appendFileSync, chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { readJournal, readJournals } from '../sweep/read-journal.ts';
import { joinJournal, openJournal, sealOf } from './journal.ts';
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

test('a thing that was intended and is not gone is pending, with its entry in the journal', () => {
  const journal = open('0000000a');
  journal.intend({ kind: 'stream', name: 'kpc-0000000a-s' }, { taggedAtOnce: true });
  journal.intend({ kind: 'stream', name: 'kpc-0000000a-t' });
  journal.intend({ kind: 'rest-api', name: 'kpc-0000000a-x#1' });
  journal.note('created', { kind: 'rest-api', name: 'kpc-0000000a-x#1', id: 'abc' });
  journal.note('tagged', { kind: 'rest-api', name: 'kpc-0000000a-x#1', id: 'abc' });
  journal.note('gone', { kind: 'stream', name: 'kpc-0000000a-t' });
  const { pending } = readJournal(journal.file as string);
  assert.deepEqual(
    pending.map(({ intendedAt, ...rest }) => rest),
    [
      { kind: 'stream', name: 'kpc-0000000a-s', created: false, tagged: false, mayLackTags: false },
      {
        kind: 'rest-api',
        name: 'kpc-0000000a-x#1',
        id: 'abc',
        created: true,
        tagged: true,
        mayLackTags: true,
      },
    ],
  );
});

test('a name that is reused after its removal is pending again', () => {
  const journal = open('0000000b');
  const thing = { kind: 'stream', name: 'kpc-0000000b-s' } as const;
  journal.intend(thing);
  journal.note('tagged', thing);
  journal.note('gone', thing);
  journal.intend(thing);
  const { pending } = readJournal(journal.file as string);
  assert.deepEqual(
    pending.map(({ tagged }) => tagged),
    [false],
  );
});

test('a journal can be read without the line that a crash cut short', () => {
  const journal = open('0000000c');
  journal.intend({ kind: 'stream', name: 'kpc-0000000c-s' });
  appendFileSync(journal.file as string, '{"step":"intended","kind":"str');
  assert.equal(readJournal(journal.file as string).pending.length, 1);
});

test('a file that is not a journal is reported, and the others are read', () => {
  const journal = open('0000000e');
  const own = path.dirname(journal.file as string);
  writeFileSync(path.join(own, 'x.jsonl'), '{}\n');
  const { records, broken } = readJournals(own);
  assert.deepEqual(
    records.map(({ head }) => head.runId),
    ['0000000e'],
  );
  assert.match(broken.map(({ because }) => because).join(), /x\.jsonl is not a journal of a run/);
});

test("folder and files are this user's own", { skip: process.platform === 'win32' }, () => {
  const journal = open('0000000f');
  const file = journal.file as string;
  journal.seal();
  const modes = [path.dirname(file), file, sealOf(file)].map((one) => statSync(one).mode & 0o777);
  assert.deepEqual(modes, [0o700, 0o600, 0o600]);
  chmodSync(path.dirname(file), 0o770);
  assert.throws(() => open('0000000f'), /others can write .*; chmod go-w /);
});

test('once the journal is sealed no thread may create anything, and removals are still recorded', async () => {
  const journal = open('0000000d');
  const other = joinJournal(journal.file);
  const undo = new UndoStack(journal);
  undo.push('role r', async () => undefined, { kind: 'role', name: 'kpc-0000000d-r' });
  undo.seal();
  assert.throws(() => other.intend({ kind: 'stream', name: 'kpc-0000000d-s' }), /interrupted/);
  assert.deepEqual(await undo.unwind(), []);
  assert.deepEqual(readJournal(journal.file as string).pending, []);
  journal.remove();
  assert.throws(() => other.intend({ kind: 'stream', name: 'kpc-0000000d-s' }), /interrupted/);
  assert.throws(() => joinJournal(journal.file), /interrupted/);
  assert.equal(existsSync(journal.file as string), false);
});

test('this process is running; another start time or id has ended, and another machine is unknown', () => {
  const own = thisProcess();
  assert.equal(whereabouts(own), 'running');
  if (own.started !== undefined) assert.equal(whereabouts({ ...own, started: '1' }), 'ended');
  assert.equal(whereabouts({ host: own.host, pid: 2 ** 22 + 1 }), 'ended');
  assert.equal(whereabouts({ ...own, host: 'another' }), 'elsewhere');
});
