import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, mock, test } from 'node:test';
import { CreateRestApiCommand } from '@aws-sdk/client-api-gateway';
import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { CreateStreamCommand } from '@aws-sdk/client-kinesis';
import { type EmbeddedAws, startEmbeddedAws } from '../../infra/embedded/embedded-aws.ts';
import { type Clients, createClients } from '../../infra/provision/clients.ts';
import { runTags } from '../../infra/provision/tags.ts';
import { CLOCK_VARIABLE } from '../../infra/retry/clock.ts';
import { main } from '../../support/cli/main.ts';
import { differences, readAccount } from '../../support/observe/account.ts';

const HOUR = 3_600_000;
const isPosix = process.platform !== 'win32';
const folder = mkdtempSync(path.join(tmpdir(), 'kpc-hostile-'));
const kept = { ...process.env };
let aws: EmbeddedAws;
let owner: Clients;
let foreignApi: string;
let journals = 0;

before(async () => {
  process.env.AWS_ACCESS_KEY_ID = 'AKIASWEEP00000000001';
  process.env.AWS_SECRET_ACCESS_KEY = 'x';
  delete process.env.AWS_SESSION_TOKEN;
  process.env[CLOCK_VARIABLE] = '100';
  aws = await startEmbeddedAws({ createMillis: 1, deleteMillis: 1 });
  owner = createClients({
    endpoint: aws.endpoint,
    region: aws.region,
    credentials: { accessKeyId: aws.accessKeyId, secretAccessKey: aws.secretAccessKey },
  });
  // Others' resources: they must not change, whatever a journal says.
  for (const StreamName of ['orders', 'kpc-orders', 'kpc-ffffffff-Main-1'])
    await owner.kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
  const trust =
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}';
  await owner.iam.send(new CreateRoleCommand({ RoleName: 'admin', AssumeRolePolicyDocument: trust }));
  const { id = '' } = await owner.apiGateway.send(new CreateRestApiCommand({ name: 'KinesisProxy' }));
  foreignApi = id;
});
after(async () => {
  owner.destroy();
  await aws.stop();
  process.env = kept;
  rmSync(folder, { recursive: true, force: true });
});

interface Forged {
  runId?: string;
  head?: object;
  lines?: readonly object[];
}

const now = (ms = 0) => new Date(Date.now() + ms).toISOString();

/** The text of a journal whose run's process has ended. */
function forge({ runId = 'aaaaaaaa', head = {}, lines = [] }: Forged): string {
  const first = {
    step: 'run',
    version: 1,
    runId,
    startedAt: now(-HOUR),
    process: { host: hostname(), pid: 2 ** 22 + 1 },
    target: { kind: 'endpoint', endpoint: aws.endpoint, region: aws.region },
    skewMs: 0,
    ...head,
  };
  return [first, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('');
}

function newFolder(): string {
  const own = path.join(folder, String(++journals));
  mkdirSync(own, { mode: 0o700 });
  return own;
}

async function sweep(...argv: string[]): Promise<{ code: number; text: string }> {
  let text = '';
  // The test runner's own reports are not text; pass them on.
  const mocks = [process.stdout, process.stderr].map((stream) => {
    const own = stream.write.bind(stream);
    return mock.method(stream, 'write', (chunk: string | Uint8Array) => {
      if (typeof chunk !== 'string') return own(chunk);
      text += chunk;
      return true;
    });
  });
  try {
    return { code: await main(['sweep', ...argv]), text };
  } finally {
    for (const one of mocks) one.mock.restore();
  }
}

/** Adds a valid journal of a run that left a stream, next to the attack's. */
async function addValidJournal(own: string): Promise<void> {
  const StreamName = 'kpc-bbbbbbbb-Main-1';
  const tags = { ...runTags('bbbbbbbb') };
  await owner.kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1, Tags: tags }));
  const lines = [{ step: 'intended', at: now(), kind: 'stream', name: StreamName }];
  writeFileSync(path.join(own, 'bbbbbbbb.jsonl'), forge({ runId: 'bbbbbbbb', lines }), { mode: 0o600 });
}

const thing = (kind: string, name: string, more: object = {}) => ({
  step: 'intended',
  at: now(-HOUR / 2),
  kind,
  name,
  ...more,
});

