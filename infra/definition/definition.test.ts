import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadDefinition, underOneRole } from './definition.ts';
import { deriveInterface } from './interface/derive.ts';

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
