import { test } from 'node:test';
import { expect } from 'chai';
import { interfaceOf } from './interface/testing.ts';
import { fixedStreams, reachedAffix, servedStreams } from './served.ts';
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
const ARN = 'arn:aws:kinesis:us-east-1:123456789012:stream/';

test('a role that names streams lets clients access those of them that are declared', () => {
  const streams = [stream('kpc-a'), stream('kpc-b')];
  expect(servedStreams({ roles: [role(`${ARN}kpc-b`)], streams }, 'kpc-')).to.deep.equal(['kpc-b']);
});

test('a role that reaches streams of the run, or that cannot be read, lets clients access any stream', () => {
  const streams = [stream('kpc-a')];
  for (const roles of [
    [role('*')],
    [role(`${ARN}kpc-*`)],
    [role(`${ARN}of-another`)],
    [role(`${ARN}kpc-a`, ['arn:aws:iam::aws:policy/AmazonKinesisFullAccess'])],
    [],
  ])
    expect(servedStreams({ roles, streams }, 'kpc-')).to.equal(undefined);
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
  expect(servedStreams({ roles: [role(Resource)], streams: [stream('a'.repeat(128))] }, 'kpc-')).to.equal(
    undefined,
  );
});

test('a stream that depends on an input is fixed in both cases', () => {
  const api = interfaceOf({
    template: `{"StreamName": "#if($input.params('X-Test') != '')trial#{else}live#end", "Data": "$util.base64Encode($input.body)", "PartitionKey": "k"}`,
  });
  expect(fixedStreams(api)).to.deep.equal(['trial', 'live']);
});
