import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lackOfEmulation, stopsAnonymous, whyShut } from './authorizers.ts';

test('a token helps only where the authorizer exists, and the remedy is one that works', () => {
  const shut = (
    kind: 'url' | 'aws' | 'embedded' | 'localstack' | 'endpoint',
    name: string,
    hasToken: boolean,
  ) => whyShut(['POST /notes'], { kind, name }, hasToken);
  assert.equal(shut('url', 'API on AWS', true), undefined);
  assert.equal(shut('aws', 'AWS', true), undefined);
  assert.match(
    shut('url', 'API on AWS', false) ?? '',
    /no token for it; give it by --auth header:NAME=VALUE/,
  );
  assert.match(
    shut('aws', 'AWS', false) ?? '',
    /does not contain the authorizer's function, judge the deployed API/,
  );
  for (const hasToken of [true, false]) {
    for (const [kind, name] of [
      ['embedded', 'embedded AWS'],
      ['localstack', 'LocalStack'],
      ['endpoint', 'LocalStack'],
    ] as const)
      assert.equal(
        shut(kind, name, hasToken),
        `POST /notes is behind an authorizer, which ${name} does not emulate; judge the deployed API: --target url --url URL --auth header:NAME=VALUE (or KPC_AUTH)`,
      );
    assert.match(
      shut('endpoint', 'ministack', hasToken) ?? '',
      /, and a run deploys none on an emulator; judge the/,
    );
  }
});

test('an anonymous caller is judged only where an authorizer stops it', () => {
  assert.ok(stopsAnonymous({ kind: 'embedded', name: 'embedded AWS' }));
  assert.ok(stopsAnonymous({ kind: 'url', name: 'deployed API' }));
  assert.ok(!stopsAnonymous({ kind: 'localstack', name: 'LocalStack' }));
  assert.ok(!stopsAnonymous({ kind: 'endpoint', name: 'ministack' }));
});

test('an answer 501 of the embedded AWS is a lack of emulation, and no other answer is', () => {
  const lack = (status: number, body: string, type?: string) =>
    lackOfEmulation({
      request: { method: 'POST', url: 'http://127.0.0.1/', headers: {} },
      response: { status, headers: type === undefined ? {} : { 'x-amzn-errortype': type }, body },
      durationMs: 1,
    });
  const text = '{"message": "The embedded API Gateway does not emulate validation of a binary body"}';
  assert.match(
    lack(501, text, 'NotImplementedException') ?? '',
    /not emulate validation of a binary body; judge/,
  );
  assert.match(
    lack(501, '{"error":"failed"}', 'NotImplementedException') ?? '',
    /not emulate what this call needs/,
  );
  assert.equal(lack(501, text), undefined);
  assert.equal(lack(500, text, 'NotImplementedException'), undefined);
});
