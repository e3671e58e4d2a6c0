import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { request } from 'undici';
import { startEmbedded } from '../targets/served.ts';
import { Soak, type SoakBounds } from './soak.ts';

/**
 * What a gateway does to the call that it is given: `forward` passes the call on and gives the answer's text.
 * @returns what the client gets; undefined for no answer.
 */
type Gateway = (method: string, path: string, forward: () => Promise<string>) => Promise<string | undefined>;

/** Soaks a while through such a gateway before an embedded AWS. */
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

/** The proxy's templates read the iterator's header by the name in exactly these letters. */
function essential(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    ['Content-Type', 'Shard-Iterator'].flatMap((name) => {
      const value = headers[name.toLowerCase()];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
}

/** Does something else with the call that is the tenth of its kind. */
function tenth(suffix: string, instead: Gateway): Gateway {
  let seen = 0;
  return (method, path, forward) => {
    if (path.endsWith(suffix)) seen += 1;
    return path.endsWith(suffix) && seen === 10 ? instead(method, path, forward) : forward();
  };
}

test('a gateway that does all of it right has no wrong answer, and the soak ends after its calls', async () => {
  const { made, wrong, problems } = await soak((_method, _path, forward) => forward());
  assert.deepEqual([wrong, problems], [0, []]);
  // Each of the four ends the cycle that it is in.
  assert.ok(made >= 300 && made < 300 + 4 * 60, `${made}`);
});

test('or after its minutes', async () => {
  const began = performance.now();
  const { made, wrong } = await soak((_method, _path, forward) => forward(), { calls: 1e9, minutes: 0.02 });
  assert.equal(wrong, 0);
  assert.ok(made > 0 && performance.now() - began < 20_000);
});

const FAULTS: Readonly<Record<string, { readonly gateway: Gateway; readonly told: RegExp }>> = {
  'an answer that is lost': {
    gateway: tenth('/record', async () => undefined),
    told: /closed|socket|reset/,
  },
  'an error': {
    gateway: tenth('/record', async () => '{"__type":"ProvisionedThroughputExceededException"}'),
    told: /PUT .* was answered with 200 .*ProvisionedThroughputExceeded/,
  },
  'a record that is answered and not stored': {
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
  'data that changes on its way back': {
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

test('a gateway that answers nothing right ends the soak early', async () => {
  const { made, problems } = await soak(async () => '{}', { calls: 100_000 });
  assert.ok(made < 1_000);
  assert.equal(problems.length, 10);
});
