import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { expect } from 'chai';
import { absentOf } from '../../infra/definition/interface/derive.ts';
import { openapiOf } from '../../infra/definition/interface/testing.ts';
import type { Interface } from '../../infra/definition/interface/types.ts';
import { isObject, type Json, type JsonObject } from '../../infra/definition/types.ts';
import { readYaml } from '../../infra/yaml.ts';
import { loadCatalogue } from '../run/catalogue.ts';
import { ROOT } from '../run/suite.ts';
import { UNSEEN } from './inspect.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'inspect-'));
after(() => rmSync(folder, { recursive: true }));

function fileOf(name: string, content: unknown): string {
  const file = path.join(folder, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const COLLECTOR = fileOf(
  'collector.json',
  openapiOf([
    {
      template:
        '{"StreamName": "clicks", "Data": "$util.base64Encode($input.body)", "PartitionKey": "$context.requestId"}',
    },
  ]),
);

function inspect(...args: string[]) {
  const run = spawnSync(process.execPath, ['support/cli/main.mjs', 'inspect', ...args], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return { status: run.status, out: run.stdout, err: run.stderr };
}

test("the tutorial's calls and weak points, in lines of 80 columns", () => {
  const { status, out } = inspect('tutorial');
  expect(status).to.equal(0);
  expect(out).to.include(
    'PutRecord: PUT /streams/{stream-name}/record\n  stream {stream-name}; data body /Data as JSON; key body /PartitionKey;',
  );
  expect(out.replace(/\s+/g, ' ')).to.include('status 400, 500 or 503 (all 8 methods)');
  expect(out).to.not.include('absent');
  // The weaknesses that a run at level production finds, except those that only a run can find: incomplete bodies,
  // the role, throttling.
  const named = new Set(
    out.match(/^ {2}remedy SAFE-\d+(?=:)/gm)?.map((line) => line.trim().slice('remedy '.length)),
  );
  expect([...named]).to.deep.equal([
    'SAFE-1',
    'SAFE-2',
    'SAFE-3',
    'SAFE-4',
    'SAFE-7',
    'SAFE-10',
    'SAFE-14',
    'SAFE-18',
  ]);
  expect(out).to.include('npm run conformance -- --definition tutorial\n');
  expect(Math.max(...out.split('\n').map((line) => line.length))).to.be.at.most(80);
});

test('inspect says which clauses only a run tells', () => {
  const interfaces = path.join(ROOT, 'infra/definition/interface');
  const sources = readdirSync(interfaces).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
  );
  const named = new Set(
    sources.flatMap(
      (name) => readFileSync(path.join(interfaces, name), 'utf8').match(/SAFE-\d+(?=')/g) ?? [],
    ),
  );
  const all = loadCatalogue(path.join(ROOT, 'features/catalogue.yaml')).clauses.map(({ id }) => id);
  const unseen = all.filter((id) => id.startsWith('SAFE-') && !named.has(id));
  expect(UNSEEN.split(';')[0]?.match(/SAFE-\d+/g)).to.deep.equal(unseen);
  expect(inspect('tutorial').out).to.include(`only a run tells\n  ${UNSEEN}\n`);
});

test('missing calls are listed; the interface is printed as JSON', () => {
  expect(inspect(COLLECTOR).out).to.match(/^absent\n {2}ListStreams, DescribeStream, /m);
  const found = JSON.parse(inspect(COLLECTOR, '--json').out) as Interface;
  expect(found.source).to.equal('derived');
  expect(found.calls[0]).to.include({ action: 'PutRecord', path: '/events', stored: 'whole-body' });
  expect(found.absent).to.deep.equal(absentOf(found.calls));
});

test('an interface that is given replaces the derived one', () => {
  const given = fileOf(
    'given.yaml',
    'calls:\n- { action: PutRecord, method: POST, path: /events, stream: { fixed: other } }\n',
  );
  const { calls, source } = JSON.parse(inspect(COLLECTOR, '--interface', given, '--json').out) as Interface;
  expect(source).to.equal(given);
  expect(calls[0]?.stream).to.deep.equal({ fixed: 'other' });
  // The printed JSON is a valid interface file.
  const printed = fileOf('printed.json', inspect(COLLECTOR, '--json').out);
  expect(inspect(COLLECTOR, '--interface', printed).status).to.equal(0);
});

test('a CloudFormation template, with its parameters and its stage', () => {
  const template = fileOf(
    'stack.yaml',
    `
Parameters: { Stream: { Type: String } }
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: v1
      Variables: { key: all }
      DefinitionBody:
        openapi: 3.0.1
        info: { title: collector, version: '1' }
        paths:
          /events:
            post:
              responses: { '200': { description: ok } }
              x-amazon-apigateway-integration:
                type: aws
                httpMethod: POST
                uri: !Sub 'arn:aws:apigateway:\${AWS::Region}:kinesis:action/PutRecord'
                credentials: arn:aws:iam::000000000000:role/proxy
                requestTemplates:
                  application/json: !Sub |
                    {"StreamName": "\${Stream}", "Data": "$util.base64Encode($input.body)", "PartitionKey": "$stageVariables.key"}
                responses: { default: { statusCode: '200' } }
`,
  );
  const { out, err } = inspect(template, '--parameter', 'Stream=clicks', '--json');
  expect(err).to.equal('');
  const [call] = (JSON.parse(out) as Interface).calls;
  expect(call?.stream).to.deep.equal({ fixed: 'clicks' });
  expect(call?.partitionKey).to.deep.equal({ fixed: 'all' });
  const without = inspect(template);
  expect([without.status, without.err.trimEnd().includes('\n')]).to.deep.equal([3, false]);
  expect(without.err).to.include('--parameter Stream=VALUE');
});

test('--fix writes a repaired copy and lists what is left', () => {
  const out = path.join(folder, 'fixed.json');
  const fixed = inspect('tutorial', '--fix', out);
  expect(fixed.status).to.equal(0);
  expect(fixed.err).to.include("PUT /streams/{stream-name}/record: $input.path('$.PartitionKey') is escaped");
  expect(fixed.out).to.not.include('SAFE-7').and.to.not.include('errors as success');
  expect(fixed.out).to.include('remedy SAFE-14').and.to.include(`--definition ${out}`);
  const again = inspect('tutorial', '--fix', out);
  expect([again.status, again.err]).to.satisfy(
    ([code, text]: [number, string]) => code === 3 && /a new file\n$/.test(text),
  );
});

test('--fix lists the values that it did not repair, and why', () => {
  const file = fileOf(
    'unquoted.json',
    openapiOf([
      {
        template: `#set($inputRoot = $input.path('$'))
{"StreamName": "clicks", "Data": "$util.base64Encode($input.body)", "PartitionKey": "$inputRoot.userId", "ExplicitHashKey": $inputRoot.hash}`,
      },
    ]),
  );
  const { err } = inspect(file, '--fix', path.join(folder, 'quoted.json'));
  expect(err).to.include('POST /events: $inputRoot.userId is escaped');
  expect(err).to.match(
    /^not repaired\n {2}POST \/events: \$inputRoot\.hash in line 2 .*: it is outside of quotes/m,
  );
});

test('--fix does not list unquoted values that the template checks', () => {
  const { err } = inspect('hardened', '--fix', path.join(folder, 'hardened.json'));
  expect(err).to.match(/^repaired in .*\n$/);
});

test('a template without mechanical repairs is refused with what is left', () => {
  const openapi = openapiOf([
    {
      template: `{"StreamName": "clicks", "Data": "$util.base64Encode($input.body)", "PartitionKey": "$input.json('$.key')"}`,
      integration: {
        requestParameters: { 'integration.request.header.Content-Type': "'application/x-amz-json-1.1'" },
        responses: { default: { statusCode: '200' }, '4\\d{2}': { statusCode: '400' } },
      },
    },
  ]);
  const resources = { Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Body: openapi } } };
  const file = fileOf('left.json', { Resources: resources });
  const { status, err } = inspect(file, '--fix', path.join(folder, 'none.json'));
  expect(status).to.equal(3);
  expect(err).to.match(
    /^not repaired\n {2}POST \/events: .*prints quotes of its own.*\nerror: .*nothing in it can be repaired/,
  );
});

test('for CloudFormation, --fix prints the lines to copy, and writes nothing', () => {
  const template = `{"StreamName": "clicks", "Data": "$util.base64Encode($input.body)", "PartitionKey": "$input.params('key')"}`;
  const openapi = openapiOf([{ template, integration: { passthroughBehavior: 'when_no_match' } }]);
  const { paths } = openapi as { paths: { '/events': { post: Record<string, Record<string, unknown>> } } };
  const integration = paths['/events'].post['x-amazon-apigateway-integration'] ?? {};
  const api = { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'collector' } };
  const ids = { RestApiId: { Ref: 'Api' }, ResourceId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] } };
  const method = {
    Type: 'AWS::ApiGateway::Method',
    Properties: {
      ...ids,
      HttpMethod: 'POST',
      AuthorizationType: 'NONE',
      MethodResponses: [{ StatusCode: '200' }],
      Integration: {
        Type: 'AWS',
        IntegrationHttpMethod: 'POST',
        Uri: integration.uri,
        Credentials: integration.credentials,
        RequestTemplates: { 'application/json': template },
        IntegrationResponses: [{ StatusCode: '200' }],
      },
    },
  };
  const out = path.join(folder, 'none.json');
  type Resources = Record<string, Record<string, unknown>>;
  const cases: readonly (readonly [string, string, (operation?: JsonObject) => Resources, JsonObject])[] = [
    [
      'methods',
      'POST /',
      (properties = method.Properties as JsonObject) => ({
        Api: api,
        Post: { ...method, Properties: properties },
      }),
      method.Properties as JsonObject,
    ],
    [
      'body',
      'POST /events',
      (post = paths['/events'].post as JsonObject) => ({
        Api: { ...api, Properties: { Body: { ...openapi, paths: { '/events': { post } } } } },
      }),
      paths['/events'].post as JsonObject,
    ],
  ];
  const clausesOf = (resources: Resources) => {
    const { out: json } = inspect(fileOf('judged.json', { Resources: resources }), '--json');
    return (JSON.parse(json) as Interface).weak.flatMap(({ clauses = [] }) => clauses);
  };
  for (const [name, where, resourcesOf, operation] of cases) {
    const file = fileOf(`${name}.json`, { Resources: resourcesOf() });
    const { status, out: printed, err } = inspect(file, '--fix', out);
    expect([status, printed, existsSync(out)]).to.deep.equal([3, '', false]);
    expect(err).to.include(`${where}: $input.params('key') is escaped`);
    expect(err).to.match(/is cloudformation; nothing was written/);
    const [, block = ''] = /\n\n(# add to [\s\S]*)\n.*--fix writes OpenAPI files only/.exec(err) ?? [];
    const [, before = '', after = ''] = /^# {3}(.*)\n# becomes\n# {3}(.*)$/m.exec(block) ?? [];
    const copied = JSON.stringify(joined(operation, readYaml(block) as JsonObject)).replace(
      `\\"${before}\\"`,
      () => `\\"${JSON.stringify(after).slice(1, -1)}\\"`,
    );
    const fixable = ['SAFE-1', 'SAFE-2', 'SAFE-3', 'SAFE-7', 'SAFE-10', 'SAFE-12'];
    expect(clausesOf(resourcesOf()), name).to.include.members(fixable);
    expect(clausesOf(resourcesOf(JSON.parse(copied) as JsonObject)), name).to.satisfy(
      (left: string[]) => !left.some((id) => fixable.includes(id)),
    );
  }
});