const FORGED: readonly (readonly [what: string, forged: () => Forged])[] = [
  ["another's stream by name", () => ({ lines: [thing('stream', 'orders')] })],
  ["another's stream by name and id", () => ({ lines: [thing('stream', 'orders', { id: 'orders' })] })],
  ["another's stream of the suite's prefix", () => ({ lines: [thing('stream', 'kpc-orders')] })],
  ["another run's stream", () => ({ lines: [thing('stream', 'kpc-ffffffff-Main-1')] })],
  ["another's role", () => ({ lines: [thing('role', 'admin', { id: 'admin' })] })],
  ['an unknown kind', () => ({ lines: [thing('bucket', 'kpc-aaaaaaaa-b')] })],
  ['an id that is a path', () => ({ lines: [thing('rest-api', 'kpc-aaaaaaaa-x#1', { id: '../tags/x' })] })],
  ['an id that is an object', () => ({ lines: [thing('rest-api', 'kpc-aaaaaaaa-x#1', { id: {} })] })],
  ['a run id that is a pattern', () => ({ head: { runId: '........' } })],
  ['a run id that is a path', () => ({ head: { runId: '../../aa' } })],
  ['a run id that is empty', () => ({ head: { runId: '' } })],
  ['a run id that is a list', () => ({ head: { runId: ['aaaaaaaa'] } })],
  ["another run's id than its file's", () => ({ head: { runId: 'ffffffff' } })],
  ['a start in the future', () => ({ head: { startedAt: now(24 * HOUR) } })],
  ['a start that is not a time', () => ({ head: { startedAt: 'yesterday' } })],
  ['a line in the future', () => ({ lines: [thing('stream', 'kpc-aaaaaaaa-x', { at: now(24 * HOUR) })] })],
  ['a line that is a number', () => ({ lines: [42 as never] })],
  ['a line with a prototype', () => ({ lines: [JSON.parse('{"__proto__":{"step":"intended"}}')] })],
  ['a second first line', () => ({ lines: [{ step: 'run', version: 1, runId: 'ffffffff' }] })],
  ['an extra member', () => ({ head: { mode: 'force' } })],
  ['a process id that means all processes', () => ({ head: { process: { host: hostname(), pid: -1 } } })],
  [
    'a target with a password',
    () => ({
      head: { target: { kind: 'endpoint', endpoint: 'http://u:p@127.0.0.1:1', region: 'us-east-1' } },
    }),
  ],
  [
    'a file for a target',
    () => ({ head: { target: { kind: 'endpoint', endpoint: 'file:///etc', region: 'x' } } }),
  ],
];

test('a forged journal is named and skipped, the valid one next to it is swept', async (t) => {
  const untouched = await readAccount(owner);
  for (const [what, forged] of FORGED)
    await t.test(what, async () => {
      const own = newFolder();
      await addValidJournal(own);
      writeFileSync(path.join(own, 'aaaaaaaa.jsonl'), forge(forged()), { mode: 0o600 });
      const { code, text } = await sweep('--journal', own, '--yes');
      assert.equal(code, 2, text);
      assert.match(
        text,
        /^skipped .*aaaaaaaa\.jsonl is not a journal of a run \(.*\); move it out of the folder$/m,
      );
      assert.equal(existsSync(path.join(own, 'aaaaaaaa.jsonl')), true);
      assert.equal(existsSync(path.join(own, 'bbbbbbbb.jsonl')), false);
      assert.deepEqual(differences(untouched, await readAccount(owner)), []);
    });
});

