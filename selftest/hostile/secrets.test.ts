import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { redact } from '../../support/client/redact.ts';
import { redactAll } from '../../support/report/redact-all.ts';
import { httpServer, suite } from './processes.ts';

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

/** How an answer may hold a value under a name. */
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

/** What makes an expression look far ahead or back from each of many places. */
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

describe('what answers hold of secrets is hidden', () => {
  for (const [form, write] of Object.entries(FORMS))
    it(form, () => {
      for (const name of NAMES) {
        const shown = redact(write(name, SECRET));
        for (const part of ['planted', 'S3cret', 'Value42'])
          assert.ok(!shown.includes(part), `${name}: ${shown}`);
      }
    });

  it('under a name of secrets, whatever its type', () => {
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

  it('and what is none stays', () => {
    for (const text of [
      '{"ShardIterator":"AAAAAAAAAAHsW8zCWf9164uy8Epue6WS3w6wmj4a4USt+CNvMd6uXQ+HL5vAJMznqqC0DLKsIjuoiTi1BpT6nW0LN2M2D56zM5H8anHm30Gbri9ua+qaGgj+3XTyvbhpERfrezgLHbPB/rIcVpykJbaSj5tmcXYRmFnqZBEyHwtZYFmh6hvWVFkIwLuMZLMrpWhG5r5hzkE="}',
      '{"SequenceNumber":"49559409944537880850133345460169886593573102115167928386","ShardId":"shardId-000000000000"}',
      '{"NextToken":"AAAAAAAAAAGz","HasMoreStreams":true,"StreamNames":["secretive","token-stream"]}',
      '{"message":"The security token included in the request is invalid."}',
      '{"message":"Missing Authentication Token"}',
      '{"Data":"c29tZSBkYXRh","PartitionKey":"some key"}',
      'the API wants an API key (API_KEY); 3 passed, 0 failed; Bearer tokens; Basic authentication',
    ])
      assert.equal(redact(text), text);
  });

  it('in linear time', () => {
    // Sixteen times as much text takes sixteen times as long; in quadratic time it took 256 times.
    const [small, times] = [6_000, 16];
    for (const piece of LONG_PIECES)
      for (const [before, after] of [
        ['token "', ''],
        ['"password":"\\\\\\\\', '@'],
      ] as const) {
        const text = (length: number) => before + piece.repeat(length / piece.length) + after;
        const least = (length: number) => Math.min(...[0, 1, 2].map(() => millis(text(length))));
        const [short, long] = [least(small), least(small * times)];
        const told = `${before}${piece}…: ${short} ms, and ${long} ms for ${times} times as much`;
        assert.ok(long < 4 * times * Math.max(short, 0.05), told);
      }
  });
});

describe('a secret in a URL is refused, and repeated nowhere', { concurrency: 4 }, () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'kpc-secrets-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const URLS = [
    'http://user:plantedpw@127.0.0.1:9/test',
    'http://plantedpw@127.0.0.1:9/test',
    'http:\\\\user:plantedpw@127.0.0.1:9/test',
    'htp://user:plantedpw@127.0.0.1:9/test',
    'user:plantedpw@127.0.0.1:9',
    'http://127.0.0.1:9/test?sig=plantedpw',
    'http://127.0.0.1:9/test#plantedpw',
  ];
  const cases: [string, string[], Record<string, string>][] = [
    ...URLS.flatMap((url): [string, string[], Record<string, string>][] => [
      [`--url ${url}`, ['--url', url], {}],
      [`--endpoint ${url}`, ['--endpoint', url], {}],
    ]),
    ['URL', ['--target', 'url'], { URL: URLS[0] as string }],
    ['ENDPOINT', [], { ENDPOINT: URLS[0] as string }],
    ['--execute-api-url', ['--endpoint', 'http://127.0.0.1:9', '--execute-api-url', URLS[0] as string], {}],
    ['AWS_ENDPOINT_URL', ['--url', 'http://127.0.0.1:9/test'], { AWS_ENDPOINT_URL: URLS[0] as string }],
    [
      'AWS_ENDPOINT_URL_KINESIS',
      ['--target', 'aws', '--region', 'us-east-1'],
      { AWS_ENDPOINT_URL_KINESIS: URLS[5] as string },
    ],
    ['--definition', ['--definition', 'https://user:plantedpw@127.0.0.1/api.yaml?token=plantedpw'], {}],
    ['--report', ['--report', 'https://user:plantedpw@127.0.0.1/'], {}],
    ['an argument', ['https://user:plantedpw@127.0.0.1/'], {}],
    ['--auth', ['--url', 'http://127.0.0.1:9/test', '--auth', 'header:Authorization=Bearer plantedpw'], {}],
  ];
  for (const [what, flags, env] of cases)
    for (const command of what.startsWith('--url') || what === 'ENDPOINT'
      ? ['conformance', 'doctor']
      : ['conformance'])
      it(`${command} with ${what}`, async () => {
        const own = mkdtempSync(path.join(folder, 'r-'));
        const report =
          flags.includes('--report') || command === 'doctor' ? [] : ['--report', path.join(own, 'r')];
        const { exitCode, stdout, stderr } = await suite([command, ...flags, ...report], { env, cwd: own });
        assert.equal(exitCode, 3, stdout + stderr);
        assert.match(stderr, /^error: [^\n]+\n$/);
        assert.doesNotMatch(stdout + stderr, /plantedpw/);
      });

  for (const line of [
    `url: ${URLS[0]}`,
    `endpoint: ${URLS[1]}`,
    `endpoint: http://127.0.0.1:9\nexecute-api-url: ${URLS[5]}`,
    `definition: ${URLS[0]}`,
    `${URLS[0]}: x`,
    `password: plantedpw`,
    `url: [{password: plantedpw}`,
  ])
    it(`from a config file with ${JSON.stringify(line)}`, async () => {
      const own = mkdtempSync(path.join(folder, 'c-'));
      writeFileSync(path.join(own, 'conformance.config.yaml'), `${line}\n`);
      const { exitCode, stdout, stderr } = await suite(['conformance'], { cwd: own });
      assert.equal(exitCode, 3);
      assert.match(stderr, /^error: [^\n]+\n$/);
      assert.doesNotMatch(stdout + stderr, /plantedpw/);
    });

  it('what an API echoes of the keys it was given is in no output, journal or report', async (t) => {
    const own = mkdtempSync(path.join(folder, 'e-'));
    const env = {
      API_KEY: 'plantedApiKey+1/2',
      AWS_ACCESS_KEY_ID: 'AKIAPLANTEDKEY123456',
      AWS_SECRET_ACCESS_KEY: 'plantedSecretAccessKey/with+signs',
      AWS_SESSION_TOKEN: 'plantedSessionToken/with+signs==',
    };
    const echo = Object.values(env).flatMap((secret) => [
      secret,
      encodeURIComponent(secret),
      secret.replaceAll('/', '\\/'),
    ]);
    const url = await httpServer(t, (request, response) => {
      request.resume();
      response
        .writeHead(200, { 'content-type': 'application/json', 'x-echo': echo.slice(0, 3).join(' ') })
        .end(`{"StreamNames":"${echo.join(' ')}","headers":${JSON.stringify(request.headers)}}`);
    });
    const flags = ['--url', `${url}/test`, '--endpoint', url, '--auth', 'iam', '--clause', 'LIST-1'];
    const { stdout, stderr } = await suite(
      [
        'conformance',
        ...flags,
        '--report',
        path.join(own, 'r'),
        '--journal',
        path.join(own, 'j'),
        '--evidence',
        path.join(own, 'v'),
      ],
      { env: { ...env, GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: path.join(own, 'summary.md') } },
    );
    const files = readdirSync(own, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    assert.ok(
      files.some(({ name }) => name === 'conformance.json'),
      stdout + stderr,
    );
    for (const text of [
      stdout,
      stderr,
      ...files.map(({ parentPath, name }) => readFileSync(path.join(parentPath, name), 'utf8')),
    ])
      assert.doesNotMatch(text, /planted(?:ApiKey|Secret|Session)|AKIAPLANTED/);
  });
});
