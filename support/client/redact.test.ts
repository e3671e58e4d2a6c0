import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEPLOYMENT_VARIABLE } from '../../infra/provision/deployment.ts';
import { redact } from './redact.ts';

const KEY_ID = `AKIA${'ABCDEFGH12345678'}`;
const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYplanted';
const TOKEN = 'IQoJb3JpZ2luX2VjEplantedSessionToken==';
const ACCOUNT = '210987654321';

const PLANTED = [
  ['a header line', `Authorization: AWS4-HMAC-SHA256 Credential=${KEY_ID}/20261123, Signature=${SECRET}`],
  [
    'a curl line',
    `curl -H 'Authorization: Bearer ${TOKEN}' -H 'X-Amz-Security-Token: ${TOKEN}' 'https://x/'`,
  ],
  ['JSON', JSON.stringify({ headers: { authorization: `Basic ${SECRET}`, 'X-Api-Key': TOKEN } })],
  [
    'JSON in JSON',
    JSON.stringify({ body: JSON.stringify({ SecretAccessKey: SECRET, SessionToken: TOKEN }) }),
  ],
  ['a value with an escaped quote', `{"Authorization": "a\\"${SECRET}"}`],
  ['a list of pairs', `["X-Amz-Security-Token", "${TOKEN}"]`],
  [
    'a query string',
    `https://x/?X-Amz-Credential=${KEY_ID}%2F&X-Amz-Signature=${TOKEN}&X-Amz-Security-Token=${TOKEN}`,
  ],
  ['a credentials file', `aws_access_key_id = ${KEY_ID}\naws_secret_access_key = ${SECRET}\n`],
  ["API Gateway's log", `Endpoint request headers: {X-Amz-Security-Token=${TOKEN}, Authorization=${SECRET}}`],
  ['an ARN', `arn:aws:kinesis:us-east-1:${ACCOUNT}:stream/s`],
  ['an encoded ARN', `arn%3Aaws%3Akinesis%3A%3A${ACCOUNT}%3Astream`],
  ["Kinesis's text", `Stream s under account ${ACCOUNT} not found.`],
  ['a key id in a text', `The security token ${KEY_ID} is invalid`],
] as const;

describe('redact', () => {
  for (const [where, text] of PLANTED)
    it(`hides what is planted in ${where}`, () => {
      const redacted = redact(text);
      for (const secret of [KEY_ID, SECRET, TOKEN, ACCOUNT])
        assert.ok(!redacted.includes(secret), `${secret} is still in ${redacted}`);
    });

  it('keeps the rest of what it redacts', () => {
    assert.equal(
      redact(`{"a": 1, "Authorization": "${SECRET}", "b": "arn:aws:iam::${ACCOUNT}:role/r"}`),
      '{"a": 1, "Authorization": "[redacted]", "b": "arn:aws:iam::[account]:role/r"}',
    );
  });

  it('keeps the reason that follows the name of a thing, but no passphrase', () => {
    for (const text of [
      'the Lambda function of the authorizer Token: the run deploys no Lambda functions',
      'the parameter ApiKey has no default; give it with --parameter ApiKey=VALUE, or change the file',
      't.yaml: Resources.ApiKey: this function is not supported; write the value itself',
    ])
      assert.equal(redact(text), text);
    assert.equal(redact('password: the quick brown fox'), 'password: [redacted]');
    assert.equal(
      redact('Token: the run needs one: Authorization: abc'),
      'Token: the run needs one: Authorization: [redacted]',
    );
    assert.equal(redact('token: the secret'), 'token: [redacted]');
  });

  it('keeps the first digits of a digest', () => {
    const text = 'definition a.json (sha256 123456789012), commit 123456789012, sha256:123456789012';
    assert.equal(redact(text), text);
    assert.equal(redact('account 123456789012'), 'account [account]');
  });

  it('keeps shard ids, sequence numbers, hash keys and times', () => {
    const text =
      'shardId-000000000004 shard-000000000004 49559409944537880850133345460169886593573102115167928386 ' +
      '340282366920938463463374607431768211455 1763852425123 1763852425.123456789012 some data';
    assert.equal(redact(text), text);
  });

  it('hides the secrets of the environment and the deployment everywhere, but not short words', (t) => {
    const before = { ...process.env };
    t.after(() => {
      process.env = before;
    });
    process.env.AWS_SESSION_TOKEN = TOKEN;
    process.env[DEPLOYMENT_VARIABLE] = JSON.stringify({
      access: { credentials: { accessKeyId: 'test', secretAccessKey: SECRET, sessionToken: 'test' } },
    });
    assert.equal(redact(`x${SECRET}y${TOKEN}z, a test`), 'x[redacted]y[redacted]z, a test');
  });

  it('twelve digits within a digest are not account ids', () => {
    const digest = '52cd51eb67a5cfd7f780a1c8a80de853265153870d1f0d6a8dfe98c186edab90';
    assert.equal(redact(`sha256 ${digest} of 853265153870`), `sha256 ${digest} of [account]`);
  });

  it('twelve digits of a UUID or the id of a trace are not account ids', () => {
    for (const id of [
      '550e8400-e29b-41d4-a716-446655440000',
      '550E8400-E29B-41D4-A716-446655440000',
      'kpc-11111111-2222-3333-4444-555555555555-0',
      'Root=1-67891233-123456789012abcdef123456',
    ])
      for (const text of [`id ${id} of`, JSON.stringify({ id }), `https://x/streams/${id}?x=1`, `${id}\\n`])
        assert.equal(redact(text), text);
  });

  it('account ids are hidden wherever they stand, beside UUIDs and other ids too', () => {
    const uuid = '550e8400-e29b-41d4-a716-446655440000';
    for (const around of [
      'arn:aws:iam::#:role/r',
      'arn:aws:s3:::bucket-#-eu-west-1',
      '{"account":"#","n":#}',
      '{\\"account\\":\\"#\\"}',
      `${uuid}/#`,
      `${uuid}-#`,
      `#-${uuid}`,
      `#_${uuid}`,
      '2026-01-#',
      'cafe-#',
      'abcdef12-1234-1234-#',
      'kpc_#_x',
      'https://#.dkr.ecr.eu-west-1.amazonaws.com/x',
      'https://sqs.eu-west-1.amazonaws.com/#/q',
      'x=#&y=#',
    ])
      assert.equal(redact(around.replaceAll('#', ACCOUNT)), around.replaceAll('#', '[account]'));
  });
});