const BROKEN: readonly (readonly [what: string, put: (file: string, own: string) => void])[] = [
  ['nothing', (file) => writeFileSync(file, '', { mode: 0o600 })],
  ['no JSON', (file) => writeFileSync(file, 'hello\n', { mode: 0o600 })],
  ['half a line', (file) => writeFileSync(file, forge({}).slice(0, 40), { mode: 0o600 })],
  ['binary', (file) => writeFileSync(file, Buffer.from([0xff, 0xfe, 0, 10]), { mode: 0o600 })],
  ['deep nesting', (file) => writeFileSync(file, `${'['.repeat(2_000_000)}\n`, { mode: 0o600 })],
  [
    'nesting that fits a line',
    (file) => writeFileSync(file, `${'['.repeat(8_000)}${']'.repeat(8_000)}\n`, { mode: 0o600 }),
  ],
  [
    'huge',
    (file) => {
      writeFileSync(file, forge({}), { mode: 0o600 });
      truncateSync(file, 8 * 1024 ** 3);
    },
  ],
  ['a folder', (file) => mkdirSync(file)],
];
const BROKEN_ON_POSIX: typeof BROKEN = [
  [
    'a symbolic link',
    (file) => {
      writeFileSync(path.join(folder, 'elsewhere'), forge({}), { mode: 0o600 });
      symlinkSync(path.join(folder, 'elsewhere'), file);
    },
  ],
  ['a pipe', (file) => execFileSync('mkfifo', ['-m', '600', file])],
  ['a device', (file) => symlinkSync('/dev/zero', file)],
  [
    'a file that others can write',
    (file) => {
      writeFileSync(file, forge({}));
      chmodSync(file, 0o606);
    },
  ],
  [
    'a file that the group can write',
    (file) => {
      writeFileSync(file, forge({}));
      chmodSync(file, 0o660);
    },
  ],
];

test('what is not a journal does not hold up the others', async (t) => {
  const untouched = await readAccount(owner);
  for (const [what, put] of [...BROKEN, ...(isPosix ? BROKEN_ON_POSIX : [])])
    await t.test(what, async () => {
      const own = newFolder();
      await addValidJournal(own);
      put(path.join(own, 'aaaaaaaa.jsonl'), own);
      const { code, text } = await sweep('--journal', own, '--yes');
      assert.equal(code, 2, text);
      assert.match(text, /^skipped .*aaaaaaaa\.jsonl is not a journal of a run/m);
      if (what.includes('can write')) assert.match(text, /others can write .*; chmod go-w /);
      assert.deepEqual(differences(untouched, await readAccount(owner)), []);
      assert.equal(existsSync(path.join(own, 'bbbbbbbb.jsonl')), false);
    });
});

test('a folder that others can write is refused in one line', { skip: !isPosix }, async () => {
  for (const mode of [0o770, 0o707, 0o777]) {
    const own = newFolder();
    await addValidJournal(own);
    const untouched = await readAccount(owner);
    chmodSync(own, mode);
    const { code, text } = await sweep('--journal', own, '--yes');
    assert.equal(code, 3);
    assert.match(text, new RegExp(`others can write ${own}; chmod go-w ${own}\\n$`));
    assert.deepEqual(differences(untouched, await readAccount(owner)), []);
    chmodSync(own, 0o700);
    assert.equal((await sweep('--journal', own, '--yes')).code, 0);
  }
});

test('a folder of another user is refused in one line', {
  skip: process.getuid?.() !== 0 && 'only root can give a folder away',
}, async () => {
  const own = newFolder();
  await addValidJournal(own);
  const untouched = await readAccount(owner);
  chownSync(own, 12_345, 12_345);
  const { code, text } = await sweep('--journal', own, '--yes');
  assert.equal(code, 3);
  assert.match(text, /belongs to another user \(12345, not 0\); give another folder with --journal\n$/);
  assert.deepEqual(differences(untouched, await readAccount(owner)), []);
  chownSync(own, 0, 0);
  assert.equal((await sweep('--journal', own, '--yes')).code, 0);
});

test("an id alone is not trusted: the API with that id has to carry the run's tag", async () => {
  const untouched = await readAccount(owner);
  const own = newFolder();
  const named = { kind: 'rest-api', name: 'kpc-aaaaaaaa-full-access#1' };
  const at = now(-1_000);
  const lines = [
    { step: 'intended', at, ...named },
    { step: 'created', at: now(), ...named, id: foreignApi },
  ];
  const file = path.join(own, 'aaaaaaaa.jsonl');
  writeFileSync(file, forge({ head: { startedAt: at }, lines }), { mode: 0o600 });
  const { text } = await sweep('--journal', own, '--yes');
  assert.match(text, /^left alone +REST API .* its description does not contain the run id$/m);
  assert.deepEqual(differences(untouched, await readAccount(owner)), []);
});

