import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { UsageError } from '../errors.ts';
import { Beside } from './beside.ts';
import { loadDefinition } from './definition.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kpc-beside-'));
after(() => rmSync(folder, { recursive: true }));
const own = path.join(folder, 'own');
mkdirSync(path.join(own, 'api'), { recursive: true });
mkdirSync(path.join(own, '.aws'));
const write = (name: string, text: string) => writeFileSync(path.join(own, name), text);
const SECRET = 'secret: value\n';
for (const name of ['../outside.yaml', '.hidden.yaml', '.aws/keys.json', 'id_rsa', 'api/secret.yaml'])
  write(name, SECRET);

/** The message of the refusal. */
function refusal(step: () => unknown): string {
  try {
    step();
  } catch (error) {
    assert.ok(error instanceof UsageError, String(error));
    return error.message;
  }
  throw new Error('nothing was refused');
}
const read = (location: string) =>
  new Beside(path.join(own, 'template.yaml'), Buffer.from('')).read(location);

describe('a template reads files of its folder only', { skip: process.platform === 'win32' }, () => {
  test('a file below it', () => assert.deepEqual(read('./api/../api/secret.yaml'), { secret: 'value' }));

  for (const location of [
    '../outside.yaml',
    'api/../../outside.yaml',
    './../own/../outside.yaml',
    path.join(folder, 'outside.yaml'),
    path.join(own, 'api/secret.yaml'),
    '/etc/passwd',
    'file:///etc/passwd',
    'C:\\keys.yaml',
    '..\\outside.yaml',
    'api/secret.yaml\0.json',
    '.hidden.yaml',
    '.aws/keys.json',
    'id_rsa',
    '.',
    '',
    '~/keys.yaml',
  ])
    test(`not ${JSON.stringify(location).replaceAll(folder, '…')}`, () => {
      const message = refusal(() => read(location));
      assert.doesNotMatch(message, /value/);
      assert.match(message, /leads out|not a path|only visible|no such file/);
    });

  test('no link that leads out of it, by file or folder, nor to a hidden file', () => {
    symlinkSync('../outside.yaml', path.join(own, 'link.yaml'));
    symlinkSync('..', path.join(own, 'up'));
    symlinkSync('.aws/keys.json', path.join(own, 'keys.json'));
    symlinkSync('id_rsa', path.join(own, 'key.yaml'));
    assert.match(
      refusal(() => read('link.yaml')),
      /leads out/,
    );
    assert.match(
      refusal(() => read('up/outside.yaml')),
      /leads out/,
    );
    assert.match(
      refusal(() => read('keys.json')),
      /only visible/,
    );
    assert.match(
      refusal(() => read('key.yaml')),
      /only visible/,
    );
  });

  test('a link that stays in it, and a template in a folder that is a link', () => {
    symlinkSync('api/secret.yaml', path.join(own, 'inner.yaml'));
    assert.deepEqual(read('inner.yaml'), { secret: 'value' });
    symlinkSync(own, path.join(folder, 'alias'));
    const beside = new Beside(path.join(folder, 'alias', 'template.yaml'), Buffer.from(''));
    assert.deepEqual(beside.read('api/secret.yaml'), { secret: 'value' });
  });

  test('nothing that is too large, no folder, no loop of links, and a limited number', () => {
    write('large.yaml', '');
    truncateSync(path.join(own, 'large.yaml'), 7 * 1024 * 1024);
    symlinkSync('loop.yaml', path.join(own, 'loop.yaml'));
    mkdirSync(path.join(own, 'folder.yaml'));
    assert.match(
      refusal(() => read('large.yaml')),
      /at most 6 MiB/,
    );
    assert.match(
      refusal(() => read('loop.yaml')),
      /cannot be read/,
    );
    assert.match(
      refusal(() => read('folder.yaml')),
      /not a file/,
    );
    const beside = new Beside(path.join(own, 'template.yaml'), Buffer.from(''));
    for (let index = 0; index <= 20; index += 1) write(`part${index}.yaml`, SECRET);
    for (let index = 0; index < 20; index += 1) beside.read(`part${index}.yaml`);
    beside.read('part0.yaml');
    assert.match(
      refusal(() => beside.read('part20.yaml')),
      /more than 20/,
    );
  });

  test('what does not parse is told with its line, and what is read is a part of the hash', () => {
    write('broken.yaml', 'a: 1\nb: [\n');
    assert.match(
      refusal(() => read('broken.yaml')),
      /neither YAML nor JSON \(line 3\)/,
    );
    const beside = new Beside(path.join(own, 'template.yaml'), Buffer.from(''));
    const before = beside.sha256;
    beside.read('api/secret.yaml');
    assert.notEqual(beside.sha256, before);
  });
});

