import { test } from 'node:test';
import { expect } from 'chai';
import { tooLong } from './sizes.ts';

const REASON = 'one table, a row for each case';

/** The number of lines of a.ts, the given reasons, and the expected problems. */
const cases: readonly [number, Record<string, string>, RegExp | undefined][] = [
  [300, {}, undefined],
  [301, {}, /^a\.ts: 301 lines are more than 300/],
  [301, { 'a.ts': REASON }, undefined],
  [301, { 'a.ts': '' }, /^a\.ts: 301 lines/],
  [300, { 'a.ts': REASON }, /a\.ts no longer needs a reason/],
  [300, { 'gone.ts': REASON }, /gone\.ts no longer needs a reason/],
];

for (const [count, reasons, said] of cases)
  test(`${count} lines, ${JSON.stringify(reasons)}: ${said ? 'named' : 'fine'}`, () => {
    const found = tooLong(new Map([['a.ts', count]]), reasons);
    expect(found).to.have.length(said ? 1 : 0);
    if (said) expect(found[0]).to.match(said);
  });
