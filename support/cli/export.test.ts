import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { expect } from 'chai';
import { EXPORTED, partsOf } from '../../infra/export/parts.ts';
import { toTerraform } from '../../infra/export/terraform.ts';
import { planned } from '../../infra/export/testing/planned.ts';
import { ROOT } from '../run/suite.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'export-cli-'));
after(() => rmSync(folder, { recursive: true }));

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['support/cli/main.mjs', ...args], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return { status, out: stdout, err: stderr };
}

function judged(file: string, level: string): string {
  const report = path.join(folder, 'report');
  const { out } = run('conformance', '--definition', file, '--level', level, '--report', report);
  return /^verdict .*$/m.exec(out)?.[0] ?? out;
}

for (const name of EXPORTED) {
  const level = name === 'hardened' ? 'production' : 'core';
  const prefix = name === 'hardened' ? ['--stream-prefix', 'kpc-'] : [];

  test(`${name}, exported as CloudFormation and read back, is conformant`, () => {
    const file = path.join(folder, `${name}.json`);
    const { status, err } = run('export', name, '--as', 'cloudformation', ...prefix, '--out', file);
    expect([status, err]).to.deep.equal([0, '']);
    expect(judged(file, level)).to.match(/^verdict +conformant/);
  });

  test(`${name}, exported as Terraform and read back from a plan, is conformant`, () => {
    const file = path.join(folder, `${name}.plan.json`);
    const options = { stage: 'prod', streamPrefix: 'kpc-' };
    writeFileSync(file, JSON.stringify(planned(toTerraform(partsOf(name), options))));
    expect(judged(file, level)).to.match(/^verdict +conformant/);
  });
}

test('standard output and a file have the same content', () => {
  const file = path.join(folder, 'same.json');
  const args = ['export', 'hardened', '--as', 'terraform', '--stage', 'v2'];
  expect(run(...args, '--out', file).status).to.equal(0);
  expect(run(...args).out).to.equal(readFileSync(file, 'utf8'));
});

test('errors are one line, with exit code 3', () => {
  const cases: readonly (readonly [string[], RegExp])[] = [
    [[], /takes one of tutorial and hardened/],
    [['mine.yaml', '--as', 'openapi'], /mine\.yaml cannot be exported/],
    [['hardened'], /--as takes one of cloudformation, terraform, openapi$/],
    [['hardened', '--as', 'toString'], /not toString/],
    [['tutorial', '--as', 'terraform', '--stream-prefix', 'a'], /may reach every stream/],
    [['hardened', '--as', 'terraform', '--stream-prefix', '*'], /is not a valid prefix of a stream name/],
    [['hardened', '--as', 'terraform', '--stage', 'a b'], /is not a valid stage name/],
    [['hardened', '--as', 'openapi', '--stage', 'v1'], /neither stage nor role/],
    [['hardened', '--as', 'openapi', '--out', folder], /cannot write /],
  ];
  for (const [args, message] of cases) {
    const { status, out, err } = run('export', ...args);
    expect(err.trimEnd()).to.match(message);
    expect(err.trimEnd()).to.not.include('\n');
    expect([status, out]).to.deep.equal([3, '']);
  }
});
