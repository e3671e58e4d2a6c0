import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import {
  CreateDeploymentCommand,
  GetResourcesCommand,
  ImportRestApiCommand,
} from '@aws-sdk/client-api-gateway';
import { readDeclaration } from '../../infra/definition/read.ts';
import { contextOf } from '../../infra/definition/testing.ts';
import { type Served, serve } from '../../infra/embedded/apigateway/control/testing/served.ts';
import { CORPUS, type Entry, entriesOf } from './entries.ts';

const entries = entriesOf('corpus.yaml');

const readEntry = ({ file, parameters = {}, api }: Entry) =>
  readDeclaration(
    readFileSync(new URL(file, CORPUS)),
    contextOf({ file, parameters: new Map(Object.entries(parameters)), api }),
  );

describe('the corpus', () => {
  let served: Served;
  before(async () => {
    served = await serve();
  });
  after(() => served.close());

  for (const entry of entries) {
    test(`${entry.file} is read and imports with its calls`, async () => {
      const declaration = readEntry(entry);
      assert.equal(declaration.form, entry.form);
      const body = Buffer.from(JSON.stringify(declaration.openapi));
      const api = await served.client.send(new ImportRestApiCommand({ body, failOnWarnings: true }));
      await served.client.send(new CreateDeploymentCommand({ restApiId: api.id, stageName: 'test' }));
      const { items = [] } = await served.client.send(
        new GetResourcesCommand({ restApiId: api.id, embed: ['methods'], limit: 500 }),
      );
      const calls = items.flatMap(({ path, resourceMethods }) =>
        Object.entries(resourceMethods ?? {}).flatMap(([method, { methodIntegration }]) => {
          const { uri = '', requestParameters = {} } = methodIntegration ?? {};
          const target = requestParameters['integration.request.header.X-Amz-Target'];
          const action = /(?::kinesis:action\/|Kinesis_20131202\.)(\w+)/.exec(`${uri} ${target}`)?.[1];
          return action === undefined ? [] : [{ action, method, path }];
        }),
      );
      const byName = (call: { action: string; path?: string | undefined }) => `${call.action} ${call.path}`;
      const sorted = <T extends { action: string; path?: string | undefined }>(list: readonly T[]) =>
        [...list].sort((a, b) => (byName(a) < byName(b) ? -1 : 1));
      assert.deepEqual(sorted(calls), sorted(entry.calls));
      const credentials = items
        .flatMap(({ resourceMethods }) => Object.values(resourceMethods ?? {}))
        .filter(({ methodIntegration }) => /:kinesis:/.test(methodIntegration?.uri ?? ''))
        .flatMap(({ methodIntegration }) => methodIntegration?.credentials ?? []);
      if (declaration.form === 'cloudformation') {
        const arns: readonly string[] = declaration.roles.map(({ arn }) => arn);
        for (const arn of credentials)
          assert.ok(arns.includes(arn), `${arn} is a role that the file declares`);
      }
      assert.doesNotMatch(JSON.stringify(declaration), /"Fn::|"Ref"|\$\{AWS::|\{\{resolve:/);
    });
  }
});
