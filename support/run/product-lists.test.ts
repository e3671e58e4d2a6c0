import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { startEmbeddedTarget } from '../../infra/targets/embedded.ts';
import { run } from '../api.ts';
import { toPage } from '../report/page/page.ts';
import { sampleResults } from '../report/testing/sample.ts';
import { toText } from '../report/text.ts';
import { listNote, listOf, originOf } from './divergences.ts';

test('a list belongs to a product and its versions, regardless of how it was started', () => {
  for (const [kind, name, version, list] of [
    ['localstack', 'LocalStack', '2026.3.0', 'localstack'],
    ['endpoint', 'LocalStack', '4.14.0', 'localstack'],
    ['endpoint', 'LocalStack', '2026.3.0', 'endpoint'],
    ['endpoint', 'LocalStack', 'unknown', 'endpoint'],
    ['endpoint', 'LocalEmu', '4.14.0', 'endpoint'],
    ['embedded', 'embedded AWS', '4.0.0', 'embedded'],
  ] as const)
    assert.equal(listOf({ kind, name, version }), list, `${kind} ${name} ${version}`);
});

test('a run says which product it found, and where its divergences come from', () => {
  const found = { kind: 'endpoint', name: 'LocalStack' } as const;
  assert.equal(
    listNote({ ...found, version: '4.14.0' }),
    "known divergences come from the suite's list for --target localstack",
  );
  assert.match(
    listNote({ ...found, version: '2026.3.0' }) ?? '',
    /is of other versions of LocalStack, so no divergences are known; --divergences FILE/,
  );
  assert.equal(listNote({ ...found, kind: 'localstack', version: '4.14.0' }), undefined);
  assert.equal(listNote({ ...found, name: 'moto', version: 'unknown' }), undefined);

  const target = { ...sampleResults().target, ...found, version: '4.14.0' };
  const divergences = [
    { clause: 'LIST-1', reason: 'r', link: 'l', expires: '2027-01-01', status: 'expected' } as const,
  ];
  for (const [options, origin] of [
    [[], "LocalStack 4.14.0, by the suite's list for --target localstack"],
    [['--divergences', 'mine.yaml'], 'LocalStack 4.14.0, by mine.yaml'],
  ] as const) {
    const results = sampleResults({ target, options, divergences });
    assert.equal(originOf(results), origin);
    assert.ok(toText(results, { color: false }).includes(`known divergences of ${origin}:`));
    assert.ok(toPage(results, []).includes(`Known divergences of ${origin.replace("'", '&#39;')}`));
  }
});

for (const [version, statuses] of [
  ['4.14.0', ['unneeded']],
  ['2026.3.0', []],
] as const)
  test(`a LocalStack ${version} at an address: its divergences are ${statuses.join() || 'none'}`, async (t) => {
    const behind = await startEmbeddedTarget({ region: 'us-east-1' });
    t.after(() => behind.stop());
    const endpoint = await disguised(String(behind.access.endpoint), version);
    t.after(() => endpoint.close());
    const { target, divergences } = await run({
      target: 'endpoint',
      endpoint: endpoint.url,
      clause: ['ROLE-3'],
    });
    assert.equal(`${target.name} ${target.version}`, `LocalStack ${version}`);
    // The embedded AWS enforces roles, so LocalStack's divergences pass here. This is not a failure, since the owner
    // may have configured it so.
    assert.deepEqual([...new Set(divergences.map(({ status }) => status))], statuses);
  });

/** Another emulator that claims to be LocalStack on its health page, which needs no credentials. */
async function disguised(endpoint: string, version: string): Promise<{ url: string; close(): void }> {
  const server = createServer((incoming: IncomingMessage, outgoing: ServerResponse) => {
    if (incoming.url === '/_localstack/health')
      return outgoing.end(
        JSON.stringify({ services: { kinesis: 'available' }, edition: 'community', version }),
      );
    if (incoming.url?.startsWith('/_kpc/')) return outgoing.writeHead(404).end();
    const { url: path, method, rawHeaders: headers } = incoming;
    // Unchanged, since templates look up headers case-sensitively.
    const onward = request(new URL(path ?? '/', endpoint), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
