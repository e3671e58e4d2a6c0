import { globSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { expect } from 'chai';
import { loadCatalogue } from './catalogue.ts';
import { ROOT } from './suite.ts';

const frozen = globSync('*.yaml', { cwd: path.join(ROOT, 'contract') });
const today = loadCatalogue(path.join(ROOT, 'features/catalogue.yaml'));

test('0.1 is frozen', () => {
  expect(frozen).to.include('0.1.yaml');
});

// A run by a frozen contract uses today's scenarios, so a clause without one would always be "not run".
for (const name of frozen)
  test(`each clause of the frozen contract ${name} still exists, since ids are permanent`, () => {
    const { clauses } = loadCatalogue(path.join(ROOT, 'contract', name));
    expect(clauses.length).to.be.above(90);
    expect(clauses.map(({ id }) => id).filter((id) => !today.get(id))).to.deep.equal([]);
  });
