import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Meter, type MeteredCall } from './metering.ts';

const START = Date.UTC(2026, 8, 14, 12);
const DAY = 86_400_000;

function metered() {
  let now = START;
  const meter = new Meter(() => now);
  return {
    later(millis: number) {
      now += millis;
    },
    /** The outcome of one call: `ok`, or the message of the refusal. */
    call(changes: Partial<MeteredCall> = {}): string {
      try {
        const named = { restApiId: 'a', stageName: 's', resourcePath: '/streams/{name}', verb: 'GET' };
        meter.count({ ...named, settings: undefined, limits: undefined, ...changes });
        return 'ok';
      } catch (error) {
        return (error as Error).message;
      }
    },
  };
}

const BUSY = 'Too Many Requests';
const USED_UP = 'Limit Exceeded';
const settings = (key: string, rate: number, burst: number) => ({
  settings: { [key]: { throttlingRateLimit: rate, throttlingBurstLimit: burst } },
});
const limited = (limits: object, keyId = 'k') => ({ limits: { planId: 'p', keyId, ...limits } });

test('without limits nothing is refused', () => {
  const { call } = metered();
  for (let index = 0; index < 20_000; index += 1) assert.equal(call(), 'ok');
});

// docs/facts/gateway.md#errors
test('a throttle of zero refuses every call, a negative one none', () => {
  const { call, later } = metered();
  assert.equal(call(settings('*/*', 0, 0)), BUSY);
  later(DAY);
  assert.equal(call(settings('*/*', 0, 0)), BUSY);
  assert.equal(call(settings('*/*', -1, -1)), 'ok');
});

test('a bucket is full at first and refills at its rate', () => {
  const { call, later } = metered();
  const two = settings('*/*', 2, 3);
  assert.deepEqual([call(two), call(two), call(two), call(two)], ['ok', 'ok', 'ok', BUSY]);
  later(499);
  assert.equal(call(two), BUSY);
  later(1);
  assert.deepEqual([call(two), call(two)], ['ok', BUSY]);
  later(DAY);
  assert.deepEqual([call(two), call(two), call(two), call(two)], ['ok', 'ok', 'ok', BUSY]);
});

test('settings for all methods apply to each separately; those of one method take precedence', () => {
  const { call } = metered();
  const one = settings('*/*', 0, 1);
  assert.deepEqual([call(one), call(one), call({ ...one, verb: 'PUT' })], ['ok', BUSY, 'ok']);
  assert.deepEqual([call({ ...one, stageName: 't' }), call({ ...one, restApiId: 'b' })], ['ok', 'ok']);
  const both = { settings: { ...one.settings, ...settings('streams/{name}/GET', 0, 0).settings } };
  assert.deepEqual(
    [call({ ...both, stageName: 'u' }), call({ ...both, stageName: 'u', verb: 'PUT' })],
    [BUSY, 'ok'],
  );
  assert.equal(call({ resourcePath: '/', ...settings('/GET', 0, 0) }), BUSY);
});

test('a plan throttles each key separately, across all methods', () => {
  const { call } = metered();
  const throttle = { rateLimit: 0, burstLimit: 1 };
  assert.equal(call(limited({ throttle })), 'ok');
  assert.equal(call({ ...limited({ throttle }), verb: 'PUT', restApiId: 'b' }), BUSY);
  assert.equal(call(limited({ throttle }, 'other')), 'ok');
});

test('a plan throttles one method', () => {
  const { call } = metered();
  const methods = { '/streams/{name}/GET': { rateLimit: 0, burstLimit: 0 } };
  assert.deepEqual(
    [call(limited({ methods })), call({ ...limited({ methods }), verb: 'PUT' })],
    [BUSY, 'ok'],
  );
});

// docs/facts/gateway.md#errors
test('a quota of one a day: the second call is refused, the next day none', () => {
  const { call, later } = metered();
  const daily = limited({ quota: { limit: 1, period: 'DAY' } });
  assert.deepEqual([call(daily), call(daily)], ['ok', USED_UP]);
  later(DAY / 2);
  assert.deepEqual([call(daily), call(daily)], ['ok', USED_UP]);
});

for (const [period, days] of [
  ['WEEK', 6],
  ['MONTH', 17],
] as const) {
  test(`a quota of one a ${period}`, () => {
    const { call, later } = metered();
    const quota = limited({ quota: { limit: 1, period } });
    assert.equal(call(quota), 'ok');
    later((days - 1) * DAY);
    assert.equal(call(quota), USED_UP);
    later(DAY);
    assert.equal(call(quota), 'ok');
  });
}

test('an offset applies to the first period only', () => {
  const { call, later } = metered();
  const daily = limited({ quota: { limit: 2, offset: 1, period: 'DAY' } });
  assert.deepEqual([call(daily), call(daily)], ['ok', USED_UP]);
  later(DAY);
  assert.deepEqual([call(daily), call(daily), call(daily)], ['ok', 'ok', USED_UP]);
});

test('a throttled call does not count against the quota', () => {
  const { call, later } = metered();
  const both = limited({ throttle: { rateLimit: 1, burstLimit: 1 }, quota: { limit: 2, period: 'DAY' } });
  assert.deepEqual([call(both), call(both)], ['ok', BUSY]);
  later(1000);
  assert.equal(call(both), 'ok');
  later(1000);
  assert.equal(call(both), USED_UP);
});
