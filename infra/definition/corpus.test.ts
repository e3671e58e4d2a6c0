import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import {
  CreateDeploymentCommand,
  GetResourcesCommand,
  ImportRestApiCommand,
} from '@aws-sdk/client-api-gateway';
import { type Served, serve } from '../embedded/apigateway/control/testing/served.ts';
import { readYaml } from '../yaml.ts';
import { readDeclaration } from './read.ts';
import { contextOf } from './testing.ts';

interface Entry {
  readonly file: string;
  readonly form: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly api?: string;
  readonly why: string;
  readonly calls: readonly { readonly action: string; readonly method: string; readonly path: string }[];
}

const folder = new URL('../../selftest/corpus/', import.meta.url);
const entries = readYaml(readFileSync(new URL('corpus.yaml', folder), 'utf8')) as Entry[];

const readEntry = ({ file, parameters = {}, api }: Entry) =>
  readDeclaration(
    readFileSync(new URL(file, folder)),
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
          const action = /:kinesis:action\/(\w+)$/.exec(methodIntegration?.uri ?? '')?.[1];
          return action === undefined ? [] : [{ action, method, path }];
        }),
      );
      const byName = (call: { action: string; path?: string | undefined }) => `${call.action} ${call.path}`;
      const sorted = <T extends { action: string; path?: string | undefined }>(list: readonly T[]) =>
        [...list].sort((a, b) => (byName(a) < byName(b) ? -1 : 1));
      assert.deepEqual(sorted(calls), sorted(entry.calls));
      const credentials = items
        .flatMap(({ resourceMethods }) => Object.values(resourceMethods ?? {}))
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
