import { test } from 'node:test';
import { expect } from 'chai';
import { interfaceOf } from './interface/testing.ts';
import {
  covers,
  fixedStreams,
  isDefaultKey,
  mayHaveOwnKey,
  namedStreams,
  reachedAffix,
  servedStreams,
} from './served.ts';
import type { DeclaredRole, DeclaredStream } from './types.ts';

const stream = (name: string): DeclaredStream => ({
  id: name,
  name,
  shardCount: 1,
  retentionHours: undefined,
});
const role = (Resource: string | string[], managed: readonly string[] = []): DeclaredRole => ({
  id: 'Role',
  name: 'Role',
  arn: 'arn:aws:iam::123456789012:role/Role',
  trust: {},
  inline: [{ name: 'own', document: { Statement: { Effect: 'Allow', Action: 'kinesis:*', Resource } } }],
  managed,
});
/** An API whose clients name the stream by an expression of Velocity. */
const choosing = (name: string) =>
  interfaceOf({
    template: `{"StreamName": "${name}", "Data": "$util.base64Encode($input.body)", "PartitionKey": "k"}`,
  });
const CHOSEN = choosing("$input.params('X-Stream')");
const ARN = 'arn:aws:kinesis:us-east-1:123456789012:stream/';

test('a role that names streams lets clients access those of them that are declared', () => {
  const streams = [stream('kpc-a'), stream('kpc-b')];
  expect(servedStreams({ roles: [role(`${ARN}kpc-b`)], streams }, 'kpc-', CHOSEN)).to.deep.equal(['kpc-b']);
});

test('a role that reaches streams of the run, or that cannot be read, lets clients access any stream', () => {
  const streams = [stream('kpc-a')];
  for (const roles of [
    [role('*')],
    [role(`${ARN}kpc-*`)],
    [role(`${ARN}kpc-a`, ['arn:aws:iam::aws:policy/AmazonKinesisFullAccess'])],
    [],
  ])
    expect(servedStreams({ roles, streams }, 'kpc-', CHOSEN)).to.equal(undefined);
});

test('streams get names that a role of a pattern reaches, if it reaches none of the run', () => {
  const listing = { Effect: 'Allow', Action: 'kinesis:ListStreams', Resource: '*' };
  const chat = role(`${ARN}chat-*-v1`);
  const [policy] = chat.inline;
  const Statement = [policy?.document.Statement ?? {}, listing];
  const roles = [{ ...chat, inline: [{ name: 'own', document: { Statement } }] }];
  expect(reachedAffix({ roles }, 'kpc-')).to.deep.equal({ before: 'chat-', after: '-v1' });
  for (const others of [
    [role('*')],
    [role(`${ARN}kpc-*`)],
    [role(`${ARN}one`)],
    [role(`${ARN}a-*`, ['managed'])],
    [],
  ])
    expect(reachedAffix({ roles: others }, 'kpc-')).to.equal(undefined);
});

test('a pattern of many stars is compared at once', () => {
  const Resource = `${ARN}${'*?'.repeat(200)}!`;
  expect(
    servedStreams({ roles: [role(Resource)], streams: [stream('a'.repeat(128))] }, 'kpc-', CHOSEN),
  ).to.equal(undefined);
});

test('a stream that depends on an input is fixed in both cases', () => {
  const api = interfaceOf({
    template: `{"StreamName": "#if($input.params('X-Test') != '')trial#{else}live#end", "Data": "$util.base64Encode($input.body)", "PartitionKey": "k"}`,
  });
  expect(fixedStreams(api)).to.deep.equal(['trial', 'live']);
});

