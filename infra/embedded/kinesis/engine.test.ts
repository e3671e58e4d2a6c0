import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startKinesis } from './front.ts';

const SKIP = process.platform === 'win32' ? 'lists processes by ps' : false;

function enginesOf(parent: number): number[] {
  const processes = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
  return processes
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, ppid, ...args]) => Number(ppid) === parent && args.join(' ').includes('kinesis-local'))
    .map(([pid]) => Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function start() {
  const account = { id: '000000000000', region: 'us-east-1', partition: 'aws', now: Date.now };
  return startKinesis({ account, createMillis: 0, deleteMillis: 0 });
}

const list = { action: 'CreateStream', headers: [], body: Buffer.from('{"StreamName":"s"}') };

test('an engine that dies is reported, and every call answers InternalFailure', { skip: SKIP }, async () => {
  const kinesis = await start();
  const [engine] = enginesOf(process.pid);
  assert.ok(engine !== undefined);
  process.kill(engine, 'SIGKILL');
  assert.match((await kinesis.failed).message, /^The Kinesis engine failed: it ended with SIGKILL/);
  const { status, body } = await kinesis.call(list);
  assert.deepEqual([status, body], [500, '{"__type":"InternalFailure"}']);
  await kinesis.stop();
});

test('stop ends the engine and is no failure', { skip: SKIP }, async () => {
  const kinesis = await start();
  const [engine = 0] = enginesOf(process.pid);
  await kinesis.stop();
  assert.equal(isAlive(engine), false);
  assert.equal(await Promise.race([kinesis.failed, delay(50, 'still pending')]), 'still pending');
});

test('the engine ends when its parent is killed', { skip: SKIP }, async () => {
  const front = new URL('./front.ts', import.meta.url).href;
  const program = `
    const { startKinesis } = await import(${JSON.stringify(front)});
    const account = { id: '000000000000', region: 'us-east-1', partition: 'aws', now: Date.now };
    await startKinesis({ account, createMillis: 0, deleteMillis: 0 });
    console.log('ready');
  `;
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(parent.stdout, 'data');
  const engines = enginesOf(parent.pid ?? 0);
  assert.equal(engines.length, 1);
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  const until = Date.now() + 5000;
  while (engines.some(isAlive) && Date.now() < until) await delay(20);
  assert.deepEqual(engines.filter(isAlive), []);
});
