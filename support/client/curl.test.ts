import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { curlLine } from './curl.ts';

/** The arguments that a POSIX shell passes to curl, which is replaced by a function that prints them. */
function shellWords(line: string): string[] {
  const script = `curl() { for word in "$@"; do printf '%s\\0' "$word"; done; }; ${line}`;
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

describe('curlLine', () => {
  it('repeats method, address, headers and body', () => {
    const request = {
      method: 'PUT',
      url: 'http://127.0.0.1:4577/test/streams/s/record',
      headers: { 'Content-Type': 'application/json' },
      body: '{"Data":"some data"}',
    };
    assert.equal(
      curlLine({ request }),
      `curl -sS -X PUT 'http://127.0.0.1:4577/test/streams/s/record' -H 'Content-Type: application/json' ` +
        `--data-binary '{"Data":"some data"}'`,
    );
  });

  for (const text of [`it's`, '$HOME `id` \\ "x"', 'line\nbreak', '!#;&|*?~', "''", 'ünï 🚀'])
    it(`carries ${JSON.stringify(text)} through a shell unchanged`, () => {
      const request = { method: 'POST', url: `http://x/?a=${text}`, headers: { 'X-A': text }, body: text };
      assert.deepEqual(shellWords(curlLine({ request })), [
        '-sS',
        '-X',
        'POST',
        `http://x/?a=${text}`,
        '-H',
        `X-A: ${text}`,
        '-H',
        'Content-Type:',
        '--data-binary',
        text,
      ]);
    });

  it('sends a body that begins with @ as text, not as a file', () => {
    const request = { method: 'POST', url: 'http://x/', headers: {}, body: '@x' };
    assert.deepEqual(shellWords(curlLine({ request })).slice(-2), ['--data-raw', '@x']);
  });

  it('has no body option without a body, and requests HEAD as curl requires', () => {
    assert.equal(
      curlLine({ request: { method: 'HEAD', url: 'http://x/', headers: {} } }),
      `curl -sS --head 'http://x/'`,
    );
  });
});
