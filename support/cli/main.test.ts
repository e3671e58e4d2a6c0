import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'node:test';
import { UsageError } from '../../infra/errors.ts';
import { BIN, type CommandName, called, calledWith, scriptOf } from '../../infra/invocation.ts';
import { ROOT } from '../run/suite.ts';
import { COMMANDS, developersGroup } from './commands.ts';
import { find } from './main.ts';

const dev = await developersGroup();
assert.ok(dev);
const registry = { ...COMMANDS, dev };
const names = Object.entries(registry).flatMap(([word, node]) =>
  'commands' in node ? Object.keys(node.commands).map((second) => `${word} ${second}`) : [word],
) as CommandName[];

suite('commands', () => {
  test('each command has its own script, and there are no other scripts', () => {
    const { scripts } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const calls = Object.entries(scripts).flatMap(([script, line]) => {
      const [, name] = /^node .*support\/cli\/main\.mjs (.+)$/.exec(line) ?? [];
      return name === undefined || script === 'prepack' ? [] : [[script, name]];
    });
    assert.deepEqual(calls.sort(), names.map((name) => [scriptOf(name), name] as string[]).sort());
  });

  test('each command is found by its name and by its script, and its help has its name and examples', async () => {
    for (const name of names) {
      const found = find(registry, [...name.split(' '), '--x']);
      assert.ok(typeof found !== 'string', name);
      assert.deepEqual(found.rest, ['--x']);
      const short = find(registry, [scriptOf(name), '--x']);
      assert.ok(typeof short !== 'string' && short.entry === found.entry, name);
      const { command } = await found.entry.load();
      assert.match(command.help, new RegExp(`npm (run )?${scriptOf(name)}\\b`), name);
      if (!name.startsWith('dev ')) assert.match(command.help, /^Examples:$/m, name);
      if (!['dev test', 'dev check'].includes(name)) assert.match(command.help, /[Ee]xit codes: /, name);
    }
  });

  test('help at each level lists the commands below, with examples', () => {
    for (const argv of [['--help'], ['-h'], ['clauses'], ['results', '--help'], ['dev', '-h']]) {
      const text = find(registry, argv);
      assert.ok(typeof text === 'string');
      assert.match(text, /^Examples:\n {2}n/m);
    }
    const top = find(registry, ['--help']) as string;
    for (const name of names.filter((each) => !each.startsWith('dev ')))
      assert.ok(top.includes(`  ${name} `));
    assert.doesNotMatch(top, /selftest/);
    for (const line of [top, find(registry, ['dev']) as string].join('\n').split('\n'))
      assert.ok(line.length <= 120, line);
  });

  const typos: [readonly string[], string | undefined][] = [
    [['rum'], 'run'],
    [['rnu'], 'run'],
    [['conformence'], 'run'],
    [['explane'], 'clauses show'],
    [['clause'], 'clauses'],
    [['results', 'comapre'], 'results compare'],
    [['comparee'], 'results compare'],
    [['selftst'], 'dev selftest'],
    [['quite-another-word'], undefined],
    [['constructor'], undefined],
    [['results', 'toString'], undefined],
  ];
  for (const [argv, meant] of typos)
    test(`${argv.join(' ')} is refused${meant === undefined ? '' : `, and ${meant} suggested`}`, () =>
      assert.throws(
        () => find(registry, argv),
        (error: unknown) => {
          assert.ok(error instanceof UsageError);
          const said = /did you mean (.+)\?/.exec(error.message)?.[1];
          assert.equal(said, meant);
          return true;
        },
      ));
});

test('messages name commands as users type them: npm scripts in a checkout, the bin in the package', () => {
  assert.equal(called('clauses list', false), 'npm run list');
  assert.equal(calledWith('run', false), 'npm run conformance --');
  assert.equal(called('dev bench', false), 'npm run bench');
  assert.equal(called('clauses list', true), `npx ${BIN} clauses list`);
  assert.equal(calledWith('run', true), `npx ${BIN} run`);
});
