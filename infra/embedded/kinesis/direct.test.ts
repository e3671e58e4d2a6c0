import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Header, HttpRequest } from '../http.ts';
import { isRefusal, readDirectCall } from './direct.ts';

const JSON_TYPE: Header = ['Content-Type', 'application/x-amz-json-1.1'];
const TARGET: Header = ['X-Amz-Target', 'Kinesis_20131202.ListStreams'];
const SIGNED: Header[] = [
  [
    'Authorization',
    'AWS4-HMAC-SHA256 Credential=a/b/c/kinesis/aws4_request, SignedHeaders=host, Signature=x',
  ],
  ['X-Amz-Date', '20250101T000000Z'],
];

function call(headers: Header[], body = '{}', more: Partial<HttpRequest> = {}) {
  return readDirectCall({
    method: 'POST',
    target: '/',
    headers,
    body: Buffer.from(body),
    sourceIp: '',
    ...more,
  });
}

test('what is refused of a direct call, and how (facts 4.5)', async (t) => {
  const plain: Header = ['Content-Type', 'application/json'];
  const rows: [string, ReturnType<typeof call>, number, RegExp][] = [
    [
      'not a POST',
      call([], '', { method: 'GET' }),
      403,
      /^<AccessDeniedException>\n {2}<Message>Unable to determine/,
    ],
    ['no content type, no target', call([]), 403, /^<AccessDeniedException>/],
    [
      'unknown content type',
      call([['Content-Type', 'x-amz-json-1.1'], TARGET]),
      404,
      /^<UnknownOperationException\/>/,
    ],
    [
      'unknown target',
      call([JSON_TYPE, ['X-Amz-Target', 'Kinesis_20131202.Bogus']]),
      400,
      /^{"__type":"UnknownOperationException"}$/,
    ],
    ['no target', call([JSON_TYPE]), 400, /^{"__type":"UnknownOperationException"}$/],
    ['no body', call([JSON_TYPE, TARGET], ''), 400, /^{"__type":"SerializationException"}$/],
    ['not JSON', call([JSON_TYPE, TARGET], 'hello'), 400, /^{"__type":"SerializationException"}$/],
    [
      'plain JSON',
      call([plain, TARGET]),
      404,
      /^{"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"},"Version":"1.0"}$/,
    ],
    ['plain JSON that is none', call([plain, TARGET], 'hello'), 400, /#SerializationException/],
    [
      'unsigned',
      call([JSON_TYPE, TARGET]),
      400,
      /^{"__type":"MissingAuthenticationTokenException","message":"Missing Authentication Token"}$/,
    ],
    [
      'half signed',
      call([JSON_TYPE, TARGET, ['Authorization', 'X']]),
      400,
      /IncompleteSignatureException.*requires 'Credential' parameter\. .*'X-Amz-Date' or a 'Date' header\. Authorization=X/,
    ],
    ['CBOR', call([['Content-Type', 'application/x-amz-cbor-1.1'], TARGET]), 400, /AWS_CBOR_DISABLE/],
  ];
  for (const [name, result, status, body] of rows) {
    await t.test(name, () => {
      assert.ok(isRefusal(result));
      assert.equal(result.status, status);
      assert.match(String(result.body), body);
    });
  }
});

test('a signed call passes with its action', () => {
  const spaced: Header = ['content-type', '  application/x-amz-json-1.1  ; charset=utf-8'];
  for (const result of [
    call([JSON_TYPE, TARGET, ...SIGNED]),
    call([spaced, TARGET, ...SIGNED]),
    call([['Content-Type', 'application/json'], ...SIGNED], '{}', { target: '/?Action=ListStreams' }),
    call([JSON_TYPE, TARGET], '{}', { target: '/?X-Amz-Algorithm=AWS4-HMAC-SHA256' }),
  ]) {
    assert.ok(!isRefusal(result));
    assert.equal(result.action, 'ListStreams');
  }
});
