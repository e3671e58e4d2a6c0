import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UsageError } from '../errors.ts';
import { WAIT_LEVELS, WAIT_NAMES, Waits, WaitTimeout } from './waits.ts';

describe('Waits', () => {
  it('resolves with the result, without another check', async () => {
    let looks = 0;
    const found = await new Waits('embedded', {}).until('stream-active', 'a stream', async () => {
      looks++;
      return looks < 3 ? { seen: 'CREATING' } : { found: looks };
    });
    assert.equal(found, 3);
    assert.equal(looks, 3);
  });

  it('reports what it waited for, how long, and the last state', async () => {
    const waits = new Waits('embedded', { KPC_WAIT_STREAM_GONE_MS: '20' });
    let looks = 0;
    const waiting = waits.until('stream-gone', 'the stream s to be gone', async () => ({
      seen: `look ${++looks}`,
    }));
    await assert.rejects(waiting, (error: unknown) => {
      assert.ok(error instanceof WaitTimeout);
      assert.match(
        error.message,
        /^waited 0\.0 s for the stream s to be gone; last seen: look \d+ \(KPC_WAIT_STREAM_GONE_MS/,
      );
      return true;
    });
    assert.ok(looks > 1);
  });

  it('checks once even with a time limit of zero', async () => {
    const waits = new Waits('embedded', { KPC_WAIT_RECORDS_VISIBLE_MS: '0' });
    assert.equal(await waits.until('records-visible', 'x', async () => ({ found: 1 })), 1);
    await assert.rejects(
      waits.until('records-visible', 'x', async () => ({ seen: 'nothing' })),
      WaitTimeout,
    );
  });

  it('checks for the whole time if nothing comes, and stops when something does', async () => {
    const waits = new Waits('embedded', { KPC_WAIT_NOTHING_STORED_MS: '30' });
    const started = performance.now();
    assert.equal(await waits.throughout('nothing-stored', async () => undefined), undefined);
    assert.ok(performance.now() - started >= 20);
    assert.equal(await waits.throughout('nothing-stored', async () => 'a record'), 'a record');
  });

  it('refuses an override that is not a number', () => {
    assert.throws(() => new Waits('aws', { KPC_WAIT_STREAM_ACTIVE_MS: '1m' }), UsageError);
  });

  it('is bounded at every level, below the step timeout that is derived from it', () => {
    for (const level of WAIT_LEVELS) {
      const waits = new Waits(level, {});
      for (const name of WAIT_NAMES)
        assert.ok(waits.get(name).timeoutMs <= waits.longest && waits.longest < 600_000);
    }
  });
});
