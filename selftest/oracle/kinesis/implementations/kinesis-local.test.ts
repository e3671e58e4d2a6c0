import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { callWell } from './implementation.ts';
import { startKinesisLocal } from './kinesis-local.ts';

const SKIP = process.platform === 'win32' ? 'lists processes by ps' : false;

function childrenOf(parent: number): number[] {
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

test('it answers on its own port, and stop ends it', { skip: SKIP }, async () => {
  const { call, stop } = await startKinesisLocal();
  assert.deepEqual((await callWell(call, 'ListStreams', {})).StreamNames, []);
  const [child = 0] = childrenOf(process.pid);
  assert.ok(isAlive(child));
  await stop();
  assert.equal(isAlive(child), false);
});

test('it ends when its parent is killed', { skip: SKIP }, async () => {
  const module = new URL('./kinesis-local.ts', import.meta.url).href;
  const program = `
    const { startKinesisLocal } = await import(${JSON.stringify(module)});
    await startKinesisLocal();
    console.log('ready');
  `;
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(parent.stdout, 'data');
  const children = childrenOf(parent.pid ?? 0);
  assert.equal(children.length, 1);
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  const until = Date.now() + 5000;
  while (children.some(isAlive) && Date.now() < until) await delay(20);
  assert.deepEqual(children.filter(isAlive), []);
});
