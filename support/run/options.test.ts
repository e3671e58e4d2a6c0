import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { UsageError } from '../../infra/errors.ts';
import { redact } from '../client/redact.ts';
import { CONFIG_FILE, parseOptions } from './options.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kpc-options-'));
after(() => rmSync(folder, { recursive: true }));

function parse(argv: string[], env: Record<string, string> = {}, config?: string) {
  const file = path.join(folder, CONFIG_FILE);
  if (config === undefined) rmSync(file, { force: true });
  else writeFileSync(file, config);
  return parseOptions(argv, env, folder);
}

test('the defaults are the embedded AWS, the tutorial and one thread', () => {
  const options = parse([]);
  assert.equal(options.target, 'embedded');
  assert.equal(options.definition, 'tutorial');
  assert.equal(options.region, 'us-east-1');
  assert.equal(options.parallel, 0);
  assert.equal(options.level, undefined);
});

test('a flag wins over the environment, which wins over the config file', () => {
  const config = 'region: eu-west-1\ndefinition: config.yaml\nparallel: 3\n';
  const options = parse(
    ['--region', 'eu-central-1'],
    { KPC_REGION: 'us-west-2', KPC_DEFINITION: 'env.yaml' },
    config,
  );
  assert.equal(options.region, 'eu-central-1');
  assert.equal(options.definition, 'env.yaml');
  assert.equal(options.parallel, 3);
});

test('an endpoint alone is the endpoint target', () => {
  assert.equal(parse(['--endpoint', 'http://localhost:4566/']).endpoint, 'http://localhost:4566');
  assert.equal(parse(['--endpoint', 'http://localhost:4566']).target, 'endpoint');
});

const REFUSED: readonly [string[], RegExp, Record<string, string>?, string?][] = [
  [['--taget', 'embedded'], /--taget/],
  [['embedded'], /unexpected argument/],
  [['--target', 'mars'], /--target mars is unknown; it is one of embedded/],
  [['--level', 'most'], /--level most is unknown/],
  [['--target', 'endpoint'], /needs --endpoint URL/],
  [['--target', 'embedded', '--endpoint', 'http://x'], /belongs to --target endpoint/],
  [['--endpoint', 'localhost:4566'], /not an http or https URL/],
  [['--execute-api-url', '{restApiId}', '--endpoint', 'http://x'], /not an http or https URL/],
  [['--parallel', 'two'], /whole number/],
  [['--parallel', '-1'], /parallel/],
  [['--shard', '5/4'], /1 ≤ i ≤ n/],
  [['--shard', '1'], /1 ≤ i ≤ n/],
  [['--durations', 'x.json'], /needs --shard/],
  [['--order', 'random:x'], /defined or random/],
  [['--sockets', '--endpoint', 'http://x'], /--sockets belongs to --target embedded/],
  [['--simulate', 'mars'], /--simulate takes aws or aws:SEED, not mars/],
  [['--simulate', 'aws', '--endpoint', 'http://x'], /--simulate belongs to --target embedded or aws/],
  [['--simulate', 'aws', '--target', 'aws', '--endpoint', 'http://x'], /takes no --endpoint/],
  [['--simulate', 'aws', '--target', 'aws', '--keep'], /nothing to keep on a simulation/],
  [[], /unknown key taget/, {}, 'taget: embedded\n'],
  [[], /mapping of options/, {}, '- embedded\n'],
  [[], /cannot be read/, {}, 'target: [\n'],
  [['--tagret', 'embedded'], /did you mean --target\?$/],
  [['--target', 'localstak'], /^--target localstak is unknown; did you mean localstack\?$/],
  [['--region', 'mars'], /--region mars is not the name of a region, such as/],
  [['--url', 'http://x/test', '--stream', 'a b'], /--stream a b is not the name of a stream: 1 to 128/],
  [[], /unknown key tagret; did you mean target\?/, {}, 'tagret: embedded\n'],
  [[], /^target in conformance.config.yaml mars is unknown/, {}, 'target: mars\n'],
  [[], /^keep in conformance.config.yaml is true or false, not perhaps/, {}, 'keep: perhaps\n'],
  [[], /^KPC_KEEP is true or false/, { KPC_KEEP: 'perhaps' }],
  [[], /^TARGET mars is unknown/, { TARGET: 'mars' }],
  [[], /^KPC_TARGET mars is unknown/, { TARGET: 'embedded', KPC_TARGET: 'mars' }],
  [[], /^TARGET url needs --url/, { TARGET: 'url' }],
  [['--target', 'embedded'], /^KPC_URL belongs to --target url/, { KPC_URL: 'http://x/test' }],
  [[], /^KPC_EXCLUDE SAFE-14 gives no reason/, { KPC_EXCLUDE: 'SAFE-14' }],
  [[], /the variable KPC_TAGRET is unknown; did you mean KPC_TARGET\?$/, { KPC_TAGRET: 'localstack' }],
  [[], /the variable KPC_COLOUR_OF_THE_SKY is unknown; npm run/, { KPC_COLOUR_OF_THE_SKY: 'blue' }],
];

for (const [argv, message, env, config] of REFUSED)
  test(`refused: ${argv.join(' ')} ${JSON.stringify(env ?? {})} ${config ?? ''}`, () => {
    assert.throws(
      () => parse(argv, env, config),
      (error) => error instanceof UsageError && message.test(error.message) && !error.message.includes('\n'),
    );
  });

test('an invoke URL may be a template', () => {
  const options = parse(['--endpoint', 'http://x', '--execute-api-url', 'http://{restApiId}.x/{stage}']);
  assert.equal(options.executeApiUrl, 'http://{restApiId}.x/{stage}');
});

