import { test } from 'node:test';
import { expect } from 'chai';
import { parseCommand } from '../cli/arguments.ts';
import { parseOptions } from './options.ts';
import { planRun } from './run.ts';
import { ROOT } from './suite.ts';

const ofRun = (...argv: string[]) => parseOptions(argv, {}, '/nowhere');
const ofInspect = (...argv: string[]) =>
  parseCommand(
    'inspect',
    argv,
    { fix: { type: 'string' }, json: { type: 'boolean' } },
    { least: 0, most: 9, what: '' },
  );

for (const [parse, argv, message] of [
  [ofRun, ['--definiton', 'x'], 'there is no option --definiton; did you mean --definition?'],
  [ofInspect, ['--jsno'], 'there is no option --jsno; did you mean --json?'],
  [
    ofInspect,
    ['--nothing-like-it'],
    /^there is no option --nothing-like-it; npm run inspect -- --help lists the options$/,
  ],
  [ofInspect, ['-x'], /^there is no option -x;/],
  [ofInspect, ['--fix'], /^--fix takes a value; npm run inspect -- --help says which$/],
  [ofRun, ['--retry', '-1'], /^--retry takes a value, and an option follows; .* as --retry=-VALUE$/],
  [ofRun, ['--definition', '--json'], /^--definition takes a value, and an option follows;/],
  [ofInspect, ['--json=x'], '--json takes no value'],
  [ofRun, ['--watch', '--json'], /^--json is about one run .*; leave one out$/],
  [ofRun, ['--watch', '--last-failed'], /^--last-failed is about one run /],
  [ofRun, ['--parallel', '9999'], '--parallel takes a whole number from 0 to 999, not 9999'],
] as const)
  test(`flags that cannot be parsed: ${argv.join(' ')}`, () => {
    expect(() => parse(...argv)).to.throw(message);
  });

test('what is wrong with the selection names the variable that it came from', () => {
  for (const [variable, value] of [
    ['KPC_CLAUSE', 'NONE-1'],
    ['KPC_TAGS', '@none-such'],
    ['KPC_NAME', '('],
  ] as const)
    expect(() => planRun(parseOptions([], { [variable]: value }, '/nowhere'), ROOT)).to.throw(
      new RegExp(`^${variable} `),
    );
});
