import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type EmbeddedAws, startEmbeddedAws } from '../embedded/embedded-aws.ts';
import { isRegion, partitionOf } from '../partitions.ts';
import { explain, reachAwsTarget } from './aws.ts';

const kept = { ...process.env };
let aws: EmbeddedAws;

before(async () => {
  for (const name of Object.keys(process.env)) if (/^AWS_/.test(name)) delete process.env[name];
  // Hide the developer's own AWS configuration from the test.
  process.env.AWS_EC2_METADATA_DISABLED = 'true';
  process.env.AWS_SHARED_CREDENTIALS_FILE = '/none';
  process.env.AWS_CONFIG_FILE = '/none';
  aws = await startEmbeddedAws({ accountId: '123456789012', verifyCallers: true });
});
after(async () => {
  await aws.stop();
  process.env = kept;
});

function reach(options: { region?: string; keys?: readonly [string, string]; endpoint?: string }) {
  const [id, secret] = options.keys ?? [aws.accessKeyId, aws.secretAccessKey];
  process.env.AWS_ACCESS_KEY_ID = id;
  process.env.AWS_SECRET_ACCESS_KEY = secret;
  const { region = 'us-east-1', endpoint = aws.endpoint } = options;
  return reachAwsTarget({ region, endpoint, executeApiUrl: undefined }).finally(() => {
    delete process.env.AWS_ACCESS_KEY_ID;
    delete process.env.AWS_SECRET_ACCESS_KEY;
  });
}

test('a rehearsal is named as such and exposes no credentials and no account number', async () => {
  const target = await reach({});
  assert.equal(target.kind, 'aws');
  assert.match(target.name, /^AWS rehearsed on /);
  assert.equal(target.account, '123456789012');
  assert.equal(target.access.credentials, undefined);
  assert.ok(Math.abs(target.skewMs ?? Number.NaN) < 2_000);
  const { account: _, ...rest } = target;
  assert.doesNotMatch(JSON.stringify(rest), /123456789012|embedded-aws-has-no-secrets/);
  assert.ok(target.capabilities.includes('aws-fidelity'));
});

const refused: readonly [string, RegExp, () => Promise<unknown>][] = [
  ['no region', /^no AWS region is set; give --region/, () => reach({ region: '' })],
  ['an invalid region', /--region mars-1 is not an AWS region/, () => reach({ region: 'mars-1' })],
  [
    'a region of another partition',
    /for the partition aws .*region cn-north-1|refused the credentials in cn-north-1 .*for another partition/,
    () => reach({ region: 'cn-north-1' }),
  ],
  [
    'unknown keys',
    /AWS refused the credentials in us-east-1/,
    () => reach({ keys: ['AKIAUNKNOWN000000001', 'x'] }),
  ],
  [
    'a wrong secret',
    /AWS refused the credentials in us-east-1/,
    () => reach({ keys: [aws.accessKeyId, 'not the secret'] }),
  ],
  [
    'no credentials',
    /^no AWS credentials were found .*AWS_PROFILE/,
    () => reachAwsTarget({ region: 'us-east-1', endpoint: aws.endpoint, executeApiUrl: undefined }),
  ],
  [
    'an endpoint that the SDK would follow silently',
    /^AWS_ENDPOINT_URL_KINESIS is set to an endpoint other than AWS/,
    async () => {
      process.env.AWS_ENDPOINT_URL_KINESIS = aws.endpoint;
      try {
        return await reachAwsTarget({ region: 'us-east-1', endpoint: undefined, executeApiUrl: undefined });
      } finally {
        delete process.env.AWS_ENDPOINT_URL_KINESIS;
      }
    },
  ],
];

for (const [what, message, attempt] of refused)
  test(`${what} is refused in one line`, async () => {
    await assert.rejects(attempt, (error: Error) => {
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /\n/);
      return true;
    });
  });

const causes: readonly [string, string, RegExp][] = [
  ['CredentialsProviderError', 'The SSO session associated with this profile has expired.', /aws sso login/],
  ['ExpiredTokenException', 'The security token included in the request is expired', /have expired/],
  ['CredentialsProviderError', 'Could not resolve credentials using profile: [x]', /no AWS credentials/],
  ['Error', 'getaddrinfo ENOTFOUND sts.xx-south-9.amazonaws.com', /cannot be reached in us-east-1/],
  ['SignatureDoesNotMatch', 'Signature not yet current', /set the clock/],
];

for (const [name, message, expected] of causes)
  test(`"${message}" is explained`, () => {
    assert.match(explain(Object.assign(new Error(message), { name }), 'us-east-1'), expected);
  });

test('the partition follows from the region', () => {
  const names = [
    'us-east-1',
    'cn-northwest-1',
    'us-gov-east-1',
    'us-iso-east-1',
    'us-isob-east-1',
    'eusc-de-east-1',
  ];
  assert.deepEqual(
    names.map((region) => partitionOf(region).name),
    ['aws', 'aws-cn', 'aws-us-gov', 'aws-iso', 'aws-iso-b', 'aws-eusc'],
  );
  assert.ok(names.every(isRegion));
  assert.equal(isRegion('us-east'), false);
});
