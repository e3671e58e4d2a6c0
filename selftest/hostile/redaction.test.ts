import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { redact } from '../../support/client/redact.ts';
import { redactAll } from '../../support/report/redact-all.ts';

const SECRET = 'planted+S3cret/Value42';
const JWT = `${Buffer.from('{"alg":"HS256"}').toString('base64url')}.${Buffer.from('{"sub":"planted"}').toString('base64url')}.c2lnbmF0dXJl`;
const PEM = `-----BEGIN RSA PRIVATE KEY-----\n${'MIIplanted'.repeat(8)}\n-----END RSA PRIVATE KEY-----`;
const NAMES = [
  'password',
  'Password',
  'db_password',
  'dbPassword',
  'passwd',
  'passphrase',
  'secret',
  'clientSecret',
  'client_secret',
  'secretKey',
  'secretAccessKey',
  'SecretAccessKey',
  'token',
  'access_token',
  'accessToken',
  'refreshToken',
  'id_token',
  'SessionToken',
  'apiKey',
  'api_key',
  'x-api-key',
  'X-Api-Key',
  'private_key',
  'Authorization',
  'authorization',
  'Cookie',
  'X-Amz-Security-Token',
];

/** The ways in which an answer may contain a value under a name. */
const FORMS: Record<string, (name: string, value: string) => string> = {
  JSON: (name, value) => JSON.stringify({ a: 1, [name]: value, b: 'kept' }),
  'JSON, indented': (name, value) => JSON.stringify({ a: { b: [{ [name]: value }] } }, null, 2),
  'JSON in JSON': (name, value) => JSON.stringify({ body: JSON.stringify({ [name]: value, z: 'kept' }) }),
  'JSON in JSON in JSON': (name, value) =>
    JSON.stringify({ body: JSON.stringify({ inner: JSON.stringify({ [name]: value }) }) }),
  'a value with quotes': (name, value) => JSON.stringify({ [name]: `x"y\\"${value}` }),
  'a list': (name, value) => JSON.stringify({ [name]: [value, value] }),
  'an object': (name, value) => JSON.stringify({ [name]: { value } }),
  'single quotes': (name, value) => `{'${name}': '${value}'}`,
  'a header': (name, value) => `${name}: ${value}`,
  'a header in a log': (name, value) => `12:00:01 > ${name}: ${value}`,
  'a header in JSON': (name, value) => JSON.stringify({ log: `GET /\n${name}: ${value}\nHost: x` }),
  'a query': (name, value) => `https://h/p?a=1&${name}=${encodeURIComponent(value)}&b=2`,
  'an encoded query': (name, value) =>
    encodeURIComponent(`https://h/p?${name}=${value.replaceAll('/', '_')}`),
  'a form': (name, value) => `${name}=${encodeURIComponent(value)}&b=2`,
  XML: (name, value) => `<a><${name}>${value}</${name}></a>`,
  YAML: (name, value) => `a: 1\n${name}: ${value}\n`,
};

/** Text that makes a regular expression scan far from each of many positions. */
const LONG_PIECES = [
  ...[
    'eyJ',
    'eyJaaaaaaaa.',
    '-----BEGIN PRIVATE KEY-----',
    '-----BEGIN ',
    'AKIA',
    'ghp_',
    'xoxa-',
    'sk_live_',
  ],
  ...[
    '"token":[',
    '"token":{',
    "'token': -1",
    '"password":"',
    '"password":\\"',
    "password:'",
    'password\\',
    '\\"',
    '\\',
  ],
  ...[
    '<token ',
    '&lt;token ',
    '<token>',
    '?token=',
    '%3Ftoken',
    '&password',
    'cookie: ',
    'token:\n',
    '\ntoken',
    'token ',
  ],
  ...[
    'token',
    'x.token',
    'a.',
    'a_',
    'a-',
    'a1',
    'pass',
    'db',
    'set-cookie',
    'authorization,',
    'x-api-key: [',
  ],
  ...[
    'https://a:',
    'a:\\/\\/',
    'a://b',
    'a://b@',
    '@',
    'Bearer ',
    'Basic ',
    'Basic a',
    '1',
    '1.',
    '123456789012',
    'a1f ',
  ],
  ...[' ', '\n', 'token:          ', 'Bearer          '],
];

