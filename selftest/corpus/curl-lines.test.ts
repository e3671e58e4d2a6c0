import assert from 'node:assert/strict';
import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ROOT } from '../../support/run/suite.ts';
import { CORPUS } from './entries.ts';

/** Definitions of which each printed line is tried, and how many lines each has. */
const TRIED = [
  { file: 'sam-feed.yaml', lines: 3, why: 'signed calls, and an iterator in the query' },
  { file: 'sam-keys.yaml', lines: 2, why: 'calls with a key' },
  { file: 'cfn-several-puts.yaml', lines: 3, why: 'a stream that no call makes' },
  { file: 'terraform-tutorial.plan.json', lines: 8, why: 'a stream that the lines make and delete' },
];
/** What a new stream needs until it is ACTIVE there: milliseconds. */
const STREAM_DELAY = '1';

const [, major = '0', minor = '0'] =
  /curl (\d+)\.(\d+)/.exec(spawnSync('curl', ['--version']).stdout?.toString() ?? '') ?? [];
const signs = Number(major) > 7 || (Number(major) === 7 && Number(minor) >= 75);

describe('the curl lines of npm run proxy', { skip: signs ? false : 'curl signs from 7.75 on' }, () => {
  for (const { file, lines, why } of TRIED)
    test(`each line for ${file} succeeds: ${why}`, { timeout: 60_000 }, async () => {
      const { printed, stop } = await serving(fileURLToPath(new URL(file, CORPUS)));
      try {
        const calls = printed.split('\n').filter((line) => line.startsWith('curl '));
        assert.equal(calls.length, lines);
        for (const line of calls) {
          const { stdout } = await promisify(execFile)('sh', [
            '-c',
            line.replace('curl -sS', `curl -sS -w '\\n%{http_code}'`),
          ]);
          const [status, ...answer] = stdout.split('\n').toReversed();
          assert.match(status ?? '', /^2/, `${line}\n${stdout}`);
          assert.doesNotMatch(answer.join(''), /"__type"/, `${line}\n${stdout}`);
        }
      } finally {
        await stop();
      }
    });
});

/** Serves a definition as a user would. */
async function serving(definition: string): Promise<{ printed: string; stop: () => Promise<void> }> {
  const flags = ['--port', '0', '--stream-delay', STREAM_DELAY, '--definition', definition];
  const child = spawn(process.execPath, ['support/cli/main.mjs', 'proxy', ...flags], { cwd: ROOT });
  let printed = '';
  let wrong = '';
  child.stderr.on('data', (text) => {
    wrong += text;
  });
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`it ended with ${code}: ${wrong}`)));
    child.stdout.on('data', (text) => {
      printed += text;
      if (printed.includes('Press Ctrl-C to stop')) resolve();
    });
  });
  const stop = async () => {
    child.removeAllListeners('exit');
    const ended = once(child, 'exit');
    child.kill('SIGINT');
    await ended;
  };
  return { printed, stop };
}