test('where clients choose, a role lets them access the streams that it names, declared or not', () => {
  const streams = [stream('kpc-a')];
  const roles = [role([`${ARN}orders`, `${ARN}kpc-a`])];
  expect(servedStreams({ roles, streams }, 'kpc-', CHOSEN)).to.deep.equal(['kpc-a', 'orders']);
  expect(servedStreams({ roles, streams }, 'kpc-', choosing('orders'))).to.deep.equal(['kpc-a']);
  expect(servedStreams({ roles, streams: [] }, 'kpc-', choosing('orders'))).to.equal(undefined);
});

test('a role that also has a pattern of names lets clients access a stream of the run', () => {
  const roles = [role([`${ARN}orders`, `${ARN}chat-*`])];
  expect(servedStreams({ roles, streams: [] }, 'kpc-', CHOSEN)).to.equal(undefined);
});

test('streams that the role allows for every action come first, and those that clients cannot name are none', () => {
  const put = { Effect: 'Allow', Action: 'kinesis:PutRecord', Resource: `${ARN}shop-orders` };
  const describe = {
    Effect: 'Allow',
    Action: 'kinesis:Describe*',
    Resource: [`${ARN}audit`, `${ARN}shop-all`],
  };
  const roles = [{ ...role('*'), inline: [{ name: 'own', document: { Statement: [describe, put] } }] }];
  const served = (offered: typeof CHOSEN) => servedStreams({ roles, streams: [] }, 'kpc-', offered);
  expect(served(CHOSEN)).to.deep.equal(['shop-orders', 'audit', 'shop-all']);
  expect(served(choosing("shop-$input.params('X-Stream')"))).to.deep.equal(['shop-orders', 'shop-all']);
});

test('the policy for logs says nothing of streams', () => {
  const logs = 'arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs';
  const roles = [role(`${ARN}orders`, [logs])];
  expect(servedStreams({ roles, streams: [] }, 'kpc-', CHOSEN)).to.deep.equal(['orders']);
});

test('a resource covers a stream in any region and account, and a star at its end goes beyond a colon', () => {
  for (const resource of [
    '*',
    `${ARN}orders`,
    'arn:aws:kinesis:*',
    'arn:aws-cn:kinesis:cn-north-1:1:stream/or*',
  ])
    expect(covers(resource, 'orders'), resource).to.equal(true);
  for (const resource of [`${ARN}Orders`, 'arn:aws:sqs:us-east-1:123456789012:*', 'arn:aws:kinesis'])
    expect(covers(resource, 'orders'), resource).to.equal(false);
});

test('a text that is no name of a stream is none', () => {
  expect(fixedStreams(choosing('#{StreamArn}'))).to.deep.equal([]);
});

test('an API names its streams itself unless a client chooses one', () => {
  expect(namedStreams(choosing('orders'))).to.deep.equal(['orders']);
  expect(namedStreams(CHOSEN)).to.equal(undefined);
  const byType = choosing("#if($input.path('$.type') == 'click')clicks#{else}others#end");
  expect(namedStreams(byType)).to.equal(undefined);
});

test('a key may encrypt a stream that is declared with one, or not declared', () => {
  const streams = [stream('open'), { ...stream('sealed'), hasOwnKey: true }];
  const rows: [name: string, expected: boolean][] = [
    ['open', false],
    ['sealed', true],
    ['elsewhere', true],
  ];
  for (const [name, expected] of rows) {
    expect(mayHaveOwnKey({ streams }, choosing(name), undefined), name).to.equal(expected);
    expect(mayHaveOwnKey({ streams }, CHOSEN, [name]), name).to.equal(expected);
  }
  expect(mayHaveOwnKey({ streams }, CHOSEN, undefined)).to.equal(true);
});

test("Kinesis's default key is known by its alias", () => {
  expect(isDefaultKey('alias/aws/kinesis')).to.equal(true);
  expect(isDefaultKey('arn:aws:kms:us-east-1:123456789012:alias/aws/kinesis')).to.equal(true);
  for (const key of ['alias/own', 'arn:aws:kms:us-east-1:123456789012:key/1', undefined])
    expect(isDefaultKey(key)).to.equal(false);
});
