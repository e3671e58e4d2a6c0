import assert from 'node:assert/strict';
import { connect } from 'node:http2';
import { test } from 'node:test';
import { cbor, tag } from '@smithy/core/cbor';
import { startEmbeddedAws } from '../embedded-aws.ts';
import type { Header, HttpRequest } from '../http.ts';
import { isRefusal, readDirectCall, serveDirectCall } from './direct.ts';
import { kinesisResponse } from './service.ts';

const JSON_TYPE: Header = ['Content-Type', 'application/x-amz-json-1.1'];
const CBOR_TYPE: Header = ['Content-Type', 'application/x-amz-cbor-1.1'];
const TARGET: Header = ['X-Amz-Target', 'Kinesis_20131202.ListStreams'];
const SIGNED: Header[] = [
  [
    'Authorization',
    'AWS4-HMAC-SHA256 Credential=a/b/c/kinesis/aws4_request, SignedHeaders=host, Signature=x',
  ],
  ['X-Amz-Date', '20250101T000000Z'],
];

function request(headers: Header[], body: string | Uint8Array = '{}', more: Partial<HttpRequest> = {}) {
  return { method: 'POST', target: '/', headers, body: Buffer.from(body), sourceIp: '', ...more };
}

const call = (...args: Parameters<typeof request>) => readDirectCall(request(...args));

// docs/facts/kinesis.md#direct-calls
test('invalid direct calls are refused', async (t) => {
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
    ['invalid plain JSON', call([plain, TARGET], 'hello'), 400, /#SerializationException/],
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
    ['not CBOR', call([CBOR_TYPE, TARGET, ...SIGNED]), 400, /^{"__type":"SerializationException"}$/],
    ['CBOR that is not a map', call([CBOR_TYPE, TARGET], cbor.serialize(1)), 400, /"SerializationException"/],
  ];
  for (const [name, answer, status, body] of rows) {
    await t.test(name, async () => {
      const result = await answer;
      assert.ok(isRefusal(result));
      assert.equal(result.status, status);
      assert.match(String(result.body), body);
    });
  }
});

test('a signed call passes with its action, and with JSON', async () => {
  const spaced: Header = ['content-type', '  application/x-amz-json-1.1  ; charset=utf-8'];
  for (const result of await Promise.all([
    call([JSON_TYPE, TARGET, ...SIGNED]),
    call([spaced, TARGET, ...SIGNED]),
    call([['Content-Type', 'application/json'], ...SIGNED], '{}', { target: '/?Action=ListStreams' }),
    call([JSON_TYPE, TARGET], '{}', { target: '/?X-Amz-Algorithm=AWS4-HMAC-SHA256' }),
    call([CBOR_TYPE, TARGET, ...SIGNED], cbor.serialize({})),
  ])) {
    assert.ok(!isRefusal(result));
    assert.deepEqual([result.action, result.body.toString()], ['ListStreams', '{}']);
  }
});

test('successes and errors alike are answered in the encoding of the request', async () => {
  const served = async (type: Header, body: string | Uint8Array, json: string, status = 200) => {
    const answer = await serveDirectCall(request([type, TARGET, ...SIGNED], body), async () =>
      kinesisResponse(status, json),
    );
    return { type: answer.headers.find(([name]) => name === 'Content-Type')?.[1], ...answer };
  };
  const given = cbor.serialize({});
  const [success, error, empty, malformed, plain] = await Promise.all([
    served(CBOR_TYPE, given, '{"HasMoreStreams":false}'),
    served(CBOR_TYPE, given, '{"__type":"ValidationException","message":"no"}', 400),
    served(CBOR_TYPE, given, ''),
    served(CBOR_TYPE, '{}', 'not asked'),
    served(JSON_TYPE, '{}', '{"HasMoreStreams":false}'),
  ]);
  const types = [success, error, empty, malformed, plain].map(({ type }) => type);
  assert.deepEqual(types, [...Array(4).fill(CBOR_TYPE[1]), JSON_TYPE[1]]);
  const decoded = ({ body }: typeof success) => cbor.deserialize(Buffer.from(body));
  assert.deepEqual(decoded(success), { HasMoreStreams: false });
  assert.equal(error.status, 400);
  assert.deepEqual(decoded(error), { __type: 'ValidationException', message: 'no' });
  assert.equal(empty.body.length, 0);
  assert.equal(malformed.status, 400);
  assert.deepEqual(decoded(malformed), { __type: 'SerializationException' });
  assert.equal(plain.body, '{"HasMoreStreams":false}');
});

test('the port serves CBOR by HTTP/1.1 and by HTTP/2 with prior knowledge', async () => {
  const bodies: string[] = [];
  const aws = await startEmbeddedAws({
    createMillis: 0,
    middleware: {
      kinesis: (next) => (inner) => {
        bodies.push(inner.body.toString());
        return next(inner);
      },
    },
  });
  const session = connect(aws.endpoint);
  const headersOf = (action: string) =>
    Object.fromEntries([CBOR_TYPE, ['X-Amz-Target', `Kinesis_20131202.${action}`], ...SIGNED]);
  async function http1(action: string, body: Uint8Array): Promise<Buffer> {
    const answer = await fetch(aws.endpoint, {
      method: 'POST',
      headers: headersOf(action),
      body: Buffer.from(body),
    });
    assert.equal(answer.headers.get('content-type'), CBOR_TYPE[1]);
    return Buffer.from(await answer.arrayBuffer());
  }
  async function http2(action: string, body: Uint8Array): Promise<Buffer> {
    const stream = session.request({ ':method': 'POST', ':path': '/', ...headersOf(action) });
    stream.on('response', (headers) => assert.equal(headers['content-type'], CBOR_TYPE[1]));
    stream.end(body);
    return Buffer.concat(await stream.toArray());
  }
  try {
    for (const [StreamName, send] of Object.entries({ http1, http2 })) {
      const ask = async (action: string, input: object) => {
        const answer = await send(action, cbor.serialize(input));
        return answer.length === 0 ? {} : cbor.deserialize(answer);
      };
      const before = Date.now();
      assert.deepEqual(await ask('CreateStream', { StreamName, ShardCount: 1 }), {});
      const Data = Buffer.from([0, 255, 128]);
      await ask('PutRecord', { StreamName, PartitionKey: 'k', Data });
      const { ShardIterator } = await ask('GetShardIterator', {
        StreamName,
        ShardId: 'shardId-000000000000',
        ShardIteratorType: 'AT_TIMESTAMP',
        Timestamp: tag({ tag: 1, value: before }),
      });
      const { Records } = await ask('GetRecords', { ShardIterator });
      assert.deepEqual(Buffer.from(Records[0].Data), Data);
      const { tag: number, value } = Records[0].ApproximateArrivalTimestamp;
      assert.ok(number === 1 && value >= before && value <= Date.now(), `${value}`);
      assert.deepEqual(await ask('DescribeStream', { StreamName: 'nope' }), {
        __type: 'ResourceNotFoundException',
        message: `Stream nope under account ${aws.accountId} not found.`,
      });
    }
    assert.ok(bodies.includes('{"StreamName":"http2","PartitionKey":"k","Data":"AP+A"}'), bodies.join('\n'));
  } finally {
    session.destroy();
    await aws.stop();
  }
});
