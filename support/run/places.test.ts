import path from 'node:path';
import { test } from 'node:test';
import { expect } from 'chai';
import { scenariosAtPlaces } from './places.ts';
import { readScenarios } from './plan.ts';
import { ROOT } from './suite.ts';

const all = readScenarios(ROOT);
const at = (...places: string[]) => [...scenariosAtPlaces(places, all, ROOT)];

test('the place of each scenario names it, and no other', () => {
  for (const { id, feature, line } of all) expect(at(`${feature}:${line}`)).to.deep.equal([id]);
});

test('the line of an outline, and of a step of it, name its rows', () => {
  const row = all.find(({ line, outlineLine }) => line !== outlineLine);
  if (row === undefined) throw new Error('no outline');
  const rows = all.filter(
    ({ feature, outlineLine: of }) => feature === row.feature && of === row.outlineLine,
  );
  for (const line of [row.outlineLine, row.outlineLine + 1])
    expect(at(`${row.feature}:${line}`)).to.deep.equal(rows.map(({ id }) => id));
});

test('a feature without lines is the whole of it, from wherever it is named', () => {
  const { feature } = all[0] as { feature: string };
  const whole = all.filter((scenario) => scenario.feature === feature).map(({ id }) => id);
  expect(at(feature)).to.deep.equal(whole);
  expect(at(path.join(ROOT, feature))).to.deep.equal(whole);
});

test('a file that is not a feature of the suite is refused', () => {
  expect(() => at('nothing.feature:3')).to.throw("nothing.feature:3 is not one of the suite's features");
});
