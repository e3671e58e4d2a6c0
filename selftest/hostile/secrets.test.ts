import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { httpServer, suite } from './processes.ts';

describe('a secret in a URL is refused and never printed', { concurrency: 4 }, () => {
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
    ['KPC_URL', [], { KPC_URL: URLS[0] as string }],
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
    ['--auth', ['--url', 'http://127.0.0.1:9/test', '--auth', 'headr:Authorization=Bearer plantedpw'], {}],
    ['KPC_AUTH', [], { KPC_AUTH: 'header:Author ization=Bearer plantedpw' }],
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

  it('keys that an API echoes are in no output, journal or report', async (t) => {
    const own = mkdtempSync(path.join(folder, 'e-'));
    const env = {
      KPC_API_KEY: 'plantedApiKey+1/2',
      AWS_ACCESS_KEY_ID: 'AKIAPLANTEDKEY123456',
      AWS_SECRET_ACCESS_KEY: 'plantedSecretAccessKey/with+signs',
      AWS_SESSION_TOKEN: 'plantedSessionToken/with+signs==',
    };
    const header = 'plantedHeader/with+signs';
    const echo = [...Object.values(env), header].flatMap((secret) => [
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
    const flags = ['--url', `${url}/test`, '--endpoint', url, '--clause', 'LIST-1'];
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
      {
        env: {
          ...env,
          KPC_AUTH: `iam,header:X-Tenant=Scheme ${header}`,
          GITHUB_ACTIONS: 'true',
          GITHUB_STEP_SUMMARY: path.join(own, 'summary.md'),
        },
      },
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
      assert.doesNotMatch(text, /planted(?:ApiKey|Secret|Session|Header)|AKIAPLANTED/);
  });
});
