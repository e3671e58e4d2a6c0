import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { UsageError } from '../errors.ts';
import { readDeclaration } from './read.ts';
import { contextOf, read } from './testing.ts';
import type { JsonObject } from './types.ts';

const operation = (template: string) => `
      responses: { '200': { description: ok } }
      x-amazon-apigateway-integration:
        type: aws
        httpMethod: POST
        uri: arn:aws:apigateway:us-east-1:kinesis:action/PutRecord
        credentials: arn:aws:iam::000000000000:role/proxy
        requestTemplates: { application/json: ${template} }
        responses: { default: { statusCode: '200' } }
`;
const minimal = `openapi: 3.0.1\npaths:\n  /events:\n    post:${operation("'{}'")}`;

const refusal = (step: () => unknown): string => {
  try {
    step();
  } catch (error) {
    assert.ok(error instanceof UsageError);
    assert.doesNotMatch(error.message, /\n/);
    return error.message;
  }
  throw new Error('nothing was refused');
};

const templateAt = (openapi: JsonObject): string => {
  const paths = openapi.paths as Record<string, Record<string, Record<string, JsonObject>>>;
  const integration = Object.values(paths)[0]?.post?.['x-amazon-apigateway-integration'];
  const templates = integration?.requestTemplates as JsonObject | undefined;
  return String(templates?.['application/json']);
};

describe('the text of a definition', () => {
  const json = JSON.stringify({ openapi: '3.0.1', paths: read(minimal).openapi.paths });
  const texts: [name: string, bytes: Buffer][] = [
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${minimal}`)],
    ['UTF-16, little end first', Buffer.from(`\ufeff${minimal}`, 'utf16le')],
    ['UTF-16, big end first', Buffer.from(`\ufeff${json}`, 'utf16le').swap16()],
    ['JSON', Buffer.from(json)],
    [
      'JSON with comments and a trailing comma',
      Buffer.from(`// the API\n${json.replace(/}$/, ', /* end */}')}`),
    ],
    ['YAML that begins as JSON does', Buffer.from(`{openapi: 3.0.1, ${json.slice(json.indexOf('"paths"'))}`)],
  ];
  for (const [name, bytes] of texts)
    test(`is read from ${name}`, () => {
      const { form, openapi } = readDeclaration(bytes, contextOf({ file: 'api.txt' }));
      assert.equal(form, 'openapi');
      assert.deepEqual(openapi.paths, read(minimal).openapi.paths);
      assert.deepEqual(openapi.info, { title: 'api', version: '1.0' });
    });

  const refused: [text: string | Buffer, message: string | RegExp][] = [
    ['a: [', /^api\.txt: it is neither YAML nor JSON \(line 1\): .+; check the file with a linter$/],
    ['{"a": 1,,}', /^api\.txt: it is neither YAML nor JSON \(line 1\): .+; check the file with a linter$/],
    ['- 1', 'api.txt: it does not contain an object; give an API definition'],
    ['', 'api.txt: it is empty; give an API definition'],
    [Buffer.from([0x61, 0xff]), 'api.txt: it is not UTF-8 text; save it as UTF-8'],
    [
      'name: x',
      'api.txt: it is neither OpenAPI 2 or 3, nor a CloudFormation template, nor terraform show -json; give one of these',
    ],
    [
      `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`,
      'api.txt: it is nested more than 300 levels deep; flatten it',
    ],
    ['openapi: 3.0.1', 'api.txt: it has no paths; give the API with its methods'],
    [
      'openapi: 3.0.1\npaths: {}',
      'api.txt: its API has no x-amazon-apigateway-integration, so there is nothing to deploy; give the API with its integrations',
    ],
  ];
  for (const [text, message] of refused)
    test(`is refused: ${String(text).slice(0, 20)}`, () => {
      const found = refusal(() => readDeclaration(Buffer.from(text), contextOf({ file: 'api.txt' })));
      if (typeof message === 'string') assert.equal(found, message);
      else assert.match(found, message);
    });
});

