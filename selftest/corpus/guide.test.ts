import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { ROOT } from '../../support/run/suite.ts';

const GUIDE = readFileSync(path.join(ROOT, 'docs/your-proxy.md'), 'utf8');
const commands = [...GUIDE.matchAll(/^```sh\n(.*?)^```/gms)]
  .flatMap(([, block = '']) => block.split('\n'))
  .filter((line) => line.startsWith('npm run '));

/** A conformance run gives a verdict, whichever; anything else has to succeed. */
const CODES = [
  [/^npm run conformance /, [0, 1]],
  [/^npm run /, [0]],
] as const;

describe('each command of docs/your-proxy.md runs as it stands there', { concurrency: 2 }, () => {
  const reports = mkdtempSync(path.join(tmpdir(), 'kpc-guide-'));
  after(() => rmSync(reports, { recursive: true }));

  test('there are some of each kind', () => {
    for (const name of ['inspect', 'conformance', 'explain'])
      assert.ok(
        commands.some((line) => line.startsWith(`npm run ${name} -- `)),
        name,
      );
  });

  for (const [index, line] of commands.entries())
    test(line, async () => {
      const [, , name = '', , ...argv] = line.split(' ');
      // The folder of reports is the one thing that commands at the same time must not share.
      const own = name === 'conformance' ? ['--report', path.join(reports, String(index))] : [];
      const child = spawn(process.execPath, ['support/cli/main.mjs', name, ...argv, ...own], { cwd: ROOT });
      let printed = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (text) => {
          printed += text;
        });
      const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
      const [, allowed = []] = CODES.find(([pattern]) => pattern.test(line)) ?? [];
      assert.ok((allowed as readonly (number | null)[]).includes(code), `exit code ${code}\n${printed}`);
      if (name === 'conformance') assert.match(printed, /^verdict\s+(conformant|not-conformant)/m);
    });
});
