import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ROOT } from '../../support/run/suite.ts';
import { CORPUS } from './entries.ts';

/** What people give by mistake, and what the one line that they get has to say: place, cause and remedy. */
interface Mistake {
  readonly name: string;
  /** The file's content, or a file of the corpus. */
  readonly content?: string | Buffer;
  readonly corpus?: string;
  readonly flags?: readonly string[];
  readonly says: RegExp;
  /** Must not be in what is printed. */
  readonly never?: RegExp;
}

const METHOD = `
        paths:
          /a:
            post:
              x-amazon-apigateway-integration:
                type: aws
                httpMethod: POST
                uri: !Sub arn:aws:apigateway:\${AWS::Region}:kinesis:action/PutRecord
                credentials: arn:aws:iam::123456789012:role/r
                requestTemplates: { application/json: '{}' }`;
const api = (title: string, more = '') =>
  `Resources:\n  Api:\n    Type: AWS::ApiGateway::RestApi\n    Properties:\n      Body:\n        openapi: 3.0.1\n        info: { title: ${title}, version: '1' }${METHOD}\n${more}`;
const openapi = `openapi: 3.0.1
info: { title: a, version: '1' }
paths:
  /a:
    post:
      x-amazon-apigateway-integration: { type: aws, httpMethod: POST, uri: 'arn:aws:apigateway:us-east-1:kinesis:action/PutRecord', credentials: 'arn:aws:iam::123456789012:role/r', requestTemplates: { application/json: '{}' } }
`;
const plan = (more: object) =>
  JSON.stringify({ format_version: '1.2', terraform_version: '1.11.4', ...more });
const resource = (type: string, values: object, sensitive: object = {}) => ({
  address: `${type}.it`,
  mode: 'managed',
  type,
  name: 'it',
  provider_name: 'registry.terraform.io/hashicorp/aws',
  values,
  sensitive_values: sensitive,
});

const MISTAKES: readonly Mistake[] = [
  {
    name: 'a URI without Fn::Sub',
    content: api('it').replace('!Sub ', ''),
    says: /: POST \/a: nothing substitutes \$\{AWS::Region\} in its URI; write the URI with Fn::Sub/,
  },
  {
    name: 'a circular reference',
    content: `${api('!Ref Topic')}  Topic: { Type: AWS::SNS::Topic }\n  A: { Type: AWS::Kinesis::Stream, Properties: { Name: !GetAtt B.Arn } }\n  B: { Type: AWS::Kinesis::Stream, Properties: { Name: !GetAtt A.Arn } }\n`,
    says: /: Resources\..*(circular|itself|each other|cycle)/,
  },
  {
    name: 'a missing parameter',
    content: `Parameters: { Stage: { Type: String } }\n${api('!Ref Stage')}`,
    says: /the parameter Stage has no default; give it with --parameter Stage=VALUE/,
  },
  {
    name: 'a nested stack that holds the API',
    content:
      'Resources: { Nested: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: x.yaml } } }',
    says: /nested stack.*; /i,
  },
  {
    name: 'an unknown transform',
    content: `Transform: [OurMacro]\n${api('a')}`,
    says: /Transform.*OurMacro.*; /,
  },
  {
    name: 'an import from another stack',
    content: api('!ImportValue other-title'),
    says: /other-title.*--parameter other-title=VALUE/,
  },
  {
    name: 'a plan of a newer format',
    content: JSON.stringify({ format_version: '2.0', planned_values: {} }),
    says: /format.*2\.0.*; /,
  },
  {
    name: 'a plan without an API',
    content: plan({
      planned_values: { root_module: { resources: [resource('aws_kinesis_stream', { name: 'a' })] } },
    }),
    says: /no .*API.*; /i,
  },
  {
    name: 'two APIs that call Kinesis, and no --api',
    content: `${api('a')}${api('b').replace('Resources:\n  Api:', '  Other:')}`,
    says: /Resources: it declares 2 APIs: Api and Other; choose one with --api NAME/,
  },
  {
    name: 'an --api that is not there',
    corpus: 'cfn-two-apis.yaml',
    flags: ['--api', 'clocks'],
    says: /clocks.*(Orders|Clicks)/,
  },
  {
    name: 'a sensitive value where a name has to be',
    content: plan({
      values: {
        root_module: {
          resources: [
            resource(
              'aws_api_gateway_rest_api',
              { id: 'a', name: 'a', root_resource_id: 'r', body: 'hunter2-secret' },
              { body: true },
            ),
          ],
        },
      },
    }),
    says: /; /,
    never: /hunter2/,
  },
  {
    name: 'a plan of 20 MB without an API',
    content: plan({
      planned_values: {
        root_module: {
          resources: Array.from({ length: 20_000 }, (_, i) => ({
            ...resource('aws_s3_object', { bucket: 'b', content: 'x'.repeat(900) }),
            address: `aws_s3_object.it[${i}]`,
          })),
        },
      },
    }),
    says: /no .*API.*; /i,
  },
  {
    name: 'a parameter that a template does not have',
    corpus: 'cfn-body.yaml',
    flags: ['--parameter', 'Stagee=prod'],
    says: /Stagee/,
  },
  {
    name: 'a parameter that an OpenAPI file does not have',
    content: openapi,
    flags: ['--parameter', 'Stagee=prod'],
    says: /--parameter Stagee is not used; correct the name, or leave it out/,
  },
  {
    name: 'a parameter for a plan',
    corpus: 'terraform-openapi-body.plan.json',
    flags: ['--parameter', 'Stagee=prod'],
    says: /--parameter Stagee is not used; a plan already contains its values/,
  },
  { name: 'a folder', corpus: '', says: /is not a file; give the path of a definition/ },
  { name: 'an empty file', content: '', says: /empty.*; |; .*empty/ },
  {
    name: 'a binary file',
    content: Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0xff, 0xfe, 0]),
    says: /; /,
  },
  { name: 'two YAML documents', content: `${openapi}---\n${openapi}`, says: /documents?.*; |; .*documents?/ },
  { name: 'no file', corpus: 'not-there.yaml', says: /no definition at .*; / },
];

const folder = mkdtempSync(path.join(tmpdir(), 'kpc-bad-'));
after(() => rmSync(folder, { recursive: true }));

describe('what is given by mistake is one line and exit 3', { concurrency: 2 }, () => {
  for (const [index, { name, content, corpus, flags = [], says, never }] of MISTAKES.entries())
    test(name, async () => {
      mkdirSync(folder, { recursive: true });
      const file =
        corpus === undefined ? path.join(folder, `${index}.yaml`) : fileURLToPath(new URL(corpus, CORPUS));
      if (content !== undefined) writeFileSync(file, content);
      const runs = [
        ['inspect', file, ...flags],
        ['conformance', '--definition', file, '--report', path.join(folder, 'report'), ...flags],
      ];
      for (const argv of runs) {
        const { code, printed } = await command(argv);
        assert.equal(code, 3, `${argv[0]}: ${printed}`);
        const lines = printed.trim().split('\n');
        assert.equal(lines.length, 1, printed);
        assert.ok(lines[0]?.startsWith('error: ') && lines[0].includes(path.basename(file)), printed);
        assert.match(printed, says);
        if (never) assert.doesNotMatch(printed, never);
      }
    });
});

function command(argv: readonly string[]): Promise<{ code: number | null; printed: string }> {
  const child = spawn(process.execPath, ['support/cli/main.mjs', ...argv], { cwd: ROOT });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      printed += text;
    });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, printed })));
}