describe('an OpenAPI body that stands alone', () => {
  const sub = (template: string, parameters: Record<string, string> = {}) =>
    read(`openapi: 3.0.1\npaths:\n  /events:\n    post:${operation(template)}`, {
      file: 'body.yaml',
      parameters: new Map(Object.entries(parameters)),
    }).openapi;
  const place =
    'body.yaml: paths./events.post.x-amazon-apigateway-integration.requestTemplates.application/json';

  test('reports an undefined name, and accepts a value for it by --parameter', () => {
    const template = `!Sub '{"StreamName": "\${Clicks}"}'`;
    assert.equal(
      refusal(() => sub(template)),
      `${place}: \${Clicks} is not defined; give it with --parameter Clicks=VALUE`,
    );
    assert.equal(templateAt(sub(template, { Clicks: 'clicks' })), '{"StreamName": "clicks"}');
    assert.equal(templateAt(sub('!GetAtt Stream.Arn', { 'Stream.Arn': 'arn:x' })), 'arn:x');
  });

  test("leaves Velocity's references alone where no function stands around them", () => {
    const own =
      '#set(${name} = 1)#foreach($r in $input.path("$"))${r.a}#end${name}${input.body}${AWS::Region}';
    assert.equal(templateAt(sub(`'${own}'`)), own);
    assert.equal(
      templateAt(sub(`!Sub '{"a": "\${!name}", "b": "\${AWS::Region}"}'`)),
      '{"a": "${name}", "b": "eu-west-1"}',
    );
    assert.equal(
      refusal(() => sub(`!Sub "\${input.path('$.a')}"`)),
      `${place}: \${input.path('$.a')} is not a name that Fn::Sub accepts; write \${!input.path('$.a')} for the literal text`,
    );
  });

  test('resolves references that neither Velocity nor the template sets', () => {
    const heredoc = `'{"StreamName": "\${stream}", "Region": "\${aws_region}", "\${var.a}": "$\${b}"}'`;
    assert.equal(
      refusal(() => sub(heredoc)),
      `${place}: nothing in the template sets \${stream}; give it with --parameter stream=VALUE`,
    );
    assert.equal(
      templateAt(sub(heredoc, { stream: 'clicks', 'var.a': 'A' })),
      '{"StreamName": "clicks", "Region": "eu-west-1", "A": "$${b}"}',
    );
  });

  test('resolves placeholders in URIs and credentials', () => {
    const text = (uri: string, credentials = '"${role_arn}"') =>
      minimal.replace(/uri: .*/, `uri: '${uri}'`).replace(/credentials: .*/, `credentials: ${credentials}`);
    const integration = (body: string, parameters: [string, string][] = []) => {
      const { openapi } = read(body, { file: 'body.yaml', parameters: new Map(parameters) });
      const paths = openapi.paths as Record<string, Record<string, Record<string, JsonObject>>>;
      return paths['/events']?.post?.['x-amazon-apigateway-integration'];
    };
    const expected = 'arn:aws:apigateway:eu-west-1:kinesis:action/PutRecord';
    for (const region of [
      '${region}',
      '{region}',
      '${AWS::Region}',
      '${data.aws_region.current.name}',
      '${here}',
    ])
      assert.equal(integration(text(`arn:aws:apigateway:${region}:kinesis:action/PutRecord`))?.uri, expected);
    const found = integration(
      text('arn:${AWS::Partition}:apigateway:${aws_region}:kinesis:action/${action}'),
      [['action', 'PutRecord']],
    );
    assert.equal(found?.uri, expected);
    assert.equal(found?.credentials, 'arn:aws:iam::123456789012:role/role_arn');
    assert.equal(
      integration(text(expected, "'arn:aws:iam::${account_id}:role/proxy'"))?.credentials,
      'arn:aws:iam::123456789012:role/proxy',
    );
    assert.equal(
      refusal(() => integration(text('arn:aws:apigateway:${region}:kinesis:action/${action}'))),
      'body.yaml: paths./events.post.x-amazon-apigateway-integration.uri: ${action} is not defined; give it with --parameter action=VALUE',
    );
  });

  test('loses the methods that a run does not deploy, and each reason is listed once', () => {
    const lambda =
      'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:Greeter:live/invocations';
    const proxied = `
      x-amazon-apigateway-integration: { type: aws_proxy, httpMethod: POST, uri: '${lambda}' }`;
    const { openapi, leftOut } = read(`${minimal}  /hello:\n    get:${proxied}\n    post:${proxied}\n`);
    assert.deepEqual(Object.keys(openapi.paths as JsonObject), ['/events']);
    assert.deepEqual(leftOut, [
      {
        what: 'the Lambda function Greeter, behind GET /hello and POST /hello',
        place: 'paths./hello.get',
        why: 'the run deploys no Lambda functions',
      },
    ]);
    assert.equal(
      refusal(() => read(`openapi: 3.0.1\npaths:\n  /hello:\n    get:${proxied}\n`)),
      'template.yaml: paths./hello.get: no method is left to deploy: the Lambda function Greeter, behind GET /hello: the run deploys no Lambda functions',
    );
  });

  test("is the tutorial's own, unchanged", () => {
    const file = new URL('../proxy/tutorial.yaml', import.meta.url);
    const { openapi, leftOut } = readDeclaration(readFileSync(file), contextOf({ file: 'tutorial.yaml' }));
    assert.equal(Object.keys(openapi.paths as JsonObject).length, 5);
    assert.deepEqual(leftOut, []);
  });
});

