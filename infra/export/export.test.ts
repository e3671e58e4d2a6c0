import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { loadDefinition } from '../definition/definition.ts';
import { readDeclaration } from '../definition/read.ts';
import { contextOf } from '../definition/testing.ts';
import { type Declaration, isObject, type Json, type JsonObject } from '../definition/types.ts';
import { toCloudFormation } from './cloudformation.ts';
import { toOpenApi } from './openapi.ts';
import { EXPORTED, partsOf } from './parts.ts';
import { literal, toTerraform } from './terraform.ts';
import { planned } from './testing/planned.ts';

const CONTEXT = contextOf({ region: 'us-east-1', accountId: '000000000000', stackName: 'proxy' });
const OPTIONS = { stage: 'v1', streamPrefix: 'clicks-' };
const ANY_ROLE = 'arn:aws:iam::000000000000:role/any';
const folder = mkdtempSync(path.join(tmpdir(), 'export-'));
after(() => rmSync(folder, { recursive: true }));

const read = (document: JsonObject): Declaration =>
  readDeclaration(Buffer.from(JSON.stringify(document)), CONTEXT);

/** With one name for every role, and without members that only the definition's file uses. */
function comparable(openapi: JsonObject): JsonObject {
  const { 'x-allowed-origin': _, ...document } = openapi;
  const walk = (value: Json, key = ''): Json => {
    if (key === 'credentials') return ANY_ROLE;
    if (Array.isArray(value)) return value.map((item) => walk(item));
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, walk(member, name)]));
  };
  return walk(document) as JsonObject;
}

for (const name of EXPORTED) {
  const parts = partsOf(name);
  const tested = comparable(loadDefinition(name).declare(CONTEXT).openapi);
  const isConfined = name === 'hardened';
  const resource = isConfined ? 'arn:*:kinesis:*:*:stream/clicks-*' : undefined;
  const described = (declaration: Declaration) => {
    const [role, ...others] = declaration.roles;
    assert.equal(others.length, 0);
    assert.ok(JSON.stringify(declaration.openapi).includes(`"credentials":"${role?.arn}"`));
    const statements = role?.inline[0]?.document.Statement as JsonObject[];
    if (resource !== undefined) assert.equal(statements[1]?.Resource, resource);
    else assert.equal(statements[0]?.Action, 'kinesis:*');
    assert.deepEqual(comparable(declaration.openapi), tested);
  };

  describe(`${name}, exported`, () => {
    test('the CloudFormation export reads back as the same API under its own role', () => {
      const declaration = read(toCloudFormation(parts, OPTIONS));
      described(declaration);
      assert.equal(declaration.stage?.name, 'v1');
    });

    test('the Terraform export reads back from a plan as the same API under its own role', () => {
      const declaration = read(planned(toTerraform(parts, OPTIONS)));
      described(declaration);
      assert.equal(declaration.stage?.name, 'v1');
    });

    test('the OpenAPI export reads back as the same API for any placeholder values', () => {
      const { openapi } = read(toOpenApi(parts));
      const { info, ...rest } = comparable(openapi);
      const { info: _, ...expected } = tested;
      assert.deepEqual(rest, expected);
      assert.match(String((info as JsonObject).description), /\$\{region\}.*\$\{execution-role-arn\}/);
    });

    test('a changed API gets a new deployment', () => {
      const resources = (of: typeof parts) =>
        Object.keys(toCloudFormation(of, OPTIONS).Resources as JsonObject);
      const other = resources({ ...parts, hash: '00000000' });
      assert.equal(resources(parts).filter((id) => !other.includes(id)).length, 1);
    });

    test('Terraform evaluates the export to the tested API', (context) => {
      if (spawnSync('terraform', ['version']).status !== 0) return context.skip('no Terraform is installed');
      const { locals, variable } = toTerraform(parts, OPTIONS) as Record<string, JsonObject>;
      const known = { ...locals, region: 'us-east-1', partition: 'aws', role_arn: ANY_ROLE };
      // Without resources and data sources, since only the provider can evaluate them.
      const configuration = { variable, locals: known, output: { api: { value: '${local.api}' } } };
      const cwd = path.join(folder, name);
      mkdirSync(cwd);
      writeFileSync(path.join(cwd, 'main.tf.json'), JSON.stringify(configuration));
      const terraform = (...args: string[]) => {
        const { status, stdout, stderr } = spawnSync('terraform', args, { cwd, encoding: 'utf8' });
        assert.equal(status, 0, stderr);
        return stdout;
      };
      terraform('init', '-input=false');
      terraform('plan', '-input=false', '-out=plan');
      const plan = JSON.parse(terraform('show', '-json', 'plan')) as {
        planned_values: { outputs: { api: { value: JsonObject } } };
      };
      assert.deepEqual(comparable(plan.planned_values.outputs.api.value), tested);
    });
  });
}

test('braces in a template do not start a Terraform expression', () => {
  assert.equal(literal('${a} %{b} $c {d} $util.x({})'), '$${a} %%{b} $c {d} $util.x({})');
});

test('without a prefix, deploying hardened asks for one', () => {
  const parts = partsOf('hardened');
  const { StreamPrefix } = toCloudFormation(parts, { stage: 'v1' }).Parameters as Record<string, JsonObject>;
  assert.ok(StreamPrefix && !('Default' in StreamPrefix));
  assert.throws(() => planned(toTerraform(parts, { stage: 'v1' })), /stream_prefix is not given/);
});

test('throttling of a path is written in the syntax of each tool', () => {
  const parts = partsOf('hardened');
  const cloudFormation = JSON.stringify(toCloudFormation(parts, OPTIONS));
  assert.ok(cloudFormation.includes('"ResourcePath":"/~1streams~1{stream-name}","HttpMethod":"POST"'));
  assert.ok(cloudFormation.includes('"ResourcePath":"/*","HttpMethod":"*"'));
  const terraform = JSON.stringify(toTerraform(parts, OPTIONS));
  assert.ok(terraform.includes('"method_path":"~1streams~1{stream-name}/POST"'));
  assert.ok(terraform.includes('"method_path":"*/*"'));
});
