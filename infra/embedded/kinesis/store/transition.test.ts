import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Transition } from './transition.ts';

test('a state lasts for its duration', () => {
  const transition = new Transition(1000, { millis: 50, unseenMillis: 0 });
  assert.equal(transition.isOver(1049), false);
  assert.equal(transition.isOver(1050), true);
});

test('an unseen state lasts longer, but not for ever', () => {
  const transition = new Transition(1000, { millis: 50, unseenMillis: 200 });
  assert.equal(transition.isOver(1249), false);
  assert.equal(transition.isOver(1250), true);
});

test('a state seen early still lasts for its duration', () => {
  const transition = new Transition(1000, { millis: 50, unseenMillis: 200 });
  transition.see(1001);
  assert.equal(transition.isOver(1049), false);
  assert.equal(transition.isOver(1050), true);
});

test('a state seen late has ended at the next look', () => {
  const transition = new Transition(1000, { millis: 50, unseenMillis: 200 });
  assert.equal(transition.isOver(1100), false);
  transition.see(1100);
  assert.equal(transition.isOver(1100), true);
});
