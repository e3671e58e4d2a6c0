import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { loadDefinition, underOneRole } from './definition.ts';
import { deriveInterface } from './interface/derive.ts';
import { openapiOf } from './interface/testing.ts';

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
