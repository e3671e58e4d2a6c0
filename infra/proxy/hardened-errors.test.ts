import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { UpdateStageCommand } from '@aws-sdk/client-api-gateway';
import { CreateAccessKeyCommand, CreateUserCommand, GetRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateStreamCommand, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { readYaml } from '../yaml.ts';
import { type Answer, type CallOptions, HardenedApi } from './testing/hardened-api.ts';

let api: HardenedApi;
let stream: string;
before(async () => {
  api = await HardenedApi.start();
  stream = api.name('errors');
  await api.clients.kinesis.send(new CreateStreamCommand({ StreamName: stream, ShardCount: 1 }));
  await api.clients.kinesis.send(new CreateStreamCommand({ StreamName: 'elsewhere', ShardCount: 1 }));
});
after(() => api.stop());

const record = { data: 'aGk=', partitionKey: 'k' };
const iterator = { headers: { 'Shard-Iterator': 'AAAA' } };
/** The eight calls for a stream, each valid. */
const CALLS: readonly (readonly [method: string, below: string, options?: CallOptions])[] = [
  ['GET', ''],
  ['GET', '/{s}'],
  ['POST', '/{s}', { body: { ShardCount: 1 } }],
  ['DELETE', '/{s}'],
  ['PUT', '/{s}/record', { body: record }],
  ['PUT', '/{s}/records', { body: { records: [record] } }],
  ['GET', '/{s}/records', iterator],
  ['GET', '/{s}/sharditerator', { query: { 'shard-id': 'shardId-000000000000' } }],
];
const ACTIONS = [
  'kinesis:CreateStream',
  'kinesis:DeleteStream',
  'kinesis:DescribeStream',
  'kinesis:GetRecords',
  'kinesis:GetShardIterator',
  'kinesis:ListStreams',
  'kinesis:PutRecord',
  'kinesis:PutRecords',
];
const ORIGIN = 'https://app.example.com';
const path = (below: string, name = stream) => `/streams${below.replace('{s}', encodeURIComponent(name))}`;

/** Asserts an error: its status, and a body of type and message that reveals nothing about the account. */
function assertError(answer: Answer, status: number, type: string): string {
  assert.equal(answer.status, status, answer.text);
  const { type: told, message, ...others } = answer.json;
  assert.deepEqual([told, others], [type, {}]);
  assert.ok(typeof message === 'string' && message.length > 10, answer.text);
  assert.doesNotMatch(answer.text, /\d{12}|arn:|kpc-|[$#]/);
  assert.equal(answer.headers['access-control-allow-origin'], ORIGIN);
  assert.equal(answer.headers['content-type'], 'application/json');
  assert.equal(answer.headers['retry-after'], status === 429 ? '1' : undefined);
  return message;
}

const TELLING =
  'User: arn:aws:sts::000000000000:assumed-role/kpc-5afe5afe-stream-prefix/x, stream s under account 000000000000';
const STATUS: Readonly<Record<string, number>> = {
  ResourceNotFoundException: 404,
  ResourceInUseException: 409,
  AccessDeniedException: 403,
  KMSAccessDeniedException: 403,
  KMSDisabledException: 403,
  KMSInvalidStateException: 403,
  KMSNotFoundException: 403,
  KMSOptInRequired: 403,
  KMSThrottlingException: 429,
  ProvisionedThroughputExceededException: 429,
  LimitExceededException: 429,
  ThrottlingException: 429,
  ExpiredIteratorException: 400,
  ExpiredNextTokenException: 400,
  InvalidArgumentException: 400,
  SerializationException: 400,
  ValidationException: 400,
  'SomethingNew"': 400,
};

for (const [method, below, options] of CALLS) {
  test(`each error of Kinesis has its status on ${method} /streams${below}`, async () => {
    for (const [type, status] of Object.entries(STATUS)) {
      const body = { __type: type, message: TELLING, Message: TELLING };
      const answer = await api.whileKinesisAnswers(400, body, () => api.call(method, path(below), options));
      assertError(answer, status, type);
    }
    const nameless = await api.whileKinesisAnswers(400, {}, () => api.call(method, path(below), options));
    assertError(nameless, 400, 'UnknownError');
    for (const [status, body] of [
      [500, { __type: 'InternalFailure', message: TELLING }],
      [503, `<html>${TELLING}`],
    ] as const) {
      const answer = await api.whileKinesisAnswers(status, body, () =>
        api.call(method, path(below), options),
      );
      assertError(answer, 502, 'ServiceFailure');
    }
  });

  test(`${method} /streams${below} without a signature is refused, and nothing reaches Kinesis`, async () => {
    const sent = api.sent.length;
    const unsigned = await api.call(method, path(below), { ...options, signer: null });
    assertError(unsigned, 403, 'MISSING_AUTHENTICATION_TOKEN');
    const forged = { accessKeyId: api.aws.accessKeyId, secretAccessKey: 'another' };
    const wrong = await api.call(method, path(below), { ...options, signer: forged });
    assertError(wrong, 403, 'INVALID_SIGNATURE');
    assert.equal(api.sent.length, sent);
  });
}

test('errors of Kinesis have their statuses', async () => {
  const unknown = api.name('unknown');
  for (const [method, below, options] of CALLS)
    if (below !== '' && method !== 'POST' && options !== iterator)
      assertError(await api.call(method, path(below, unknown), options), 404, 'ResourceNotFoundException');
  const again = await api.call('POST', path('/{s}'), { body: {} });
  assertError(again, 409, 'ResourceInUseException');
  const spoilt = await api.call('GET', path('/{s}/records'), { headers: { 'Shard-Iterator': 'x' } });
  assertError(spoilt, 400, 'InvalidArgumentException');
  const short = await api.call('PUT', path('/{s}/record'), { body: { ...record, data: 'aGk' } });
  assertError(short, 400, 'SerializationException');
});

test('the role permits only the eight actions, and only on streams with the prefix', async () => {
  for (const [method, below, options] of CALLS)
    if (below !== '' && options !== iterator)
      assertError(await api.call(method, path(below, 'elsewhere'), options), 403, 'AccessDeniedException');
  assertError(await api.call('POST', path('/{s}', 'foreign'), { body: {} }), 403, 'AccessDeniedException');
  const { StreamNames = [] } = await api.clients.kinesis.send(new ListStreamsCommand({}));
  assert.deepEqual(StreamNames, ['elsewhere', stream]);
  const { PolicyDocument = '' } = await api.clients.iam.send(
    new GetRolePolicyCommand({
      RoleName: api.deployment.proxy.roleName,
      PolicyName: 'kinesis-access',
    }),
  );
  const { Statement } = JSON.parse(decodeURIComponent(PolicyDocument));
  const allowed = Statement.flatMap(({ Action }: { Action: string[] }) => Action).sort();
  assert.deepEqual(allowed, ACTIONS);
});

test('a caller without permission is denied', async () => {
  const UserName = 'nobody';
  await api.clients.iam.send(new CreateUserCommand({ UserName }));
  const { AccessKey } = await api.clients.iam.send(new CreateAccessKeyCommand({ UserName }));
  const signer = {
    accessKeyId: AccessKey?.AccessKeyId ?? '',
    secretAccessKey: AccessKey?.SecretAccessKey ?? '',
  };
  assertError(await api.call('GET', '/streams', { signer }), 403, 'ACCESS_DENIED');
});

test("the gateway's own errors describe the cause", async () => {
  const sent = api.sent.length;
  const named = async (answer: Promise<Answer>, status: number, type: string, words: RegExp) =>
    assert.match(assertError(await answer, status, type), words);
  const missing = 'BAD_REQUEST_PARAMETERS';
  await named(api.call('GET', path('/{s}/sharditerator')), 400, missing, /\[shard-id\]/);
  await named(api.call('GET', path('/{s}/records')), 400, missing, /\[Shard-Iterator\]/);
  for (const [method, below, body, words] of [
    ['POST', '', '', /parsing request body/],
    ['POST', '', '{', /parsing request body/],
    ['POST', '', { ShardCount: 0 }, /lower than the required minimum/],
    ['POST', '', { ShardCount: '2' }, /type \(string\)/],
    ['POST', '', { StreamName: 's' }, /not allowed by the schema: \["StreamName"\]/],
    ['PUT', '/record', {}, /missing required properties \(\["data","partitionKey"\]\)/],
    ['PUT', '/record', { ...record, partitionKey: '' }, /too short/],
    ['PUT', '/record', { ...record, partitionKey: 'k'.repeat(257) }, /too long/],
    ['PUT', '/record', { ...record, data: 1 }, /type \(integer\)/],
    ['PUT', '/record', { ...record, data: '"\n' }, /does not match input string ""\n"/],
    ['PUT', '/record', { ...record, ExplicitHashKey: '0' }, /ExplicitHashKey/],
    ['PUT', '/records', { records: [] }, /too short/],
    ['PUT', '/records', { records: Array(501).fill(record) }, /too long/],
    ['PUT', '/records', { records: [record, null] }, /type \(null\)/],
  ] as const) {
    const answer = await api.call(method, path(`/{s}${below}`), { body });
    // The validator quotes its own pattern, which has a dollar sign.
    const message = assertError(
      { ...answer, text: answer.text.replace('{0,2}$', ''), json: answer.json },
      400,
      'BAD_REQUEST_BODY',
    );
    assert.match(message, words);
  }
  const typed = { body: 'x', headers: { 'Content-Type': 'text/plain' } };
  await named(api.call('PUT', path('/{s}/record'), typed), 415, 'UNSUPPORTED_MEDIA_TYPE', /json/);
  await named(api.call('PATCH', path('/{s}')), 403, 'MISSING_AUTHENTICATION_TOKEN', /method/);
  assert.equal(api.sent.length, sent);
});

test("an answer that no template can read is the API's failure, in the same format", async () => {
  const answer = await api.whileKinesisAnswers(400, `<Error>${TELLING}</Error>`, () =>
    api.call('GET', '/streams'),
  );
  assertError(answer, 500, 'API_CONFIGURATION_ERROR');
});

test('a slow Kinesis is answered with 504, and is called only once', async () => {
  const hasty = await HardenedApi.start({}, (document) =>
    document.replaceAll('"httpMethod":"POST"', '"httpMethod":"POST","timeoutInMillis":100'),
  );
  try {
    hasty.slowDown(400);
    for (const [method, below, options] of CALLS) {
      const sent = hasty.sent.length;
      assertError(await hasty.call(method, path(below), options), 504, 'INTEGRATION_TIMEOUT');
      assert.equal(hasty.sent.length, sent + 1);
    }
  } finally {
    await hasty.stop();
  }
});

test('too large a body does not reach Kinesis', async () => {
  const sent = api.sent.length;
  const body = { ...record, data: 'A'.repeat(10_485_760) };
  assert.equal((await api.call('PUT', path('/{s}/record'), { body })).status, 413);
  assert.equal(api.sent.length, sent);
});

test('a preflight allows the same origin as the responses, and does not reach Kinesis', async () => {
  const sent = api.sent.length;
  for (const below of ['', '/{s}', '/{s}/record', '/{s}/records', '/{s}/sharditerator']) {
    const { status, headers, text } = await api.call('OPTIONS', path(below), { signer: null });
    assert.deepEqual([status, text, headers['access-control-allow-origin']], [204, '', ORIGIN]);
  }
  assert.equal(api.sent.length, sent);
  assert.equal((await api.call('GET', '/streams')).headers['access-control-allow-origin'], ORIGIN);
});

interface MethodSetting {
  readonly path: string;
  readonly method: string;
  readonly [member: string]: string | number | boolean;
}

/** The path of each member of a method setting in UpdateStage. */
const SETTING: Readonly<Record<string, string>> = {
  throttlingRateLimit: 'throttling/rateLimit',
  throttlingBurstLimit: 'throttling/burstLimit',
  metricsEnabled: 'metrics/enabled',
  loggingLevel: 'logging/loglevel',
  dataTraceEnabled: 'logging/dataTrace',
};

test("the stage's settings can be set, and its throttle is answered with 429 and Retry-After", async () => {
  const { methodSettings, accessLogSettings } = readYaml(
    readFileSync(new URL('hardened.stage.yaml', import.meta.url), 'utf8'),
  ) as { methodSettings: readonly MethodSetting[]; accessLogSettings: Record<string, string> };
  const { restApiId, stage: stageName } = api.deployment.proxy;
  const update = (settings: readonly (readonly [path: string, value: unknown])[]) =>
    api.clients.apiGateway.send(
      new UpdateStageCommand({
        restApiId,
        stageName,
        patchOperations: settings.map(([at, value]) => ({ op: 'replace', path: at, value: String(value) })),
      }),
    );
  const settings = methodSettings.flatMap(({ path: route, method, ...members }) =>
    Object.entries(members).map(
      ([name, value]) => [`/${route.replaceAll('/', '~1')}/${method}/${SETTING[name]}`, value] as const,
    ),
  );
  const log = Object.entries(accessLogSettings).map(
    ([name, value]) => [`/accessLogSettings/${name}`, value] as const,
  );
  const stage = await update([...settings, ...log]);
  assert.equal(stage.methodSettings?.['*/*']?.dataTraceEnabled, false);
  assert.equal(stage.methodSettings?.['streams/GET']?.throttlingRateLimit, 2);
  assert.equal(Object.keys(JSON.parse(stage.accessLogSettings?.format ?? '')).length, 12);

  const answers: Answer[] = [];
  for (let call = 0; call < 4; call += 1) answers.push(await api.call('GET', '/streams'));
  assert.deepEqual(
    answers.slice(0, 2).map(({ status }) => status),
    [200, 200],
  );
  const throttled = answers.find(({ status }) => status !== 200);
  assert.ok(throttled);
  assertError(throttled, 429, 'THROTTLED');
});
