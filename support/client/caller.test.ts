import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadDefinition } from '../../infra/definition/definition.ts';
import { readInterface } from '../../infra/definition/interface/file.ts';
import type { Interface } from '../../infra/definition/interface/types.ts';
import type { Limits } from '../../infra/targets/deployed-api.ts';
import { Caller } from './caller.ts';
import { ANONYMOUS } from './caller-identity.ts';
import { HttpClient } from './http.ts';
import { callsOf } from './offered-calls.ts';
import type { ProxyRequest } from './requests.ts';

const OFFERED = readInterface(
  `calls:
  - { action: PutRecord, method: GET, path: /track, stream: { fixed: clicks }, data: { from: query, name: d } }
  - { action: PutRecord, method: POST, path: '/{stream}', stream: { from: path, name: stream }, data: { from: raw-body } }
  - { action: DescribeStream, method: POST, path: /clicks/description, stream: { fixed: clicks } }
  - { action: PutRecords, method: POST, anyMethod: true, path: '/all/{rest+}', stream: { fixed: clicks } }
  - { action: DeleteStream, method: GET, path: '/remove/{stream}', stream: { from: path, name: stream } }
  - { action: PutRecord, method: POST, path: /guarded, auth: authorizer, stream: { fixed: clicks } }
`,
  'test',
);

function request(method: string, path: string, body?: string): ProxyRequest {
  return { method, resource: path, path, query: [], headers: {}, ...(body !== undefined && { body }) };
}

function caller(limits?: Limits, offered: Interface | undefined = OFFERED) {
  return new Caller(new HttpClient(), {
    credentials: async () => ({ accessKeyId: 'a', secretAccessKey: 'b' }),
    retriesCalls: false,
    prefix: 'kpc-1-',
    target: { kind: 'url', name: 'deployed API' },
    limits,
    offered,
  });
}

const CASES: readonly [request: ProxyRequest, readOnly: boolean, forClicks: boolean][] = [
  [request('GET', '/track'), false, true],
  [request('POST', '/clicks', '{}'), false, true],
  [request('POST', '/kpc-1-New', '{}'), false, true],
  [request('POST', '/others', '{}'), false, false],
  [request('POST', '/clicks/description'), true, true],
  [request('GET', '/all/of/it'), false, true],
  [request('GET', '/remove/clicks'), false, false],
  [request('GET', '/remove/kpc-1-New'), false, false],
  [request('GET', '/nowhere'), true, true],
  [request('OPTIONS', '/clicks'), true, true],
  [request('DELETE', '/clicks'), false, false],
];

for (const [one, readOnly, forClicks] of CASES)
  test(`limits depend on what ${one.method} ${one.path} does, not on its name`, () => {
    const allows = (limits: Limits) => {
      try {
        caller(limits).assertAllowed(one);
        return true;
      } catch (error) {
        assert.match(String(error), /NotObservable/);
        return false;
      }
    };
    assert.equal(allows({ readOnly: true, stream: 'clicks' }), readOnly);
    assert.equal(allows({ readOnly: false, stream: 'clicks' }), forClicks);
    assert.doesNotThrow(() => caller().assertAllowed(one), 'without limits everything is allowed');
  });

test("if it is unknown what an API offers, the tutorial's paths decide", () => {
  const limited = new Caller(new HttpClient(), {
    credentials: async () => ({ accessKeyId: 'a', secretAccessKey: 'b' }),
    retriesCalls: false,
    prefix: 'kpc-1-',
    target: { kind: 'url', name: 'deployed API' },
    limits: { readOnly: false, stream: 'clicks' },
  });
  assert.doesNotThrow(() => limited.assertAllowed(request('PUT', '/streams/clicks/record')));
  assert.throws(() => limited.assertAllowed(request('PUT', '/streams/others/record')));
  assert.throws(() => limited.assertAllowed(request('POST', '/streams/kpc-1-New')));
});

test('a request belongs to the most literal path that matches', () => {
  const tutorial = loadDefinition('tutorial').interface();
  const actions = (method: string, path: string) =>
    callsOf(tutorial, { method, path }).map(({ action }) => action);
  assert.deepEqual(actions('GET', '/streams/a/records'), ['GetRecords']);
  assert.deepEqual(actions('GET', '/streams/records'), ['DescribeStream']);
  assert.deepEqual(actions('PATCH', '/streams/records'), []);
  assert.deepEqual(actions('GET', '/streams/a/b/c'), []);
  assert.deepEqual(
    callsOf(OFFERED, { method: 'POST', path: '/guarded' }).map(({ auth }) => auth),
    ['authorizer'],
  );
});

test('a call behind an authorizer is not made without a token, but anonymously', async () => {
  const api = { baseUrl: 'http://127.0.0.1:9/test' };
  await assert.rejects(caller().send(api, request('POST', '/guarded')), /--auth header:NAME=VALUE/);
  await assert.rejects(
    caller().send(api, request('POST', '/guarded'), undefined, ANONYMOUS),
    /got no answer/,
  );
});
