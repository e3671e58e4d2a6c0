import { type Document, JSON_TYPE, type Operation } from '../../changes/definition.ts';
import type { Stack, Statement } from '../../changes/stack.ts';
import { modelOf } from './model.ts';
import {
  type CallShape,
  choosesStream,
  hasBody,
  type ProxyShape,
  pathOf,
  valuesOf,
  WRITING,
} from './proxy.ts';
import { DECLARED, requestTemplate } from './request.ts';
import { ORIGIN, responsesOf, statusesOf } from './responses.ts';

const VALIDATOR = 'x-amazon-apigateway-request-validator';
const PREFIX = {
  'Fn::Sub': 'arn:${AWS::Partition}:kinesis:${AWS::Region}:${AWS::AccountId}:stream/${AWS::StackName}*',
};

/** A proxy as a CloudFormation template, with its roles and its fixed stream. */
export function stackOf(proxy: ProxyShape): Stack {
  const hasStream = proxy.calls.some(({ members }) =>
    Object.values(members).some((value) => 'declared' in value),
  );
  const Resources: Stack['Resources'] = {
    ...rolesOf(proxy),
    Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Body: documentOf(proxy) } },
  };
  if (hasStream)
    Resources.Stream = {
      Type: 'AWS::Kinesis::Stream',
      Properties: {
        ...(proxy.namesStream && { Name: { 'Fn::Sub': '${AWS::StackName}-events' } }),
        ShardCount: 5,
      },
    };
  // Parts are shared, so an edit of one would edit the others.
  return JSON.parse(JSON.stringify({ Resources })) as Stack;
}

function documentOf(proxy: ProxyShape): Document {
  const paths: Document['paths'] = {};
  for (const call of proxy.calls) {
    const path = pathOf(proxy, call);
    paths[path] = {
      [call.verb]: operationOf(proxy, call),
      ...(proxy.origin !== undefined && { options: preflightOf(proxy.origin, call) }),
    };
  }
  return {
    openapi: '3.0.1',
    info: { title: 'generated', version: '1' },
    'x-amazon-apigateway-request-validators': {
      all: { validateRequestBody: true, validateRequestParameters: true },
      body: { validateRequestBody: true, validateRequestParameters: false },
    },
    paths,
    components: {
      securitySchemes: {
        iam: {
          type: 'apiKey',
          name: 'Authorization',
          in: 'header',
          'x-amazon-apigateway-authtype': 'awsSigv4',
        },
        'api-key': { type: 'apiKey', name: 'x-api-key', in: 'header' },
      },
      schemas: Object.fromEntries(
        proxy.calls.filter(isModelled).map((call) => [modelName(call), modelOf(call)]),
      ),
    },
    ...(proxy.origin !== undefined && {
      'x-amazon-apigateway-gateway-responses': Object.fromEntries(
        ['DEFAULT_4XX', 'DEFAULT_5XX'].map((type) => [
          type,
          { responseParameters: { [`gatewayresponse.header.${ORIGIN}`]: `'${proxy.origin}'` } },
        ]),
      ),
    }),
  };
}

function operationOf(proxy: ProxyShape, call: CallShape): Operation {
  const auth = WRITING.includes(call.action) ? proxy.writers : proxy.readers;
  const parameters = valuesOf({ ...call, record: call.record }).flatMap(({ from, at, otherwise }) =>
    from === 'body' || from === 'element'
      ? []
      : [
          {
            name: at[0] as string,
            in: from,
            required: from === 'path' || otherwise === undefined,
            schema: { type: 'string' },
          },
        ],
  );
  return {
    ...(auth !== 'none' && { security: [{ [auth]: [] }] }),
    ...(isModelled(call)
      ? { [VALIDATOR]: call.spacing % 2 === 0 ? 'all' : 'body' }
      : call.isValidated && { [VALIDATOR]: 'all' }),
    parameters,
    ...(isModelled(call) && {
      requestBody: {
        required: true,
        content: { [call.contentType]: { schema: { $ref: `#/components/schemas/${modelName(call)}` } } },
      },
    }),
    responses: Object.fromEntries(
      statusesOf(call, proxy).map((status) => [
        String(status),
        { description: 'an answer', headers: { [ORIGIN]: { schema: { type: 'string' } } } },
      ]),
    ),
    'x-amazon-apigateway-integration': {
      type: 'aws',
      httpMethod: 'POST',
      uri: `arn:aws:apigateway:us-east-1:kinesis:action/${call.action}`,
      credentials: { 'Fn::GetAtt': [roleOf(proxy, call), 'Arn'] } as never,
      ...(call.passthrough !== undefined && { passthroughBehavior: call.passthrough }),
      requestParameters: { 'integration.request.header.Content-Type': "'application/x-amz-json-1.1'" },
      requestTemplates: { [call.contentType]: named(requestTemplate(call)) as never },
      responses: responsesOf(call, proxy),
    },
  };
}

