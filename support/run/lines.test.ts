import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { expect } from 'chai';
import { scenariosAt } from './lines.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kpc-lines-'));
after(() => rmSync(folder, { recursive: true }));

writeFileSync(
  path.join(folder, 'a.feature'),
  [
    'Feature: a feature', //            1
    '  Background:',
    '    Given a stream',
    '  Scenario: before any rule', //   4
    '    When it is listed',
    '  @PUT-1',
    '  Rule: a rule', //                7
    '    Two sentences.',
    '    @slow',
    '    Scenario: the first', //      10
    '      When it is listed',
    '    Scenario Outline: the <n>', //12
    '      When it is listed',
    '      Examples:',
    '        | n |',
    '        | 2 |', //                16
    '        | 3 |',
    '',
  ].join('\n'),
);

for (const [what, lines, expected] of [
  ["a scenario's own line", '10', '10'],
  ['a line within it', '11', '10'],
  ['its tags', '9', '10'],
  ['a row of examples', '16', '16'],
  ['the head of the examples, for all rows', '15', '12'],
  ['a rule, for all of its scenarios', '8', '10:12'],
  ["a rule's tags", '6', '10:12'],
  ['the feature', '1', '4:10:12'],
  ['the last line', '99', '12'],
  ['several lines', '5:11:10', '4:10'],
] as const)
  test(`a line chooses the scenario that holds it: ${what}`, () => {
    expect(scenariosAt(`a.feature:${lines}`, folder)).to.equal(`a.feature:${expected}`);
  });

test('what names no line of a feature stays as it is', () => {
  for (const source of ['a.feature', 'features', 'nothing.feature:3'])
    expect(scenariosAt(source, folder)).to.equal(source);
});
