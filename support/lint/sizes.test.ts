import { test } from 'node:test';
import { expect } from 'chai';
import { tooLong } from './sizes.ts';

const REASON = 'one table, a row for each case';

/** Lines of a.ts, the reasons given, and what is said. */
const cases: readonly [number, Record<string, string>, RegExp | undefined][] = [
  [300, {}, undefined],
  [301, {}, /^a\.ts: 301 lines are more than 300/],
  [301, { 'a.ts': REASON }, undefined],
  [301, { 'a.ts': '' }, /^a\.ts: 301 lines/],
  [300, { 'a.ts': REASON }, /a\.ts needs no reason any more/],
  [300, { 'gone.ts': REASON }, /gone\.ts needs no reason any more/],
];

for (const [count, reasons, said] of cases)
  test(`${count} lines, ${JSON.stringify(reasons)}: ${said ? 'named' : 'fine'}`, () => {
    const found = tooLong(new Map([['a.ts', count]]), reasons);
    expect(found).to.have.length(said ? 1 : 0);
    if (said) expect(found[0]).to.match(said);
  });