test('a skew that a journal claims does not extend the sweep to older resources', async () => {
  const StreamName = 'kpc-aaaaaaaa-Main-1';
  await owner.kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
  const untouched = await readAccount(owner);
  for (const head of [
    { startedAt: now(-9 * HOUR), skewMs: 9 * HOUR },
    { startedAt: '1970-01-01T00:00:00.000Z' },
  ]) {
    const own = newFolder();
    const file = path.join(own, 'aaaaaaaa.jsonl');
    writeFileSync(file, forge({ head }), { mode: 0o600 });
    const { text } = await sweep('--journal', own, '--yes');
    assert.match(text, /left alone +stream +kpc-aaaaaaaa-Main-1/, text);
    assert.deepEqual(differences(untouched, await readAccount(owner)), []);
  }
});

test('a journal alone cannot have credentials sent to another machine', async () => {
  const own = newFolder();
  const target = { kind: 'endpoint', endpoint: 'http://192.0.2.1:4566', region: 'us-east-1' };
  writeFileSync(path.join(own, 'aaaaaaaa.jsonl'), forge({ head: { target } }), { mode: 0o600 });
  const { code, text } = await sweep('--journal', own, '--yes');
  assert.equal(code, 2);
  assert.match(text, /^not swept: its endpoint is on another machine; give it with --endpoint/m);
});

test('nothing is deleted by its age when the clocks differ by more than ten minutes', async () => {
  const StreamName = 'kpc-cccccccc-Main-1';
  const Tags = { ...runTags('cccccccc', Date.now() - 9 * HOUR) };
  await owner.kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1, Tags }));
  const untouched = await readAccount(owner);
  const clocks = [
    [new Date(Date.now() + 11 * 60_000).toUTCString(), /clock is 1[01] min behind the target's/],
    [new Date(Date.now() - 9_000 * HOUR).toUTCString(), /clock is \d+ days ahead of the target's/],
    [new Date(8e14).toUTCString(), /clock is \d+ days behind the target's/],
    ['soon', /the target does not report its time/],
  ] as const;
  for (const [date, why] of clocks) {
    const skewed = await startSkewed(date);
    const { code, text } = await sweep(
      '--endpoint',
      skewed.endpoint,
      '--journal',
      newFolder(),
      '--older-than',
      '0s',
      '--yes',
    );
    await skewed.stop();
    assert.equal(code, 0, text);
    assert.match(text, /^clock .*: nothing is deleted by its age; set the clock$/m);
    assert.match(text, why);
    assert.match(text, /left alone +stream +kpc-cccccccc-Main-1 +its age is unknown/);
    assert.deepEqual(differences(untouched, await readAccount(owner)), []);
  }
  const honest = await startSkewed(undefined);
  const { text } = await sweep(
    '--endpoint',
    honest.endpoint,
    '--journal',
    newFolder(),
    '--older-than',
    '0s',
    '--yes',
  );
  await honest.stop();
  assert.match(text, /deleted +stream +kpc-cccccccc-Main-1/);
});

test('a creation time in the future, or before the suite existed, is not a reason to delete', async () => {
  for (const [index, created] of [Date.now() + 9_000 * HOUR, 0, -6e13].entries()) {
    const run = `dddddd0${index}`;
    const Tags = { ...runTags(run, created) };
    const stream = { StreamName: `kpc-${run}-Main-1`, ShardCount: 1, Tags };
    await owner.kinesis.send(new CreateStreamCommand(stream));
  }
  const untouched = await readAccount(owner);
  const { text } = await sweep(
    '--endpoint',
    aws.endpoint,
    '--journal',
    newFolder(),
    '--older-than',
    '0s',
    '--yes',
  );
  assert.doesNotMatch(text, /^deleted/m);
  assert.deepEqual(differences(untouched, await readAccount(owner)), []);
});

/** The same account with a different clock. */
async function startSkewed(date: string | undefined): Promise<{ endpoint: string; stop(): Promise<void> }> {
  const server: Server = createServer((incoming, outgoing) => {
    const { method, headers, url } = incoming;
    const behind = request(`${aws.endpoint}${url}`, { method: method ?? 'GET', headers }, (answer) => {
      const { date: own, ...others } = answer.headers;
      outgoing.writeHead(answer.statusCode ?? 500, { ...others, date: date ?? own });
      answer.pipe(outgoing);
    });
    incoming.pipe(behind);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
