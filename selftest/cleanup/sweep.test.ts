import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, beforeEach, mock, test } from 'node:test';
import { CreateStreamCommand, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { type EmbeddedAws, startEmbeddedAws } from '../../infra/embedded/embedded-aws.ts';
import { type Clients, createClients } from '../../infra/provision/clients.ts';
import { type JournalHead, openJournal } from '../../infra/provision/journal.ts';
import { type ProcessIdentity, thisProcess } from '../../infra/provision/process-identity.ts';
import { runTags } from '../../infra/provision/tags.ts';
import { CLOCK_VARIABLE } from '../../infra/retry/clock.ts';
import { main } from '../../support/cli/main.ts';

const ENDED: ProcessIdentity = { ...thisProcess(), pid: 2 ** 22 + 1 };
const folder = mkdtempSync(path.join(tmpdir(), 'kpc-sweep-'));
const kept = { ...process.env };
let aws: EmbeddedAws;
let clients: Clients;
let refusing = false;
let runs = 0;

before(async () => {
  process.env.AWS_ACCESS_KEY_ID = 'AKIASWEEP00000000001';
  process.env.AWS_SECRET_ACCESS_KEY = 'x';
  delete process.env.AWS_SESSION_TOKEN;
  // The sweep waits for late changes; a faster clock shortens the wait.
  process.env[CLOCK_VARIABLE] = '40';
  aws = await startEmbeddedAws({
    createMillis: 5,
    deleteMillis: 5,
    middleware: {
      kinesis: (call) => async (request) => {
        if (!refusing || request.action !== 'DeleteStream') return call(request);
        return { status: 400, headers: [], body: '{"__type":"AccessDeniedException","message":"no"}' };
      },
    },
  });
  clients = createClients({
    endpoint: aws.endpoint,
    region: aws.region,
    credentials: { accessKeyId: aws.accessKeyId, secretAccessKey: aws.secretAccessKey },
  });
});

beforeEach(() => {
  refusing = false;
});

after(async () => {
  clients.destroy();
  await aws.stop();
  process.env = kept;
  rmSync(folder, { recursive: true });
});

/** A run that made one stream, with its journal in a separate folder. */
async function leave(head: Partial<JournalHead> = {}, tags = true) {
  const runId = (0x10000000 + ++runs).toString(16);
  const name = `kpc-${runId}-Main-0123456789`;
  const journal = openJournal(path.join(folder, runId), {
    runId,
    startedAt: new Date().toISOString(),
    process: ENDED,
    target: { kind: 'endpoint', endpoint: aws.endpoint, region: aws.region },
    skewMs: 0,
    ...head,
  });
  journal.intend({ kind: 'stream', name });
  const Tags = { ...runTags(runId) };
  await clients.kinesis.send(
    new CreateStreamCommand({ StreamName: name, ShardCount: 1, ...(tags && { Tags }) }),
  );
  return { runId, name, folder: path.join(folder, runId), file: journal.file as string };
}

async function sweep(...argv: string[]): Promise<{ code: number; text: string }> {
  let text = '';
  const write = (chunk: string | Uint8Array) => {
    text += chunk;
    return true;
  };
  const mocks = [process.stdout, process.stderr].map((stream) => mock.method(stream, 'write', write));
  try {
    const code = await main(['sweep', ...argv]);
    return { code, text };
  } finally {
    for (const one of mocks) one.mock.restore();
  }
}

async function isThere(name: string): Promise<boolean> {
  const { StreamNames = [] } = await clients.kinesis.send(new ListStreamsCommand({}));
  return StreamNames.includes(name);
}

test('without --yes it lists what it would delete and deletes nothing; with it, that and the journal', async () => {
  const left = await leave();
  const dry = await sweep('--journal', left.folder);
  assert.equal(dry.code, 0);
  assert.match(dry.text, new RegExp(`would delete stream +${left.name} .*\\n1 to delete; --yes deletes`));
  assert.equal(await isThere(left.name), true);
  const wet = await sweep('--journal', left.folder, '--yes');
  assert.equal(wet.code, 0, wet.text);
  assert.equal(await isThere(left.name), false);
  assert.equal(existsSync(left.file), false);
  assert.match((await sweep('--journal', left.folder, '--yes')).text, /^Nothing left to clean up/);
});

test('what cannot be deleted is listed, gives exit code 2, and keeps its journal for the next time', async () => {
  const left = await leave();
  refusing = true;
  const { code, text } = await sweep('--journal', left.folder, '--yes');
  assert.equal(code, 2);
  assert.match(text, new RegExp(`not deleted +stream +${left.name} +no\\n1 could not be deleted`));
  assert.equal(existsSync(left.file), true);
  refusing = false;
  assert.equal((await sweep('--journal', left.folder, '--yes')).code, 0);
});

test('a run in progress, a recent one on another machine, and one with --keep are left alone', async () => {
  const running = await leave({ process: thisProcess() });
  const elsewhere = await leave({ process: { host: 'another', pid: 1 } });
  const keeping = await leave({ keep: true });
  for (const [{ folder: own, name }, why] of [
    [running, /still running, as process/],
    [elsewhere, /ran on another .* may still be running there/],
    [keeping, /started with --keep/],
  ] as const) {
    const { code, text } = await sweep('--journal', own, '--yes');
    assert.equal(code, 0);
    assert.match(text, why);
    assert.equal(await isThere(name), true);
  }
  const meant = await sweep('--journal', keeping.folder, '--run', keeping.runId, '--yes');
  assert.equal(meant.code, 0, meant.text);
  assert.equal(await isThere(keeping.name), false);
  assert.equal(await isThere(running.name), true);
});

test('a journal of another account or endpoint is not swept on this target', async () => {
  const other = await leave({
    target: { kind: 'aws', endpoint: aws.endpoint, region: aws.region, account: '999999999999' },
  });
  const aimed = ['--target', 'aws', '--endpoint', aws.endpoint, '--region', aws.region];
  const { code, text } = await sweep(...aimed, '--journal', other.folder, '--yes');
  assert.equal(code, 0, text);
  assert.match(text, /its journal is of .* of another account: left alone/);
  assert.equal(await isThere(other.name), true);
});

test('a different stream of the same name is left alone', async () => {
  const left = await leave({}, false);
  assert.match((await sweep('--journal', left.folder)).text, /would delete/);
  // By its clock, the run was an hour before the stream's creation.
  const skewed = await leave({ skewMs: 3_600_000 }, false);
  const { text } = await sweep('--journal', skewed.folder, '--yes');
  assert.match(text, /left alone +stream .*the clocks differ too much/);
  assert.equal(await isThere(skewed.name), true);
});

test('a target that does not answer is reported in one line with exit code 2, and the others are swept', async () => {
  const here = await leave();
  const gone = openJournal(here.folder, {
    runId: '0fffffff',
    startedAt: new Date(0).toISOString(),
    process: ENDED,
    target: { kind: 'endpoint', endpoint: 'http://127.0.0.1:9', region: 'us-east-1' },
    skewMs: 0,
  });
  const { code, text } = await sweep('--journal', here.folder, '--yes');
  assert.equal(code, 2);
  assert.match(text, /not swept: nothing answers at http:\/\/127\.0\.0\.1:9 /);
  assert.match(text, new RegExp(`delete ${gone.file} if that target no longer exists`));
  assert.equal(await isThere(here.name), false);
});

test('invalid options are refused', async () => {
  assert.equal((await sweep('--target', 'embedded')).code, 3);
  assert.equal((await sweep('--older-than', 'long')).code, 3);
  assert.equal((await sweep('--force')).code, 3);
});