/** Combines two objects, as a user copies lines into a template. */
function joined(old: Json | undefined, added: Json): Json {
  if (Array.isArray(old) && Array.isArray(added)) return [...old, ...added];
  if (!isObject(old) || !isObject(added)) return added;
  return {
    ...old,
    ...Object.fromEntries(Object.entries(added).map(([key, each]) => [key, joined(old[key], each)])),
  };
}

test('errors are one line, with exit code 3', () => {
  const hello = fileOf('hello.json', openapiOf([{ integration: { type: 'mock', uri: '' } }]));
  const broken = fileOf('broken.yaml', 'calls: 1');
  const cases: readonly (readonly [string[], RegExp])[] = [
    [[], /takes one definition/],
    [[path.join(folder, 'none.yaml')], /no definition at /],
    [[COLLECTOR, '--parameter', 'Stream'], /--parameter takes KEY=VALUE, .*not Stream/],
    [[hello], /no method in .* integrates with Kinesis/],
    [[COLLECTOR, '--interface', path.join(folder, 'none.yaml')], /no interface at /],
    [[COLLECTOR, '--interface', broken], /broken\.yaml: \/calls must be array/],
  ];
  for (const [args, message] of cases) {
    const { status, out, err } = inspect(...args);
    expect(err).to.match(message);
    expect(err.trimEnd()).to.not.include('\n');
    expect([status, out]).to.deep.equal([3, '']);
  }
});
