import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../run/suite.ts';

function shown(clause: string): string[] {
  const { stdout } = spawnSync(
    process.execPath,
    [path.join(ROOT, 'support/cli/main.mjs'), 'clauses', 'show', clause],
    { encoding: 'utf8', cwd: ROOT },
  );
  return stdout.split('\n').filter((line) => line.startsWith('  '));
}

// LocalStack's list has an entry for each scenario of CREATE-9, and all with one reason.
test('a divergence, and a result of one API on one target, is shown once', () => {
  const lines = shown('CREATE-9');
  assert.equal(lines.filter((line) => line.startsWith('  localstack: ')).length, 1);
  const runs = lines.map((line) => /^ {2}(.*): (?:passed|failed|diverged|not-)/.exec(line)?.[1]);
  const known = runs.filter((run) => run !== undefined);
  assert.ok(known.length > 1);
  assert.deepEqual([...new Set(known)], known);
});
