import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { request } from 'undici';
import { startEmbedded } from '../targets/served.ts';
import { Soak, type SoakBounds } from './soak.ts';

/**
 * How a gateway handles a call: `forward` passes the call on and returns the answer's text.
 * @returns the client's answer; undefined for none.
 */
type Gateway = (method: string, path: string, forward: () => Promise<string>) => Promise<string | undefined>;

/** Runs a short soak through such a gateway in front of an embedded AWS. */
async function soak(gateway: Gateway, bounds: SoakBounds = { calls: 300 }): Promise<Soak> {
  const served = await startEmbedded();
  const { origin, pathname } = new URL(served.baseUrl as string);
  const server = createServer(async (incoming, outgoing) => {
    const { method = '', url = '', headers } = incoming;
    const body = Buffer.concat(await incoming.toArray());
    const text = await gateway(method, url, async () => {
      const options = {
        method: method as 'GET',
        headers: essential(headers),
        ...(body.length > 0 && { body }),
      };
      return (await request(origin + url, options)).body.text();
    });
    if (text === undefined) incoming.socket.destroy();
    else outgoing.end(text);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}`;
  try {
    const soaking = new Soak({ ...served, baseUrl }, bounds, async () => {});
    await soaking.run(4);
    return soaking;
  } finally {
    server.closeAllConnections();
    server.close();
    await served.stop();
  }
}

/** The proxy's templates read the iterator's header by this name, case-sensitively. */
function essential(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    ['Content-Type', 'Shard-Iterator'].flatMap((name) => {
      const value = headers[name.toLowerCase()];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
}

/** Handles the tenth call of a kind differently. */
function tenth(suffix: string, instead: Gateway): Gateway {
  let seen = 0;
  return (method, path, forward) => {
    if (path.endsWith(suffix)) seen += 1;
    return path.endsWith(suffix) && seen === 10 ? instead(method, path, forward) : forward();
  };
}

test('a correct gateway has no wrong answer, and the soak ends after its calls', async () => {
  const { made, wrong, problems } = await soak((_method, _path, forward) => forward());
  assert.deepEqual([wrong, problems], [0, []]);
  // Each of the four callers finishes its cycle.
  assert.ok(made >= 300 && made < 300 + 4 * 60, `${made}`);
});

test('the soak ends after its minutes', async () => {
  const began = performance.now();
  const { made, wrong } = await soak((_method, _path, forward) => forward(), { calls: 1e9, minutes: 0.02 });
  assert.equal(wrong, 0);
  assert.ok(made > 0 && performance.now() - began < 20_000);
});

const FAULTS: Readonly<Record<string, { readonly gateway: Gateway; readonly told: RegExp }>> = {
  'a lost answer': {
    gateway: tenth('/record', async () => undefined),
    told: /closed|socket|reset/,
  },
  'an error': {
    gateway: tenth('/record', async () => '{"__type":"ProvisionedThroughputExceededException"}'),
    told: /PUT .* was answered with 200 .*ProvisionedThroughputExceeded/,
  },
  'a record that is acknowledged but not stored': {
    gateway: tenth('/record', async () => '{"ShardId":"shardId-000000000000","SequenceNumber":"5"}'),
    told: /read from Kinesis, has .* where .* was put/,
  },
  'a record that is stored twice': {
    gateway: tenth('/record', async (_method, _path, forward) => {
      await forward();
      return forward();
    }),
    told: /read from Kinesis, has .* where .* was put/,
  },
  'data that changes when it is read': {
    gateway: (_method, path, forward) =>
      forward().then((text) => (path.endsWith('/records') ? text.replace('"Data":"I', '"Data":"J') : text)),
    told: /read through the proxy, has .* where .* was put/,
  },
  'a stream that is not listed': {
    gateway: (method, path, forward) =>
      forward().then((text) =>
        method === 'GET' && path.endsWith('/streams') ? '{"StreamNames":[],"HasMoreStreams":false}' : text,
      ),
    told: /is not listed/,
  },
};

for (const [name, { gateway, told }] of Object.entries(FAULTS))
  test(`${name} is told`, async () => {
    const { wrong, problems } = await soak(gateway);
    assert.ok(wrong > 0);
    assert.ok(
      problems.some((problem) => told.test(problem)),
      problems.join('\n'),
    );
  });

test('a gateway that gives only wrong answers ends the soak early', async () => {
  const { made, problems } = await soak(async () => '{}', { calls: 100_000 });
  assert.ok(made < 1_000);
  assert.equal(problems.length, 10);
});
