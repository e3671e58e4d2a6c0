import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadDefinition, underOneRole } from './definition.ts';

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

test('the definitions that the project brings each have a role of their own', () => {
  const roles = ['tutorial', 'hardened', 'infra/proxy/tutorial.yaml'].map(
    (name) => loadDefinition(name).role,
  );
  assert.deepEqual(roles, ['full-access', 'stream-prefix', 'full-access']);
});