/** Replaces the placeholder by the declared stream's name. */
function named(template: string): string | { 'Fn::Sub': string } {
  if (!template.includes(DECLARED)) return template;
  return { 'Fn::Sub': template.replaceAll('${', '${!').replaceAll(DECLARED, () => '${Stream}') };
}

function preflightOf(origin: string, call: CallShape): Operation {
  const { verb, spacing } = call;
  const own = valuesOf({ ...call, record: call.record }).flatMap(({ from, at }) =>
    from === 'header' ? [at[0]] : [],
  );
  const status = spacing % 2 === 0 ? '200' : '204';
  const headers = {
    [ORIGIN]: `'${origin}'`,
    'Access-Control-Allow-Methods': `'${verb.toUpperCase()}'`,
    'Access-Control-Allow-Headers': `'${['Authorization', 'Content-Type', 'X-Amz-Date', 'X-Api-Key', ...own].join()}'`,
  };
  return {
    responses: {
      [status]: {
        description: 'the preflight of a browser',
        headers: Object.fromEntries(
          Object.keys(headers).map((name) => [name, { schema: { type: 'string' } }]),
        ),
      },
    },
    'x-amazon-apigateway-integration': {
      type: 'mock',
      passthroughBehavior: 'never',
      requestTemplates: { [JSON_TYPE]: `{"statusCode": ${status}}` },
      responses: {
        default: {
          statusCode: status,
          responseParameters: Object.fromEntries(
            Object.entries(headers).map(([name, value]) => [`method.response.header.${name}`, value]),
          ),
        },
      },
    },
  };
}

function isModelled(call: CallShape): boolean {
  return call.isValidated && hasBody(call);
}

function modelName({ word }: CallShape): string {
  return `Body${word.replaceAll(/[\W_]/g, '')}`;
}

function roleOf({ hasTwoRoles }: ProxyShape, { action }: CallShape): 'Role' | 'Reader' {
  return hasTwoRoles && !WRITING.includes(action) ? 'Reader' : 'Role';
}

/** The headers that a method has. */
function rolesOf(proxy: ProxyShape): Pick<Stack['Resources'], 'Role'> {
  const names = [...new Set(proxy.calls.map((call) => roleOf(proxy, call)))];
  return Object.fromEntries(
    names.map((name) => {
      const calls = proxy.calls.filter((call) => roleOf(proxy, call) === name);
      return [
        name,
        {
          Type: 'AWS::IAM::Role',
          Properties: {
            AssumeRolePolicyDocument: {
              Version: '2012-10-17',
              Statement: [
                {
                  Effect: 'Allow',
                  Principal: { Service: 'apigateway.amazonaws.com' },
                  Action: 'sts:AssumeRole',
                },
              ],
            },
            Policies: [
              {
                PolicyName: 'streams',
                PolicyDocument: { Version: '2012-10-17', Statement: statementsOf(proxy, calls) },
              },
            ],
          },
        },
      ];
    }),
  ) as never;
}

function statementsOf({ isSplit, mayLog }: ProxyShape, calls: readonly CallShape[]): Statement[] {
  const everywhere = ['ListStreams', 'GetRecords'];
  const own = calls.some(choosesStream) ? PREFIX : { 'Fn::GetAtt': ['Stream', 'Arn'] };
  const actions = [...new Set(calls.map(({ action }) => action))];
  const statement = (some: readonly string[], Resource: unknown): Statement[] =>
    some.length === 0
      ? []
      : [
          {
            Effect: 'Allow',
            Action: some.length === 1 ? `kinesis:${some[0]}` : some.map((action) => `kinesis:${action}`),
            Resource,
          },
        ];
  const split = (some: readonly string[], resource: unknown) =>
    isSplit ? some.flatMap((action) => statement([action], resource)) : statement(some, resource);
  return [
    ...split(
      actions.filter((action) => !everywhere.includes(action)),
      own,
    ),
    ...split(
      actions.filter((action) => everywhere.includes(action)),
      '*',
    ),
    ...(mayLog
      ? [{ Effect: 'Allow', Action: ['logs:CreateLogGroup', 'logs:PutLogEvents'], Resource: '*' }]
      : []),
  ];
}
