import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import type { Auth, Interface } from '../../infra/definition/interface/types.ts';
import { UsageError } from '../../infra/errors.ts';
import { concerning, loadDivergences } from './divergences.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kpc-divergences-'));
after(() => rmSync(folder, { recursive: true }));

const clause = {
  id: 'A-1',
  level: 'core',
  grade: 'T',
  statement: 's',
  source: 's',
  observed: ['answer'],
  gating: true,
} as const;
const catalogue = { clauses: [clause], get: (id: string) => (id === 'A-1' ? clause : undefined) };
const scenarios = new Set(['streams/create.feature: Five shards #1']);

function load(text: string) {
  const file = path.join(folder, 'd.yaml');
  writeFileSync(file, text);
  return loadDivergences(file, catalogue, scenarios);
}

const rest = 'reason: r, link: l, expires: 2027-01-31';

test('entries name a clause or a scenario', () => {
  const entries = load(`divergences:
  - { clause: A-1, ${rest} }
  - { scenario: "streams/create.feature: Five shards #1", ${rest} }
`);
  assert.deepEqual(
    entries.map(({ clause: id, scenario, expires }) => [id, scenario, expires]),
    [
      ['A-1', undefined, '2027-01-31'],
      [undefined, 'streams/create.feature: Five shards #1', '2027-01-31'],
    ],
  );
});

test('a divergence of signed methods does not excuse open ones', () => {
  const file = `divergences:
  - { clause: A-1, auth: iam, ${rest} }
  - { scenario: "streams/create.feature: Five shards #1", auth: iam, ${rest} }
`;
  const planned = [{ id: 'streams/create.feature: Five shards #1', calls: ['CreateStream'] }];
  const left = (...auths: readonly [string, Auth][]) => {
    const calls = auths.map(([action, auth]) => ({ action, auth }));
    return concerning(load(file), planned, { calls } as unknown as Interface).map(({ clause: id }) => id);
  };
  assert.deepEqual(left(['CreateStream', 'iam'], ['PutRecord', 'iam']), ['A-1', undefined]);
  assert.deepEqual(left(['CreateStream', 'iam'], ['PutRecord', 'none']), [undefined]);
  assert.deepEqual(left(['CreateStream', 'none'], ['PutRecord', 'iam']), []);
  assert.deepEqual(left(['CreateStream', 'iam'], ['CreateStream', 'none']), []);
  assert.deepEqual(concerning(load(file), planned, undefined), []);
});

test('an empty list is a list', () => assert.deepEqual(load('divergences: []\n'), []));

const REFUSED: readonly [string, string, RegExp][] = [
  ['an unknown clause', `divergences: [{ clause: A-2, ${rest} }]`, /clause A-2 is unknown/],
  ['an unknown scenario', `divergences: [{ scenario: nope, ${rest} }]`, /the scenario "nope" is unknown/],
  ['both', `divergences: [{ clause: A-1, scenario: x, ${rest} }]`, /either a clause or a scenario/],
  ['neither', `divergences: [{ ${rest} }]`, /either a clause or a scenario/],
  ['a duplicate', `divergences: [{ clause: A-1, ${rest} }, { clause: A-1, ${rest} }]`, /listed twice/],
  [
    'a typo in a key',
    `divergences: [{ clause: A-1, reson: r, link: l, expires: 2027-01-31 }]`,
    /key reson is unknown/,
  ],
  [
    'a misspelt auth',
    `divergences: [{ clause: A-1, auth: ima, ${rest} }]`,
    /auth has to be one of none, iam/,
  ],
  ['no reason', 'divergences: [{ clause: A-1, link: l, expires: 2027-01-31 }]', /no reason/],
  ['no link', 'divergences: [{ clause: A-1, reason: r, expires: 2027-01-31 }]', /no link/],
  ['no expiry', 'divergences: [{ clause: A-1, reason: r, link: l }]', /expires has to be a date/],
  [
    'an impossible date',
    'divergences: [{ clause: A-1, reason: r, link: l, expires: 2027-02-31 }]',
    /expires has to be a date/,
  ],
  ['another top key', 'divergence: []', /under "divergences:", not divergence/],
  ['no list', 'divergences: { }', /has to hold one list/],
  ['an empty file', '', /has to hold one list/],
  ['broken YAML', 'divergences: [', /cannot be read/],
  ['a scalar entry', 'divergences: [A-1]', /either a clause or a scenario/],
];

for (const [what, text, message] of REFUSED)
  test(`refused: ${what}`, () => {
    assert.throws(
      () => load(text),
      (error) => error instanceof UsageError && message.test(error.message),
    );
  });

test('the error for a missing file names it', () => {
  assert.throws(
    () => loadDivergences(path.join(folder, 'none.yaml'), catalogue, scenarios),
    /none\.yaml cannot be read/,
  );
});