describe('a file with several APIs of which none is chosen', () => {
  const two = readFileSync(new URL('../../selftest/corpus/cfn-two-apis.yaml', import.meta.url), 'utf8');

  test('is read as the only one that calls Kinesis, and says so', () => {
    const { openapi, leftOut } = read(two);
    assert.deepEqual(Object.keys(openapi.paths ?? {}), ['/click']);
    assert.deepEqual(leftOut[0], {
      what: 'the API Orders',
      place: 'Orders',
      why: 'only Clicks calls Kinesis; --api NAME takes another',
    });
  });

  test('is refused where two call Kinesis, none does, or one cannot be read', () => {
    const calls = "Uri: 'arn:aws:apigateway:us-east-1:kinesis:action/ListStreams'";
    for (const text of [
      two.replace(
        "Type: HTTP_PROXY, IntegrationHttpMethod: GET, Uri: 'http://orders.example.com/'",
        `Type: AWS, ${calls}`,
      ),
      two.replace('kinesis:action', 'sqs:path'),
      two.replace('Name: orders', 'Name: !Ref Nothing'),
    ]) {
      assert.notEqual(text, two);
      assert.match(
        refusal(() => read(text)),
        /it declares 2 APIs: Orders and Clicks; choose one with --api NAME$/,
      );
    }
  });
});

describe('the variables of a stage that a file does not have', () => {
  const template = `'$stageVariables.plain \${stageVariables.braced} $stageVariables.get("asked") $stageVariables["listed"]'`;
  const text = `openapi: 3.0.1\npaths:\n  /events:\n    post:${operation(template)}`;
  const declared = (parameters: Readonly<Record<string, string>>, isDeployed = false) =>
    read(text, { parameters: new Map(Object.entries(parameters)), isDeployed });

  test('they have their own names, or what the user gives', () => {
    assert.deepEqual(declared({ braced: 'events' }).stage?.variables, {
      plain: 'plain',
      braced: 'events',
      asked: 'asked',
      listed: 'listed',
    });
    assert.deepEqual(
      declared({ braced: 'events' }).leftOut.map(({ place }) => place),
      ['$stageVariables.plain', '$stageVariables.asked', '$stageVariables.listed'],
    );
  });

  test('a deployed API has its own', () => {
    assert.equal(declared({}, true).stage, undefined);
  });
});
