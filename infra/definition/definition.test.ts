import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { apiDocument, loadDefinition, underOneRole } from './definition.ts';
import { deriveInterface } from './interface/derive.ts';
import { openapiOf } from './interface/testing.ts';
import type { JsonObject } from './types.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'kpc-definition-'));
after(() => rmSync(directory, { recursive: true }));

test("an integration gets the run's region, and the partition that the region is in", () => {
  for (const [region, partition] of [
    ['eu-west-1', 'aws'],
    ['cn-north-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
  ] as const) {
    const rendered = underOneRole(loadDefinition('tutorial'), { region, roleArn: 'arn' });
    const uris = [...rendered.matchAll(/"uri":"([^"]+)"/g)].map(([, uri]) => uri ?? '');
    assert.equal(uris.length, 8);
    for (const uri of uris) assert.ok(uri.startsWith(`arn:${partition}:apigateway:${region}:kinesis:`), uri);
  }
});

test('every definition of the project has a role of its own', () => {
  const roles = ['tutorial', 'hardened', 'infra/proxy/tutorial.yaml'].map(
    (name) => loadDefinition(name).role,
  );
  assert.deepEqual(roles, ['full-access', 'stream-prefix', 'full-access']);
});

test("the tutorial's interface, which is kept, is the one that is derived", () => {
  const definition = loadDefinition('tutorial');
  const { openapi } = definition.declare({ region: 'us-east-1', accountId: '123456789012', stackName: 's' });
  // npm run -s inspect -- infra/proxy/tutorial.yaml --json > infra/proxy/tutorial.interface.json
  assert.deepEqual(definition.interface(), JSON.parse(JSON.stringify(deriveInterface(openapi))));
});

test("a stream that a template names by its ARN is in the run's account and region", () => {
  const rendered = (arn: string) => {
    const file = path.join(directory, 'arn.json');
    writeFileSync(file, JSON.stringify(openapiOf([{ template: `{"StreamARN": "${arn}"}` }])));
    const names = { region: 'eu-west-1', accountId: '111122223333', stackName: 's' };
    return JSON.stringify(loadDefinition(file).declare(names).openapi);
  };
  const moved = rendered('arn:aws:kinesis:us-east-1:123456789012:stream/a');
  assert.ok(moved.includes('arn:aws:kinesis:eu-west-1:111122223333:stream/a'), moved);
  const elsewhere = 'arn:aws:kinesis:us-west-2:123456789012:stream/a';
  assert.ok(rendered(elsewhere).includes(elsewhere));
});

test('a run replaces roles, and the caller of signed methods; what AWS refuses stays as it is', () => {
  const CALLER = 'arn:aws:iam::*:user/*';
  const of = (credentials: string, operation = {}) => {
    const document = openapiOf([{ integration: { credentials }, operation }]);
    const { paths } = JSON.parse(apiDocument(document, () => 'mine')) as JsonObject & {
      paths: Record<string, Record<string, { 'x-amazon-apigateway-integration': { credentials: string } }>>;
    };
    return paths['/events']?.post?.['x-amazon-apigateway-integration'].credentials;
  };
  for (const role of ['arn:aws:iam::999999999999:role/x', 'arn:aws-cn:iam::123456789012:role/path/x'])
    assert.equal(of(role), 'mine');
  for (const credentials of ['', ' ', 'nonsense', 'arn:aws:iam::123456789012:user/me', CALLER])
    assert.equal(of(credentials), credentials);
  assert.equal(of(CALLER, { 'x-amazon-apigateway-auth': { type: 'AWS_IAM' } }), 'mine');
});
