import { test } from 'node:test';
import { expect } from 'chai';
import { forbidden, importsOf, readAreas } from './imports.ts';

const areas = readAreas(`
Before it.

| folder | holds | may import |
|---|---|---|
| \`steps/\` | steps | \`support/world.ts\` (types), \`infra/data\` |
| \`support/world.ts\` | the world | nothing |
| \`support/cli/\` | commands | everything |
| \`infra/errors.ts\` | what all may import | nothing |
| \`infra/data/\` | data | nothing |
| \`infra/data/deep/\` | deep data | \`infra/data\` |

After it.
`);
const problems = (from: string, text: string) => forbidden(areas, importsOf(from, text));

/** A file, its text, and the expected problem. */
const cases: readonly [string, string, string, RegExp | undefined][] = [
  ['its own row', 'steps/a.ts', "import { b } from './b.ts';", undefined],
  ['a package', 'steps/a.ts', "import { b } from 'chai';", undefined],
  ['what its row names', 'steps/a.ts', "import { b } from '../infra/data/b.ts';", undefined],
  ['types where types are allowed', 'steps/a.ts', "import type { W } from '../support/world.ts';", undefined],
  ['types among braces', 'steps/a.ts', "import { type W, type V } from '../support/world.ts';", undefined],
  [
    'a value where types are allowed',
    'steps/a.ts',
    "import {\n  type W,\n  world,\n} from '../support/world.ts';",
    /^steps\/a\.ts:1: may import only types of support\/world\.ts /,
  ],
  [
    'a row that is not named',
    'infra/data/a.ts',
    "\nimport { world } from '../../support/world.ts';",
    /^infra\/data\/a\.ts:2: may not import support\/world\.ts /,
  ],
  [
    'a row within one that is named',
    'steps/a.ts',
    "import { d } from '../infra/data/deep/d.ts';",
    /^steps\/a\.ts:1: may not import infra\/data\/deep\/d\.ts /,
  ],
  ['a bare import', 'infra/data/a.ts', "import '../../steps/a.ts';", /may not import steps\/a\.ts/],
  ['a re-export', 'infra/data/a.ts', "export * from '../../steps/a.ts';", /may not import steps\/a\.ts/],
  ['a dynamic import', 'infra/data/a.ts', "await import('../../steps/a.ts')", /may not import steps\/a\.ts/],
  ['what all may import', 'infra/data/a.ts', "import { e } from '../errors.ts';", undefined],
  [
    'anything by an area that may import everything',
    'support/cli/a.ts',
    "import '../../steps/a.ts';",
    undefined,
  ],
  ['anything by a test', 'infra/data/a.test.ts', "import '../../steps/a.ts';", undefined],
  ['a test', 'steps/a.ts', "import './testing/a.ts';", /imports steps\/testing\/a\.ts, which is for tests/],
];

for (const [name, from, text, problem] of cases)
  test(`importing ${name} is ${problem ? 'refused' : 'allowed'}`, () => {
    const found = problems(from, text);
    expect(found, found.join('\n')).to.have.length(problem ? 1 : 0);
    if (problem) expect(found[0]).to.match(problem);
  });

test('a CONTRIBUTING without the table is an error', () => {
  expect(() => readAreas('# Contributing\n')).to.throw('has no table');
});
