import path from 'node:path';
import { test } from 'node:test';
import { expect } from 'chai';
import { parseOptions } from './options.ts';
import { executeRun, planRun } from './run.ts';
import { ROOT } from './suite.ts';

const SEVERAL = path.join(ROOT, 'selftest/corpus/cfn-two-apis.yaml');

for (const [what, flags, because] of [
  [
    'a name that nothing has',
    ['--name', 'nothing is named so'],
    /^no scenario matches core and extended, names nothing is named so; .*list/,
  ],
  [
    'clauses that other filters leave out',
    ['--clause', 'SAFE-1', '--tags', '@PUT-1'],
    /^no scenario matches clauses SAFE-1, tags @PUT-1;/,
  ],
  [
    'a clause that the API has no call for',
    ['--clause', 'SAFE-18', '--definition', SEVERAL],
    /^nothing selected applies to this API, .* SAFE-18 needs; .*inspect/,
  ],
  [
    'scenarios of another level',
    ['--tags', '@SAFE-1'],
    /^what matches is of level production, .*; add --level production$/,
  ],
  ['a place of another level', ['features/production/errors.feature:18'], /; add --level production$/],
  [
    'only what is excluded',
    ['--tags', '@GET-9', '--exclude', 'GET-9=weak'],
    /^no scenario matches .* without GET-9;/,
  ],
] as const)
  test(`${what}: the run says why it selects nothing, and what to do`, async () => {
    const planned = planRun(parseOptions([...flags], {}, '/nowhere'), ROOT);
    const { results } = await executeRun(planned);
    expect(results.verdict).to.equal('error');
    expect(results.because).to.match(because);
    expect(results.because).to.not.include('\n');
  });
