import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { toText } from '../../support/report/text.ts';
import { parseOptions } from '../../support/run/options.ts';
import type { Results } from '../../support/run/results.ts';
import { executeRun, planRun } from '../../support/run/run.ts';
import { ROOT } from '../../support/run/suite.ts';

/** Who calls an API that the run itself deploys. */
const folder = mkdtempSync(path.join(tmpdir(), 'kpc-callers-'));
after(() => rmSync(folder, { recursive: true }));

async function judge(definition: string, ...flags: string[]): Promise<Results> {
  const file = path.join(ROOT, 'selftest/corpus', definition);
  const options = parseOptions(['--definition', file, '--clause', 'SAFE-6', ...flags], {}, folder);
  return (await executeRun(planRun(options, ROOT))).results;
}

const text = (results: Results) => toText(results, { color: false });

test('a run creates the credentials that the methods require; the user may send others, or none', async () => {
  for (const flags of [[], ['--auth', 'api-key']])
    assert.equal((await judge('serverless-collector.json', ...flags)).verdict, 'conformant');
  for (const flags of [
    ['--auth', 'none'],
    ['--auth', 'iam'],
  ]) {
    const results = await judge('serverless-collector.json', ...flags);
    assert.equal(results.verdict, 'not-conformant');
    assert.match(text(results), /POST \/kinesis requires an API key, and none was sent; give --auth api-key/);
  }
  const unsigned = await judge(
    'sam-iam-swagger.yaml',
    '--parameter',
    'StreamName=telemetry',
    '--auth',
    'none',
  );
  assert.match(text(unsigned), /requires signed calls, and this one was not signed; give --auth iam/);
});

test('a header is sent along with what the methods require, and is redacted', async () => {
  const token = 'planted-token-0123456789';
  const results = await judge('serverless-collector.json', '--auth', `header:X-Tenant=${token}`);
  assert.equal(results.verdict, 'conformant', text(results));
  const refused = await judge(
    'serverless-collector.json',
    '--auth',
    `header:X-Tenant=${token}`,
    '--auth',
    'iam',
  );
  assert.equal(refused.verdict, 'not-conformant');
  assert.match(JSON.stringify(refused), /"X-Tenant":"\[redacted\]"/);
  assert.doesNotMatch(JSON.stringify(refused), /planted/);
});

test('methods behind an authorizer are not observable on the embedded AWS, with or without a token', async () => {
  const token = 'Bearer planted-token-0123456789';
  for (const flags of [[], ['--auth', `header:Authorization=${token}`]]) {
    const results = await judge(
      'sam-authorizers.yaml',
      '--clause',
      'SAFE-14',
      '--clause',
      'SAFE-3',
      ...flags,
    );
    assert.equal(results.summary.scenarios.failed, 0, text(results));
    assert.match(
      text(results),
      /SAFE-6, SAFE-3: not observable.*which embedded AWS does not emulate; judge the deployed API: --target url/,
    );
    assert.doesNotMatch(text(results), /planted/);
  }
});
