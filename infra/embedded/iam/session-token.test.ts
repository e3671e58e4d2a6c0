import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  GetUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { type EmbeddedAws, startEmbeddedAws } from '../embedded-aws.ts';

let aws: EmbeddedAws;
before(async () => {
  aws = await startEmbeddedAws({ verifyCallers: true });
});
after(() => aws.stop());

type Keys = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };

function access(credentials: Keys) {
  return { endpoint: aws.endpoint, region: aws.region, credentials, maxAttempts: 1 };
}

async function session(of: Keys, DurationSeconds?: number): Promise<Keys> {
  const { Credentials } = await new STSClient(access(of)).send(
    new GetSessionTokenCommand({ DurationSeconds }),
  );
  return {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
}

test("a user's session has the user's permissions, except for IAM, while the user exists", async () => {
  const iam = new IAMClient(access(aws));
  const own = { UserName: 'ann', PolicyName: 'own' };
  await iam.send(new CreateUserCommand(own));
  const Statement = [{ Effect: 'Allow', Action: ['kinesis:ListStreams', 'iam:GetUser'], Resource: '*' }];
  await iam.send(
    new PutUserPolicyCommand({
      ...own,
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
    }),
  );
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand(own));
  const keys = {
    accessKeyId: AccessKey?.AccessKeyId ?? '',
    secretAccessKey: AccessKey?.SecretAccessKey ?? '',
  };
  const given = await session(keys);
  assert.match(given.accessKeyId, /^ASIA/);
  const kinesis = new KinesisClient(access(given));
  await kinesis.send(new ListStreamsCommand({}));
  const { Arn } = await new STSClient(access(given)).send(new GetCallerIdentityCommand({}));
  assert.equal(Arn, 'arn:aws:iam::000000000000:user/ann');
  await assert.rejects(new IAMClient(access(given)).send(new GetUserCommand(own)), { name: 'AccessDenied' });
  await assert.rejects(session(given), {
    name: 'AccessDenied',
    message: 'Cannot call GetSessionToken with session credentials',
  });
  await assert.rejects(session(keys, 60), { name: 'ValidationError' });
  const { sessionToken: _, ...untold } = given;
  await assert.rejects(new KinesisClient(access(untold)).send(new ListStreamsCommand({})), {
    name: 'UnrecognizedClientException',
  });
  await iam.send(new DeleteAccessKeyCommand({ ...own, AccessKeyId: keys.accessKeyId }));
  await iam.send(new DeleteUserPolicyCommand(own));
  await iam.send(new DeleteUserCommand(own));
  await assert.rejects(kinesis.send(new ListStreamsCommand({})), { name: 'UnrecognizedClientException' });
});

test('the root can have a session', async () => {
  const given = await session(aws);
  const { Arn } = await new STSClient(access(given)).send(new GetCallerIdentityCommand({}));
  assert.equal(Arn, 'arn:aws:iam::000000000000:root');
});
