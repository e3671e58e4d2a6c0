import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SignatureV4 } from '@smithy/signature-v4';
import type { HttpRequest } from '../../http.ts';
import { Sha256 } from './sha256.ts';
import { type Secrets, verifySignature } from './verify.ts';

const NOW = Date.UTC(2025, 7, 19, 17, 4, 50);
const MINUTE = 60_000;
const KEY = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

interface SigningOptions {
  readonly at?: number;
  readonly region?: string;
  readonly service?: string;
  readonly sessionToken?: string;
  readonly presigned?: { readonly expiresIn: number };
}

/** A POST of `{"a":1}` as the SDK signs it. */
async function signed({
  at = NOW,
  region = 'us-east-1',
  service = 'execute-api',
  ...options
}: SigningOptions = {}) {
  const credentials = {
    ...KEY,
    ...(options.sessionToken === undefined ? {} : { sessionToken: options.sessionToken }),
  };
  const signer = new SignatureV4({ credentials, region, service, sha256: Sha256, applyChecksum: false });
  const body = options.presigned ? '' : '{"a":1}';
  const request = {
    method: 'POST',
    protocol: 'http:',
    hostname: 'localhost',
    path: '/test/streams/a%20b',
    query: { 'shard-id': 'x y', empty: '' },
    headers: { host: 'localhost', 'X-Custom': '  two   words ' },
    body,
  };
  const signingDate = new Date(at);
  const made = options.presigned
    ? await signer.presign(request, { signingDate, ...options.presigned })
    : await signer.sign(request, { signingDate });
  const query = Object.entries(made.query ?? {}).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`,
  );
  return {
    method: made.method,
    target: `${made.path}?${query.join('&')}`,
    headers: Object.entries(made.headers),
    body: Buffer.from(body),
    sourceIp: '127.0.0.1',
  } satisfies HttpRequest;
}

async function verdict(request: HttpRequest, secrets: Secrets | undefined = KEY): Promise<string> {
  const answer = await verifySignature(request, {
    service: 'execute-api',
    regions: ['us-east-1'],
    now: NOW,
    secretsOf: (id) => (id === KEY.accessKeyId ? secrets : undefined),
  });
  return 'kind' in answer ? `${answer.kind}: ${answer.message}` : answer.accessKeyId;
}

test('valid signatures', async (t) => {
  const session = { ...KEY, sessionToken: 'token', expires: NOW + 1 };
  const rows: [string, SigningOptions, Secrets?][] = [
    ['in the header', {}],
    ['four minutes old', { at: NOW - 4 * MINUTE }],
    ['four minutes ahead', { at: NOW + 4 * MINUTE }],
    ['of a session', { sessionToken: 'token' }, session],
    ['presigned', { presigned: { expiresIn: 60 } }],
    ['presigned an hour ago for two', { at: NOW - 60 * MINUTE, presigned: { expiresIn: 7200 } }],
    ['presigned by a session', { sessionToken: 'token', presigned: { expiresIn: 60 } }, session],
  ];
  for (const [name, options, secrets] of rows) {
    await t.test(name, async () => {
      assert.equal(await verdict(await signed(options), secrets), KEY.accessKeyId);
    });
  }
});

test('invalid signatures', async (t) => {
  const mismatch = /^invalid: The request signature we calculated does not match/;
  const invalidToken = /^invalid-token: The security token included in the request is invalid/;
  const session = { ...KEY, sessionToken: 'token', expires: NOW };
  const rows: [string, RegExp, Promise<HttpRequest>, Secrets?][] = [
    ['none', /^missing: Missing Authentication Token$/, changed({ headers: [] })],
    ['no key=value', /^incomplete: 'x' not a valid key=value pair/, authorized('Bearer x')],
    [
      'another algorithm',
      /^incomplete: Unsupported AWS 'algorithm'/,
      authorized('AWS4-HMAC-SHA1 Credential=a'),
    ],
    ['no signature', /^incomplete: .*requires 'Signature' parameter/, replaced(/, Signature=.*/, '')],
    ['short scope', /^incomplete: Credential must have exactly 5/, replaced(/\/aws4_request/, '')],
    ['no host signed', /^invalid: 'Host' or ':authority' must be/, replaced('=host;', '=')],
    [
      'six minutes old',
      /^invalid: Signature expired: 20250819T165850Z is now earlier than 20250819T165950Z \(20250819T170450Z - 5 min\.\)$/,
      signed({ at: NOW - 6 * MINUTE }),
    ],
    [
      'six minutes ahead',
      /^invalid: Signature not yet current: .* is still later than/,
      signed({ at: NOW + 6 * MINUTE }),
    ],
    [
      'presigned too long ago',
      /^invalid: Signature expired/,
      signed({ at: NOW - 2 * MINUTE, presigned: { expiresIn: 60 } }),
    ],
    [
      'another region',
      /^invalid: Credential should be scoped to a valid region, not 'eu-west-1'/,
      signed({ region: 'eu-west-1' }),
    ],
    [
      'another service',
      /^invalid: Credential should be scoped to correct service: 'execute-api'/,
      signed({ service: 'kinesis' }),
    ],
    [
      'both',
      /^invalid: Credential should be scoped to a valid region, not 'eu-west-1'\. Credential should be scoped to correct service: 'execute-api'\. $/,
      signed({ region: 'eu-west-1', service: 'kinesis' }),
    ],
    [
      'another day',
      /^invalid: Date in Credential scope does not match/,
      replaced('/20250819/', '/20250818/'),
    ],
    ['unknown key', /^unknown-key: /, replaced('AKIDEXAMPLE', 'AKIDUNKNOWN')],
    ['another secret', mismatch, signed(), { secretAccessKey: 'other' }],
    ['another body', mismatch, changed({ body: Buffer.from('{"a":2}') })],
    ['another method', mismatch, changed({ method: 'PUT' })],
    ['another path', mismatch, signed().then((r) => ({ ...r, target: r.target.replace('a%20b', 'a%20c') }))],
    ['another query', mismatch, signed().then((r) => ({ ...r, target: r.target.replace('x%20y', 'x') }))],
    [
      'another header',
      mismatch,
      signed().then((r) => ({
        ...r,
        headers: r.headers.map(([n, v]): [string, string] => [n, n === 'X-Custom' ? 'one' : v]),
      })),
    ],
    [
      'presigned, another expiry',
      mismatch,
      signed({ presigned: { expiresIn: 60 } }).then((r) => ({
        ...r,
        target: r.target.replace('Expires=60', 'Expires=61'),
      })),
    ],
    ['a session without its token', invalidToken, signed(), session],
    ['an unknown token', invalidToken, signed({ sessionToken: 'token' })],
    [
      'a session that is over',
      /^expired-token: The security token included in the request is expired/,
      signed({ sessionToken: 'token' }),
      session,
    ],
  ];
  for (const [name, expected, request, secrets] of rows) {
    await t.test(name, async () => {
      assert.match(await verdict(await request, secrets), expected);
    });
  }
});

async function changed(changes: Partial<HttpRequest>): Promise<HttpRequest> {
  return { ...(await signed()), ...changes };
}

async function replaced(what: string | RegExp, by: string): Promise<HttpRequest> {
  const request = await signed();
  const headers = request.headers.map(([name, value]): [string, string] => [
    name,
    name === 'authorization' ? value.replace(what, by) : value,
  ]);
  return { ...request, headers };
}

async function authorized(header: string): Promise<HttpRequest> {
  return changed({ headers: [['Authorization', header]] });
}
