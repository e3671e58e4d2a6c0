import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CREATED_TAG, RUN_TAG, runTags } from '../provision/tags.ts';
import { type Found, proveByJournal, proveByTags } from './proof.ts';
import type { JournalContent, Pending } from './read-journal.ts';

const START = Date.parse('2026-01-01T00:00:00Z');
const RUN = '1a2b3c4d';
const TAGS = runTags(RUN, START);
const HOUR = 3_600_000;

function stream(more: Partial<Found> = {}): Found {
  const name = more.name ?? `kpc-${RUN}-Main-0123456789`;
  return { kind: 'stream', id: name, name, tags: {}, createdAt: START + 1_000, ...more };
}

function api(more: Partial<Found> = {}): Found {
  const own = {
    kind: 'rest-api',
    id: 'abc123',
    name: 'KinesisProxy',
    label: `kpc-${RUN}-full-access`,
  } as const;
  return { ...own, tags: {}, createdAt: START + 1_000, ...more };
}

function record(pending: Partial<Pending>[] = []): JournalContent {
  return {
    file: 'x.jsonl',
    lastAt: START + 5_000,
    kinds: new Set(),
    pending: pending.map((entry) => ({
      kind: 'stream',
      name: `kpc-${RUN}-Main-0123456789`,
      intendedAt: START,
      created: false,
      tagged: false,
      mayLackTags: true,
      ...entry,
    })),
    head: {
      runId: RUN,
      startedAt: new Date(START).toISOString(),
      process: { host: 'h', pid: 1 },
      target: { kind: 'aws', region: 'us-east-1' },
      skewMs: 0,
    },
  };
}

const byJournal: readonly [string, boolean, Found, JournalContent][] = [
  ['a stream with prefix and tag', true, stream({ tags: TAGS }), record([{}])],
  ['one that was about to be created, from that time', true, stream(), record([{}])],
  ['the same from before the run', false, stream({ createdAt: START - HOUR }), record([{}])],
  ['the same from after the run', false, stream({ createdAt: START + HOUR }), record([{}])],
  ['the same without a time', false, stream({ createdAt: undefined }), record([{}])],
  ['one without the tag that the run sets on creation', false, stream(), record([{ mayLackTags: false }])],
  ['one without the tag that it had', false, stream(), record([{ created: true, tagged: true }])],
  ["one with another run's tag", false, stream({ tags: runTags('ffffffff', START) }), record([{}])],
  [
    'one with the prefix that is not in the journal, from that time',
    true,
    stream({ name: `kpc-${RUN}-New-1a` }),
    record(),
  ],
  ['one with another prefix and the tag', false, stream({ name: 'orders', tags: TAGS }), record([{}])],
  ['a role without the tag', false, stream({ kind: 'role' }), record([{ kind: 'role' }])],
  ['a role with it', true, stream({ kind: 'role', tags: TAGS }), record([{ kind: 'role' }])],
  [
    'an API with only its id',
    false,
    api({ label: undefined }),
    record([{ kind: 'rest-api', name: 'x', id: 'abc123', created: true }]),
  ],
  [
    'an API with its id and tag',
    true,
    api({ label: undefined, tags: TAGS }),
    record([{ kind: 'rest-api', name: 'x', id: 'abc123', created: true }]),
  ],
  [
    'an API with its description, whose answer was lost',
    true,
    api(),
    record([{ kind: 'rest-api', name: 'x' }]),
  ],
  [
    'the same API without the tag that the run sets on creation',
    false,
    api(),
    record([{ kind: 'rest-api', name: 'x', mayLackTags: false }]),
  ],
  [
    'the same API from before',
    false,
    api({ createdAt: START - HOUR }),
    record([{ kind: 'rest-api', name: 'x' }]),
  ],
  [
    "another user's KinesisProxy of that time",
    false,
    api({ label: 'own' }),
    record([{ kind: 'rest-api', name: 'x' }]),
  ],
  [
    'a copy of the tag when all were created',
    false,
    api({ label: undefined, tags: TAGS }),
    record([{ kind: 'rest-api', name: 'x', id: 'other' }]),
  ],
];

for (const [what, ours, found, journal] of byJournal)
  test(`by the journal, ${what} is ${ours ? 'deleted' : 'left alone'}`, () => {
    assert.equal(proveByJournal(found, journal).ours, ours, proveByJournal(found, journal).because);
  });

test('the difference between the clocks is taken into account', () => {
  const ahead = record([{}]);
  const skewed = { ...ahead, head: { ...ahead.head, skewMs: 200_000 } };
  const found = stream({ createdAt: START + 201_000 });
  assert.equal(proveByJournal(found, skewed).ours, true);
  assert.equal(proveByJournal(found, ahead).ours, false);
});

const LATER = { now: START + 3 * HOUR, olderThan: 2 * HOUR };
test('if the clocks differ too much, times prove nothing, but tags still do', () => {
  const ahead = record([{}]);
  const skewed = { ...ahead, head: { ...ahead.head, skewMs: 601_000 } };
  const found = stream({ createdAt: START + 602_000 });
  assert.equal(proveByJournal(found, skewed).ours, false);
  assert.equal(proveByJournal({ ...found, tags: TAGS }, skewed).ours, true);
  assert.equal(proveByTags(stream({ tags: TAGS }), { ...LATER, now: undefined }).ours, false);
});

const byTags: readonly [string, boolean, Found][] = [
  ['a stream with prefix, tag and age', true, stream({ tags: TAGS })],
  ['one without a tag', false, stream()],
  ['one with the tag and another name', false, stream({ name: 'orders', tags: TAGS })],
  ["one with another run's tag", false, stream({ tags: runTags('ffffffff', START) })],
  ['one with the run but no time', false, stream({ tags: { [RUN_TAG]: RUN } })],
  ['one with an invalid time', false, stream({ tags: { [RUN_TAG]: RUN, [CREATED_TAG]: 'long ago' } })],
  [
    'one with an id that this suite does not use',
    false,
    stream({ name: 'kpc-mine-a', tags: runTags('mine', START) }),
  ],
  ['a young one', false, stream({ tags: runTags(RUN, START + 2 * HOUR) })],
  ['a young one with copied tags', false, stream({ tags: TAGS, createdAt: START + 2 * HOUR })],
  ['one from before the suite existed', false, stream({ tags: runTags(RUN, 0) })],
  ['one from the future', false, stream({ tags: runTags(RUN, START + 9_000 * HOUR) })],
  ['one without a creation time', false, stream({ tags: TAGS, createdAt: Number.NaN })],
  ['one that may not be read', false, stream({ tags: TAGS, isHidden: true })],
  ["a doctor's", true, stream({ name: 'kpc-doctor0a1b2c-x', tags: runTags('doctor0a1b2c', START) })],
  ['an API with tag and description', true, api({ tags: TAGS })],
  ['an API with only the tag', false, api({ tags: TAGS, label: undefined })],
  ['an API with only the description', false, api()],
];

for (const [what, ours, found] of byTags)
  test(`without a journal, ${what} is ${ours ? 'deleted' : 'left alone'}`, () => {
    assert.equal(proveByTags(found, LATER).ours, ours, proveByTags(found, LATER).because);
  });
