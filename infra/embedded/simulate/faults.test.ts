import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FAULTS, Faults } from './faults.ts';
import { seeded } from './random.ts';

test('a seed determines the faults', () => {
  const run = (seed: number) => {
    const faults = new Faults(seeded(seed));
    return Array.from({ length: 500 }, () => faults.next(FAULTS));
  };
  assert.deepEqual(run(1), run(1));
  assert.notDeepEqual(run(1), run(2));
});

test('every kind of fault comes early, whatever the seed, and then rarely', () => {
  for (let seed = 0; seed < 200; seed++) {
    const faults = new Faults(seeded(seed));
    for (let call = 0; call < 12; call++) faults.next(FAULTS);
    assert.ok(
      Object.values(faults.given).every((count) => count === 1),
      `seed ${seed}`,
    );
    for (let call = 0; call < 600; call++) faults.next(FAULTS);
    assert.ok(
      Object.values(faults.given).every((count) => count > 1 && count < 12),
      `seed ${seed}`,
    );
  }
});

test('a call only gets faults that are possible for it', () => {
  const faults = new Faults(seeded(3));
  const hits = Array.from({ length: 1_000 }, () => faults.next(['throttle']));
  assert.deepEqual([...new Set(hits)].sort(), ['throttle', undefined]);
  assert.equal(faults.next([]), undefined);
});