function millis(text: string): number {
  const started = performance.now();
  redact(text);
  return performance.now() - started;
}

describe('secrets in answers are redacted', () => {
  for (const [form, write] of Object.entries(FORMS))
    it(form, () => {
      for (const name of NAMES) {
        const shown = redact(write(name, SECRET));
        for (const part of ['planted', 'S3cret', 'Value42'])
          assert.ok(!shown.includes(part), `${name}: ${shown}`);
      }
    });

  it('under the name of a secret, whatever its type', () => {
    assert.doesNotMatch(redact('{"password": 12345678, "pin": 1}'), /12345678/);
    const all = redactAll({
      deep: [{ password: 'x y', token: 't', body: JSON.stringify({ apiKey: SECRET }) }],
    });
    assert.doesNotMatch(JSON.stringify(all), /x y|planted/);
  });

  for (const [what, text] of [
    ['Bearer', `it said Bearer ${SECRET}, and more`],
    ['Basic', `it said Basic ${Buffer.from(`user:${SECRET}`).toString('base64')}`],
    ['a JSON Web Token', `eaten ${JWT} here`],
    ['a private key', `key ${PEM} end`],
    ['a private key in JSON', JSON.stringify({ key: PEM })],
    ['a private key without its end', PEM.slice(0, 60)],
    ['a key and its secret', 'AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI/K7MDENG/plantedFiCYEXAMPLE'],
    ['a user in a URL', 'at https://user:planted@host/p'],
    ['a user in an escaped URL', 'at https:\\/\\/planted:S3cret@host\\/p'],
    ['a token of GitHub', `ghp_${'planted0'.repeat(5)}`],
  ] as const)
    it(what, () => {
      assert.doesNotMatch(redact(text), /planted|S3cret|MIIplanted|cGxhbnRlZA/);
    });

  it('other text stays', () => {
    for (const text of [
      '{"ShardIterator":"AAAAAAAAAAHsW8zCWf9164uy8Epue6WS3w6wmj4a4USt+CNvMd6uXQ+HL5vAJMznqqC0DLKsIjuoiTi1BpT6nW0LN2M2D56zM5H8anHm30Gbri9ua+qaGgj+3XTyvbhpERfrezgLHbPB/rIcVpykJbaSj5tmcXYRmFnqZBEyHwtZYFmh6hvWVFkIwLuMZLMrpWhG5r5hzkE="}',
      '{"SequenceNumber":"49559409944537880850133345460169886593573102115167928386","ShardId":"shardId-000000000000"}',
      '{"NextToken":"AAAAAAAAAAGz","HasMoreStreams":true,"StreamNames":["secretive","token-stream"]}',
      '{"message":"The security token included in the request is invalid."}',
      '{"message":"Missing Authentication Token"}',
      '{"Data":"c29tZSBkYXRh","PartitionKey":"some key"}',
      'the API wants an API key (KPC_API_KEY); 3 passed, 0 failed; Bearer tokens; Basic authentication',
    ])
      assert.equal(redact(text), text);
  });

  it('in linear time', () => {
    // Sixteen times as much text takes sixteen times as long; with quadratic time, 256 times.
    const [small, times] = [12_500, 16];
    for (const piece of LONG_PIECES)
      for (const [before, after] of [
        ['token "', ''],
        ['"password":"\\\\', '@'],
      ] as const) {
        const text = (length: number) => before + piece.repeat(length / piece.length) + after;
        let [short, long] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
        // The minimum of several measurements, since other work on the machine only adds to a time.
        for (let attempt = 0; attempt < 8 && (attempt < 2 || long > 4 * times * short); attempt += 1) {
          short = Math.min(short, millis(text(small)));
          long = Math.min(long, millis(text(small * times)));
        }
        const told = `${before}${piece}…: ${short} ms, and ${long} ms for ${times} times as much`;
        assert.ok(long <= 4 * times * Math.max(short, 0.1), told);
      }
  });
});