test('a simulation without a seed gets one, so that it can be repeated', () => {
  assert.deepEqual(parse(['--simulate', 'aws:7']).simulate, { seed: 7 });
  assert.ok(Number.isInteger(parse(['--simulate', 'aws', '--target', 'aws']).simulate?.seed));
  assert.equal(parse([]).simulate, undefined);
});

test('a random order without a seed gets one, so that it can be repeated', () => {
  const { order } = parse(['--order', 'random']);
  assert.equal(order.kind, 'random');
  assert.deepEqual(parse(['--order', 'random:7']).order, { kind: 'random', seed: 7 });
});

test('an API at a URL is tested in place; its options require --target url', () => {
  const url = 'https://abcdef1234.execute-api.eu-west-1.amazonaws.com/test';
  const { target, deployed, authentication } = parse(['--url', `${url}/`, '--auth', 'iam'], {
    KPC_API_KEY: 'planted',
    KPC_STREAM: 's',
  });
  assert.equal(target, 'url');
  assert.deepEqual(deployed, {
    url,
    restApiId: undefined,
    apiKey: 'planted',
    readOnly: false,
    stream: 's',
  });
  assert.deepEqual(authentication, { iam: true, apiKey: false, headers: {} });
  assert.throws(() => parse(['--target', 'url']), /needs --url/);
  assert.throws(() => parse(['--url', url, '--execute-api-url', url]), /deploys none/);
  assert.throws(
    () => parse(['--url', url, '--definition', 'a.yaml', '--interface', 'b.yaml']),
    /both say what the API/,
  );
  assert.equal(parse(['--url', url]).isUndescribed, true);
  assert.equal(parse(['--url', url, '--definition', 'a.yaml']).isUndescribed, undefined);
  assert.throws(() => parse(['--stream', 's']), /belongs to --target url/);
  assert.throws(() => parse(['--url', url, '--auth', 'basic']), /takes none, iam.*not basic/);
});

test('calls can have several kinds of authentication on every target, and errors never repeat a header', () => {
  const secret = 'Bearer planted-token-0123456789';
  const headers = { Authorization: secret };
  const all = ['--auth', 'api-key', '--auth', `header:Authorization=${secret}`];
  assert.deepEqual(parse(all).authentication, { iam: false, apiKey: true, headers });
  assert.deepEqual(parse([], { KPC_AUTH: `iam,header:X-Token=one, two,three` }).authentication, {
    iam: true,
    apiKey: false,
    headers: { 'X-Token': 'one, two,three' },
  });
  assert.equal(parse([]).authentication, undefined);
  assert.equal(
    redact(`it answered ${secret}; planted-token-0123456789`),
    'it answered [redacted]; [redacted]',
  );
  for (const [wrong, why] of [
    [['--auth', `headr:Authorization=${secret}`], /--auth takes/],
    [['--auth', `header:=${secret}`], /no name or value/],
    [['--auth', `header:A b=${secret}`], /no name or value/],
    [['--auth', 'header:X=short'], /fewer than 8/],
    [['--auth', 'header:Authorization=short'], /^the header Authorization that --auth gives has/],
    [['--auth', 'none', '--auth', 'iam'], /cannot be combined with another --auth/],
    [['--auth', 'iam', '--auth', `header:authorization=${secret}`], /exclude each other/],
    [['--url', 'https://a.example/test', '--auth', 'api-key'], /set KPC_API_KEY/],
  ] as const)
    assert.throws(
      () => parse([...wrong]),
      (error: Error) => {
        assert.match(error.message, why);
        assert.ok(!error.message.includes('planted'), error.message);
        return true;
      },
    );
});

test('a clause is excluded with a reason, once', () => {
  assert.deepEqual(parse(['--exclude', 'SAFE-14=internal, network = only']).exclude, [
    { clause: 'SAFE-14', reason: 'internal, network = only' },
  ]);
  for (const wrong of ['SAFE-14', 'SAFE-14=', '=because', 'SAFE-14= '])
    assert.throws(() => parse(['--exclude', wrong]), /no reason.*CLAUSE=REASON/);
  assert.throws(() => parse(['--exclude', 'A-1=x', '--exclude', 'A-1=y']), /given twice/);
});

test('variables of other programs set no options', () => {
  const words = { URL: 'https://example.com', STREAM: 'x', AUTH: 'basic', READ_ONLY: 'yes', NAME: 'machine' };
  assert.deepEqual(parse([], words), parse([]));
});

test('every option can be a variable, and repeatable ones hold several values', () => {
  const url = 'https://abcdef1234.execute-api.eu-west-1.amazonaws.com/test';
  assert.equal(parse([], { KPC_URL: url }).deployed?.url, url);
  const options = parse([], {
    KPC_PARAMETER: 'Names=a,b, Stage=prod',
    KPC_EXCLUDE: 'SAFE-14=internal, for now,SAFE-15=no browsers',
    KPC_NAME: 'put a{1,2}',
    KPC_CLAUSE: 'PUT-1, PUT-2',
    KPC_WAIT_STREAM_GONE_MS: '5',
    KPC_LEVEL: '',
  });
  assert.deepEqual(options.choices.parameters, { Names: 'a,b', Stage: 'prod' });
  assert.deepEqual(options.exclude, [
    { clause: 'SAFE-14', reason: 'internal, for now' },
    { clause: 'SAFE-15', reason: 'no browsers' },
  ]);
  assert.deepEqual([options.name, options.clause], [['put a{1,2}'], ['PUT-1', 'PUT-2']]);
  assert.equal(options.level, undefined);
});
