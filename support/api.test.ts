import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { suite, test } from 'node:test';
import { DEPLOYMENT_VARIABLE } from '../infra/provision/deployment.ts';
import { OF_TERMINALS, run, UsageError } from './api.ts';
import { camelCase, OPTIONS } from './run/option-table.ts';
import { ROOT } from './run/suite.ts';

suite('run', () => {
  test('returns results, and leaves the process unchanged', async () => {
    const listeners = () => ['SIGINT', 'SIGTERM', 'SIGHUP'].map((name) => process.listenerCount(name));
    const before = listeners();
    let scenarios = 0;
    const folder = mkdtempSync(path.join(tmpdir(), 'kpc-api-'));
    try {
      const results = await run({ clause: ['CREATE-1'], report: folder }, { onScenario: () => ++scenarios });
      assert.equal(results.verdict, 'conformant');
      assert.equal(results.scenarios.length, scenarios);
      assert.deepEqual(results, JSON.parse(readFileSync(path.join(folder, 'conformance.json'), 'utf8')));
    } finally {
      rmSync(folder, { recursive: true });
    }
    assert.deepEqual(listeners(), before);
    assert.equal(process.exitCode, undefined);
    assert.equal(process.env[DEPLOYMENT_VARIABLE], undefined);
  });

  test('an API that is not conformant is a result', async () => {
    const definition = path.join(ROOT, 'selftest/corpus/cfn-several-puts.yaml');
    const { verdict, clauses } = await run({ definition, clause: ['SAFE-2'] });
    assert.equal(verdict, 'not-conformant');
    assert.equal(clauses[0]?.result, 'failed');
  });

  test('invalid options are refused, and do not affect the next run', async () => {
    const wrong: [object, RegExp][] = [
      [{ leval: 'core' }, /there is no option leval; did you mean level\?/],
      [{ clause: 'PUT-3' }, /the option clause must be a list of strings/],
      [{ keep: 'yes' }, /the option keep must be true or false, not a string/],
      [{ clause: ['NO-1'] }, /--clause NO-1 is unknown/],
      [{ watch: true }, /there is no option watch/],
      [{ keep: true }, /the option keep is for targets that outlive the run/],
      [{ definition: 'no/such/file.yaml' }, /no definition at no\/such\/file\.yaml/],
    ];
    for (const [options, message] of wrong)
      await assert.rejects(run(options), (error: unknown) => {
        assert.ok(error instanceof UsageError);
        assert.match(error.message, message);
        return true;
      });
    assert.equal((await run({ clause: ['PUT-3'] })).verdict, 'conformant');
  });

  test('one run at a time', async () => {
    const first = run({ clause: ['PUT-3'] });
    await assert.rejects(run(), /a run is in progress in this process/);
    assert.equal((await first).verdict, 'conformant');
  });

  test('an abort ends the run, cleans up, and rejects with its reason', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'kpc-api-'));
    const controller = new AbortController();
    const aborted = run(
      { report: folder },
      { signal: controller.signal, onScenario: () => controller.abort(new Error('enough')) },
    );
    await assert.rejects(aborted, /enough/);
    assert.ok(!existsSync(path.join(folder, 'conformance.json')));
    rmSync(folder, { recursive: true });
    await assert.rejects(run({}, { signal: controller.signal }), /enough/);
    assert.equal((await run({ clause: ['PUT-3'] })).verdict, 'conformant');
  });
});

test('its options are those of the command', () => {
  const source = readFileSync(path.join(ROOT, 'support/api.ts'), 'utf8');
  const [, body = ''] = /export interface RunOptions \{(.*?)\n\}/s.exec(source) ?? [];
  const properties = [...body.matchAll(/^ {2}readonly (\w+)\?: /gm)].map(([, name]) => name);
  assert.deepEqual(
    properties.sort(),
    (Object.keys(OPTIONS) as (keyof typeof OPTIONS)[])
      .filter((name) => !OF_TERMINALS.includes(name))
      .map(camelCase)
      .sort(),
  );
});
