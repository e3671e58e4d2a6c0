import { type DataTable, Then, When } from '@cucumber/cucumber';
import { expect } from '../support/expect/expect.ts';
import {
  type ApiConfiguration,
  deployments,
  type MethodConfiguration,
  methodName,
  readApi,
} from '../support/observe/configuration.ts';
import { createImportedAndBuilt } from '../support/observe/import-comparison.ts';
import { fieldType, schemaError } from '../support/observe/models.ts';
import { withoutIds } from '../support/observe/without-ids.ts';
import type { ProxyWorld } from '../support/world.ts';

const JSON_11 = ["'x-amz-json-1.1'", "'application/x-amz-json-1.1'"];

When('an operator reads the deployed API', async function (this: ProxyWorld) {
  this.configuration.api = await readApi(this.worker.clients.apiGateway, this.restApiId);
});

When('an operator imports the definition and also builds it by hand', async function (this: ProxyWorld) {
  this.configuration.builds = await createImportedAndBuilt(this.worker, this.undo);
});

Then('the API is named {string}', function (this: ProxyWorld, name: string) {
  expect(api(this).name, 'the name of the API').to.equal(name);
});

Then('its resources are exactly:', function (this: ProxyWorld, table: DataTable) {
  const expected = table.hashes().map(({ resource }) => resource);
  expect(api(this).resources, 'its resources').to.deep.equal(expected.sort());
});

Then('its methods are exactly:', function (this: ProxyWorld, table: DataTable) {
  const expected = table.hashes().map(nameOf);
  expect(api(this).methods.map(methodName).sort(), 'its methods').to.deep.equal(expected.sort());
});

Then('its methods call Kinesis by POST with the actions:', function (this: ProxyWorld, table: DataTable) {
  const { region } = this.deployment;
  for (const row of table.hashes()) {
    const { type, httpMethod, uri } = method(this, row).integration;
    expect(type, `the integration type of ${nameOf(row)}`).to.equal('AWS');
    expect(httpMethod, `the method by which ${nameOf(row)} calls`).to.equal('POST');
    expect(uri?.replace(/^arn:aws[\w-]*:/, ''), `what ${nameOf(row)} calls`).to.equal(
      `apigateway:${region}:kinesis:action/${row.action}`,
    );
  }
});

Then('every method carries the execution role', function (this: ProxyWorld) {
  for (const { integration, ...name } of methods(this))
    expect(integration.credentials, `the role of ${methodName(name)}`).to.equal(
      this.deployment.proxy.roleArn,
    );
});

Then('the content type sent to Kinesis is:', function (this: ProxyWorld, table: DataTable) {
  for (const row of table.hashes()) {
    const { mappings } = method(this, row).integration;
    const name = Object.keys(mappings).find(
      (key) => key.toLowerCase() === 'integration.request.header.content-type',
    );
    if (name === undefined)
      expect(row['content type'], `what ${nameOf(row)} leaves out`).to.equal('optional');
    else expect(mappings[name], `what ${nameOf(row)} sends`).to.be.oneOf(JSON_11);
  }
});

Then('every method has one mapping template, for {string}', function (this: ProxyWorld, mediaType: string) {
  for (const { integration, ...name } of methods(this)) {
    expect(Object.keys(integration.templates), `the templates of ${methodName(name)}`).to.deep.equal([
      mediaType,
    ]);
    expect(integration.templates[mediaType]?.trim(), `the template of ${methodName(name)}`).to.not.equal('');
  }
});

Then('every method refuses a media type that has no template', function (this: ProxyWorld) {
  for (const { integration, ...name } of methods(this))
    expect(integration.passthrough, `the pass-through of ${methodName(name)}`).to.match(
      /^(WHEN_NO_TEMPLATES|NEVER)$/,
    );
});

Then('every method has one response, 200, to which everything maps unchanged', function (this: ProxyWorld) {
  for (const { responses, integration, ...name } of methods(this)) {
    const where = methodName(name);
    expect(Object.keys(responses), `the method responses of ${where}`).to.deep.equal(['200']);
    expect(responses['200']?.headers, `the headers of ${where}`).to.deep.equal({});
    expect(Object.values(integration.responses), `the integration responses of ${where}`).to.deep.equal([
      { pattern: undefined, statusCode: '200', headers: {}, templates: {} },
    ]);
  }
});

Then('it declares the inputs:', function (this: ProxyWorld, table: DataTable) {
  for (const row of table.hashes()) {
    const input = `method.request.${row.place === 'query string' ? 'querystring' : row.place}.${row.name}`;
    const { inputs } = method(this, row);
    expect(Object.keys(inputs), `what ${nameOf(row)} declares`).to.include(input);
  }
});

Then('no method enforces anything of its input', function (this: ProxyWorld) {
  for (const configured of methods(this))
    expect(configured.enforces, `what ${methodName(configured)} enforces`).to.deep.equal([]);
});

Then(
  'a model of {word} {path} accepts the payload:',
  function (this: ProxyWorld, verb: string, path: string, payload: string) {
    this.configuration.schema = Object.values(method(this, { method: verb, resource: path }).models)[0];
    if (this.configuration.schema !== undefined)
      expect(schemaError(this.configuration.schema, JSON.parse(payload)), 'the error by the model').to.equal(
        undefined,
      );
  },
);

Then('it knows each of these fields as a string:', function (this: ProxyWorld, table: DataTable) {
  if (this.configuration.schema === undefined) return;
  for (const { field = '' } of table.hashes())
    expect(fieldType(this.configuration.schema, field), `the type of ${field}`).to.equal('string');
});

Then('its stage serves the newest deployment', async function (this: ProxyWorld) {
  const { restApiId, stage } = this.deployment.proxy;
  const { served, newest } = await deployments(
    this.worker.clients.apiGateway,
    String(restApiId),
    String(stage),
  );
  expect(served, 'the deployment that the stage serves').to.be.a('string');
  expect(served, 'the deployment that the stage serves').to.equal(newest);
});

Then('both APIs have the same resources, methods, integrations and responses', function (this: ProxyWorld) {
  const [imported, built] = this.configuration.builds.map(withoutIds);
  expect(imported, 'the imported API compared with the one built by hand').to.deep.equal(built);
});

function api({ configuration: { api } }: ProxyWorld): ApiConfiguration {
  if (!api) throw new Error('the API has not been read yet');
  return api;
}

/** Assertions about every method must not pass for an API without methods. */
function methods(world: ProxyWorld): readonly MethodConfiguration[] {
  const { methods } = api(world);
  expect(methods, 'the methods of the API').to.not.be.empty;
  return methods;
}

function method(world: ProxyWorld, row: Readonly<Record<string, string>>): MethodConfiguration {
  const found = methods(world).find((candidate) => methodName(candidate) === nameOf(row));
  expect(found, `the method ${nameOf(row)}`).to.not.equal(undefined);
  return found as MethodConfiguration;
}

function nameOf(row: Readonly<Record<string, string>>): string {
  return methodName({ method: row.method ?? '', resource: row.resource ?? '' });
}