const BODY = `openapi: 3.0.1
info: { title: t, version: '1' }
paths:
  /put:
    post:
      responses: { '200': { description: ok } }
      x-amazon-apigateway-integration:
        type: aws
        httpMethod: POST
        uri: URI
        credentials: arn:aws:iam::123456789012:role/r
        requestTemplates: { application/json: TEMPLATE }
        responses: { default: { statusCode: '200' } }
`;
const PLAIN = BODY.replace('URI', 'arn:aws:apigateway:us-east-1:kinesis:action/PutRecord').replace(
  'TEMPLATE',
  `'{"StreamName": "s"}'`,
);
const FUNCTIONS = BODY.replace(
  'URI',
  "{ 'Fn::Sub': 'arn:aws:apigateway:${AWS::Region}:kinesis:action/PutRecord' }",
).replace('TEMPLATE', `{ 'Fn::Sub': '{"StreamName": "\${Stream}"}' }`);
const include = (location: string) =>
  `{ Fn::Transform: { Name: AWS::Include, Parameters: { Location: ${location} } } }`;
const STREAM = '\n  Stream: { Type: AWS::Kinesis::Stream, Properties: { ShardCount: 1 } }\n';
const sam = (properties: string) =>
  `Transform: AWS::Serverless-2016-10-31\nParameters: { Name: { Type: String, Default: functions } }\nResources:\n  Api: { Type: AWS::Serverless::Api, Properties: { StageName: v1, ${properties} } }${STREAM}`;
const plain = (properties: string) =>
  `Parameters: { Name: { Type: String, Default: functions } }\nResources:\n  Api: { Type: AWS::ApiGateway::RestApi, Properties: { ${properties} } }${STREAM}`;

describe('an API whose body is in a file beside its template', () => {
  write('functions.yaml', FUNCTIONS);
  write('plain.yaml', PLAIN);
  write('nested.yaml', `openapi: 3.0.1\npaths: ${include('plain.yaml')}\n`);
  const body = FUNCTIONS.replaceAll(/^/gm, '  ');
  write('properties.yaml', `Body:\n${body}`);
  write(
    'resources.yaml',
    `Api:\n  Type: AWS::ApiGateway::RestApi\n  Properties:\n    Body:\n${body.replaceAll(/^/gm, '    ')}`,
  );
  write('stream.yaml', '{ Type: AWS::Kinesis::Stream, Properties: { ShardCount: 1 } }');
  const load = (text: string) => {
    write('template.yaml', text);
    return loadDefinition(path.join(own, 'template.yaml'));
  };

  for (const [what, text, stream] of [
    ['SAM includes', sam(`DefinitionBody: ${include('./functions.yaml')}`), 'kpc-Stream'],
    ['SAM includes by a parameter', sam(`DefinitionBody: ${include("!Sub '${Name}.yaml'")}`), 'kpc-Stream'],
    ['CloudFormation includes', plain(`Body: ${include('functions.yaml')}`), 'kpc-Stream'],
    [
      'CloudFormation includes as properties',
      `Resources:\n  Api: { Type: AWS::ApiGateway::RestApi, Properties: { Body: ${include('functions.yaml')} } }\n  Stream: ${include('stream.yaml')}\n`,
      'kpc-Stream',
    ],
    [
      'CloudFormation includes with its resource',
      `Resources:\n  Fn::Transform: { Name: AWS::Include, Parameters: { Location: resources.yaml } }${STREAM}`,
      'kpc-Stream',
    ],
    [
      'CloudFormation includes with its properties',
      `Resources:\n  Api: { Type: AWS::ApiGateway::RestApi, Properties: ${include('properties.yaml')} }${STREAM}`,
      'kpc-Stream',
    ],
    ['SAM uploads', sam('DefinitionUri: ./plain.yaml'), 's'],
    ['CloudFormation uploads', plain('BodyS3Location: plain.yaml'), 's'],
  ] as const)
    test(`that ${what}`, () => {
      const [call] = load(text).interface().calls;
      assert.equal(call?.action, 'PutRecord');
      assert.deepEqual(call.stream, { fixed: stream });
    });

  for (const [what, text, message] of [
    [
      'a file outside',
      sam(`DefinitionBody: ${include('../outside.yaml')}`),
      /DefinitionBody\.Fn::Transform\.Parameters\.Location: \.\.\/outside\.yaml: it leads out/,
    ],
    [
      'a file outside, uploaded',
      plain('BodyS3Location: ../outside.yaml'),
      /BodyS3Location: \.\.\/outside\.yaml: it leads out/,
    ],
    [
      'a file that includes',
      sam(`DefinitionBody: ${include('nested.yaml')}`),
      /nested\.yaml: an included file can include none/,
    ],
    ['functions that AWS leaves alone', sam('DefinitionUri: functions.yaml'), /SAM resolves no functions/],
    ['a file of S3', sam(`DefinitionBody: ${include('s3://b/k.yaml')}`), /only AWS can fetch/],
    ['no file', sam('DefinitionUri: none.yaml'), /none\.yaml: there is no such file/],
    [
      'a broken file',
      sam('DefinitionUri: broken.yaml'),
      /broken\.yaml: it is neither YAML nor JSON \(line 3\)/,
    ],
  ] as const)
    test(`is refused: ${what}`, () => {
      const told = refusal(() => load(text));
      assert.match(told, message);
      assert.doesNotMatch(told, /\n/);
    });
});
