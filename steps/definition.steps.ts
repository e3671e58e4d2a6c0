import assert from 'node:assert/strict';
import { type DataTable, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { essence } from '../support/observe/alike.ts';
import {
  type ApiConfiguration,
  deployments,
  type MethodConfiguration,
  methodName,
  readApi,
} from '../support/observe/configuration.ts';
import { fieldType, objection } from '../support/observe/models.ts';
import { makeTwins } from '../support/observe/twins.ts';
import type { ProxyWorld } from '../support/world.ts';

const JSON_11 = ["'x-amz-json-1.1'", "'application/x-amz-json-1.1'"];

When('an operator reads the deployed API', async function (this: ProxyWorld) {
  this.api = await readApi(this.worker.clients.apiGateway, this.restApiId);
});

When('an operator imports the definition and also builds it by hand', async function (this: ProxyWorld) {
  this.twins = await makeTwins(this.worker, this.undo);
});

Then('the API is named {string}', function (this: ProxyWorld, name: string) {
  assert.equal(api(this).name, name);
});

Then('its resources are exactly:', function (this: ProxyWorld, table: DataTable) {
  assert.deepEqual(
    api(this).resources,
    table
      .hashes()
      .map(({ resource }) => resource)
      .sort(),
  );
});

Then('its methods are exactly:', function (this: ProxyWorld, table: DataTable) {
  assert.deepEqual(api(this).methods.map(methodName).sort(), table.hashes().map(nameOf).sort());
});

Then('its methods call Kinesis by POST with the actions:', function (this: ProxyWorld, table: DataTable) {
  const { region } = this.deployment;
  for (const row of table.hashes()) {
    const { type, httpMethod, uri } = method(this, row).integration;
    assert.equal(type, 'AWS', nameOf(row));
    assert.equal(httpMethod, 'POST', nameOf(row));
    assert.equal(
      uri?.replace(/^arn:aws[\w-]*:/, ''),
      `apigateway:${region}:kinesis:action/${row.action}`,
      nameOf(row),
    );
  }
});

Then('every method carries the execution role', function (this: ProxyWorld) {
  for (const { integration, ...name } of methods(this))
    assert.equal(integration.credentials, this.deployment.proxy.roleArn, methodName(name));
});

Then('the content type sent to Kinesis is:', function (this: ProxyWorld, table: DataTable) {
  for (const row of table.hashes()) {
    const { mappings } = method(this, row).integration;
    const name = Object.keys(mappings).find(
      (key) => key.toLowerCase() === 'integration.request.header.content-type',
    );
    if (name === undefined) assert.equal(row['content type'], 'optional', `${nameOf(row)} fixes none`);
    else assert.ok(JSON_11.includes(mappings[name] ?? ''), `${nameOf(row)} sends ${mappings[name]}`);
  }
});

Then('every method has one mapping template, for {string}', function (this: ProxyWorld, mediaType: string) {
  for (const { integration, ...name } of methods(this)) {
    assert.deepEqual(Object.keys(integration.templates), [mediaType], methodName(name));
    assert.notEqual(integration.templates[mediaType]?.trim(), '', methodName(name));
  }
});

Then('every method refuses a media type that has no template', function (this: ProxyWorld) {
  for (const { integration, ...name } of methods(this))
    assert.match(String(integration.passthrough), /^(WHEN_NO_TEMPLATES|NEVER)$/, methodName(name));
});

Then('every method has one response, 200, to which everything maps unchanged', function (this: ProxyWorld) {
  for (const { responses, integration, ...name } of methods(this)) {
    const where = methodName(name);
    assert.deepEqual(Object.keys(responses), ['200'], `method responses of ${where}`);
    assert.deepEqual(responses['200']?.headers, {}, `headers of ${where}`);
    assert.deepEqual(
      Object.values(integration.responses),
      [{ pattern: undefined, statusCode: '200', headers: {}, templates: {} }],
      `integration responses of ${where}`,
    );
  }
});

Then('it declares the inputs:', function (this: ProxyWorld, table: DataTable) {
  for (const row of table.hashes()) {
    const input = `method.request.${row.place === 'query string' ? 'querystring' : row.place}.${row.name}`;
    const { inputs } = method(this, row);
    assert.ok(
      input in inputs,
      `${nameOf(row)} does not declare ${input}, but ${Object.keys(inputs).join(', ')}`,
    );
  }
});

Then('no method enforces anything of its input', function (this: ProxyWorld) {
  for (const configured of methods(this))
    expect(configured.enforces, `what ${methodName(configured)} enforces`).to.deep.equal([]);
});

Then(
  'a model of {word} {path} accepts the payload:',
  function (this: ProxyWorld, verb: string, path: string, payload: string) {
    this.schema = Object.values(method(this, { method: verb, resource: path }).models)[0];
    if (this.schema !== undefined) assert.equal(objection(this.schema, JSON.parse(payload)), undefined);
  },
);

Then('it knows each of these fields as a string:', function (this: ProxyWorld, table: DataTable) {
  if (this.schema === undefined) return;
  for (const { field = '' } of table.hashes()) assert.equal(fieldType(this.schema, field), 'string', field);
});

Then('its stage serves the newest deployment', async function (this: ProxyWorld) {
  const { restApiId, stage } = this.deployment.proxy;
  const { served, newest } = await deployments(
    this.worker.clients.apiGateway,
    String(restApiId),
    String(stage),
  );
  assert.notEqual(served, undefined);
  assert.equal(served, newest);
});

Then('both APIs are alike, resource by resource', function (this: ProxyWorld) {
  const [imported, built] = this.twins.map(essence);
  assert.deepEqual(imported, built);
});

function api({ api }: ProxyWorld): ApiConfiguration {
  assert.ok(api, 'nobody has read the API');
  return api;
}

/** An API without methods satisfies nothing that is said of every method. */
function methods(world: ProxyWorld): readonly MethodConfiguration[] {
  const { methods } = api(world);
  assert.notEqual(methods.length, 0, 'the API has no method');
  return methods;
}

function method(world: ProxyWorld, row: Readonly<Record<string, string>>): MethodConfiguration {
  const found = methods(world).find((candidate) => methodName(candidate) === nameOf(row));
  assert.ok(found, `the API has no ${nameOf(row)}`);
  return found;
}

function nameOf(row: Readonly<Record<string, string>>): string {
  return methodName({ method: row.method ?? '', resource: row.resource ?? '' });
}
