import { dump } from 'js-yaml';
import { type HttpResponse, headerValue } from '../../../http.ts';
import type { ApiSnapshot, Method, MethodResponse, Resource, RestApi } from '../../model.ts';
import { badRequest, notFound } from '../errors.ts';
import { stageOf } from '../stages.ts';
import type { ControlState } from '../state.ts';
import { type Call, param } from '../wire.ts';
import { writeAuthorizer } from './authorizer-extension.ts';
import type { Json } from './document.ts';
import { integrationExtension, writeIntegration } from './integration-extension.ts';
import { toFile } from './model-references.ts';

/** The differences between the two versions' syntax. */
interface Writer {
  readonly schemaPrefix: string;
  head(host: string, stageName: string, info: Json): Json;
  parameter(name: string, place: string, required: boolean): Json;
  method(method: Method, parameters: readonly Json[]): Json;
  response(response: MethodResponse): Json;
  tail(schemas: Json | undefined, securitySchemes: Json | undefined): Json;
}

const textSchema = { type: 'string' };
const whenFilled = <T>(map: Record<string, T>) => (Object.keys(map).length > 0 ? map : undefined);
const reference = (writer: Writer, model: string) => ({ $ref: writer.schemaPrefix + model });

const headersOf = (response: MethodResponse, shape: Json) =>
  whenFilled(
    Object.fromEntries(
      Object.keys(response.responseParameters ?? {}).map((name) => [
        name.replace('method.response.header.', ''),
        shape,
      ]),
    ),
  );

const contentOf = (models: Readonly<Record<string, string>> | undefined) =>
  Object.fromEntries(
    Object.entries(models ?? {}).map(([mediaType, model]) => [
      mediaType,
      { schema: reference(oas30, model) },
    ]),
  );

const oas30: Writer = {
  schemaPrefix: '#/components/schemas/',
  head: (host, stageName, info) => ({
    openapi: '3.0.1',
    info,
    servers: [{ url: `https://${host}/{basePath}`, variables: { basePath: { default: stageName } } }],
  }),
  parameter: (name, place, required) => ({
    name,
    in: place,
    required: required ? true : undefined,
    schema: textSchema,
  }),
  method: ({ requestModels }, parameters) => ({
    parameters: parameters.length > 0 ? parameters : undefined,
    requestBody:
      requestModels === undefined ? undefined : { content: contentOf(requestModels), required: true },
  }),
  response: (response) => ({
    description: `${response.statusCode} response`,
    headers: headersOf(response, { schema: textSchema }),
    content: contentOf(response.responseModels),
  }),
  tail: (schemas, securitySchemes) => ({ components: { schemas, securitySchemes } }),
};

const integrationResponses = ({ methodIntegration }: Method) =>
  Object.values(methodIntegration?.integrationResponses ?? {});

/** Swagger 2 has one list for both models and templates (recorded on AWS); an empty list is left out. */
function mediaTypes(maps: readonly (object | undefined)[]): string[] | undefined {
  const types = new Set(maps.flatMap((map) => Object.keys(map ?? {})));
  return types.size > 0 ? [...types] : undefined;
}

const swagger: Writer = {
  schemaPrefix: '#/definitions/',
  head: (host, stageName, info) => ({
    swagger: '2.0',
    info,
    host,
    basePath: `/${stageName}`,
    schemes: ['https'],
  }),
  parameter: (name, place, required) => ({ name, in: place, required, type: 'string' }),
  method(method, parameters) {
    const bodies = Object.entries(method.requestModels ?? {});
    const body = bodies.slice(0, 1).map(([, model]) => ({
      in: 'body',
      name: model,
      required: true,
      schema: reference(swagger, model),
    }));
    const all = [...parameters, ...body];
    return {
      consumes: mediaTypes([method.requestModels, method.methodIntegration?.requestTemplates]),
      produces: mediaTypes([
        ...Object.values(method.methodResponses ?? {}).map((response) => response.responseModels),
        ...integrationResponses(method).map((response) => response.responseTemplates),
      ]),
      parameters: all.length > 0 ? all : undefined,
    };
  },
  response(response) {
    const [model] = Object.values(response.responseModels ?? {});
    return {
      description: `${response.statusCode} response`,
      schema: model === undefined ? undefined : reference(swagger, model),
      headers: headersOf(response, textSchema),
    };
  },
  tail: (definitions, securityDefinitions) => ({ definitions, securityDefinitions }),
};

const schemes: Readonly<Record<string, Json>> = {
  sigv4: {
    type: 'apiKey',
    name: 'Authorization',
    in: 'header',
    'x-amazon-apigateway-authtype': 'awsSigv4',
  },
  api_key: { type: 'apiKey', name: 'x-api-key', in: 'header' },
};

const authorizerOf = ({ authorizers }: ApiSnapshot, method: Method) =>
  authorizers.find(({ id }) => id === method.authorizerId);

/** A method's security requirement: scheme to scopes. */
function demands(snapshot: ApiSnapshot, method: Method): [scheme: string, scopes: readonly string[]][] {
  const authorizer = authorizerOf(snapshot, method);
  return [
    ...(method.authorizationType === 'AWS_IAM' ? [['sigv4', []] as [string, string[]]] : []),
    ...(authorizer ? [[authorizer.name, method.authorizationScopes ?? []] as [string, string[]]] : []),
    ...(method.apiKeyRequired ? [['api_key', []] as [string, string[]]] : []),
  ];
}

/** Exports a stage's API as an OpenAPI file. Shapes, version and file name are recorded on AWS. */
export function getExport(state: ControlState, call: Call): HttpResponse {
  const { api, stage } = stageOf(state, call);
  const type = param(call, 'exportType');
  const writer = type === 'oas30' ? oas30 : type === 'swagger' ? swagger : undefined;
  // The message is not recorded (inferred).
  if (writer === undefined) throw badRequest(`No API exporter found for export type '${type}'`);
  const snapshot = api.deployments.get(stage.deploymentId)?.snapshot;
  if (snapshot === undefined) throw notFound('Invalid Deployment identifier specified');

  const wanted = (call.query.get('extensions') ?? '').split(',');
  const extended = wanted.includes('integrations') || wanted.includes('apigateway');
  const withAuthorizers = wanted.includes('authorizers') || wanted.includes('apigateway');
  const version = api.version ?? new Date(api.createdDate * 1000).toISOString().replace(/\.\d+/, '');
  const host = `${api.id}.execute-api.${state.account.region}.amazonaws.com`;
  const info = { title: snapshot.apiName, description: api.description, version };
  const document = {
    ...writer.head(host, stage.stageName, info),
    paths: paths(writer, snapshot, extended),
    ...writer.tail(schemasOf(writer, snapshot), securitySchemesOf(snapshot, withAuthorizers)),
    ...(extended && rootExtensions(api, snapshot)),
  };
  const yaml = /yaml/i.test(headerValue(call.request.headers, 'accept') ?? '');
  const plain: unknown = JSON.parse(JSON.stringify(document));
  return {
    status: 200,
    headers: [
      ['Content-Type', 'application/octet-stream'],
      ['Content-Disposition', `attachment; filename="${type}_${version}.${yaml ? 'yaml' : 'json'}"`],
    ],
    body: yaml ? dump(plain) : JSON.stringify(plain, null, 2),
  };
}

function paths(writer: Writer, snapshot: ApiSnapshot, extended: boolean): Json {
  const withMethods = snapshot.resources.filter((resource) => resource.resourceMethods !== undefined);
  return Object.fromEntries(
    withMethods.map((resource) => [
      resource.path,
      Object.fromEntries(
        Object.entries(resource.resourceMethods ?? {}).map(([verb, method]) => [
          verb === 'ANY' ? 'x-amazon-apigateway-any-method' : verb.toLowerCase(),
          operation(writer, snapshot, resource, method, extended),
        ]),
      ),
    ]),
  );
}

const placeOf: Readonly<Record<string, string>> = { path: 'path', querystring: 'query', header: 'header' };

function operation(
  writer: Writer,
  snapshot: ApiSnapshot,
  resource: Resource,
  method: Method,
  extended: boolean,
): Json {
  const parameters = Object.entries(method.requestParameters ?? {}).map(([key, required]) => {
    const [, , place = '', ...name] = key.split('.');
    return writer.parameter(name.join('.'), placeOf[place] ?? place, required);
  });
  const responses = Object.values(method.methodResponses ?? {}).map((response) => [
    response.statusCode,
    writer.response(response),
  ]);
  const security = demands(snapshot, method).map(([name, scopes]) => ({ [name]: scopes }));
  const validator = snapshot.requestValidators.find(({ id }) => id === method.requestValidatorId);
  const integration = method.methodIntegration;
  return {
    operationId: method.operationName,
    ...writer.method(method, parameters),
    responses: Object.fromEntries(responses),
    security: security.length > 0 ? security : undefined,
    ...(extended && {
      'x-amazon-apigateway-request-validator': validator?.name,
      [integrationExtension]: integration && writeIntegration(integration, resource),
    }),
  };
}

const schemasOf = (writer: Writer, { models }: ApiSnapshot) =>
  whenFilled(
    Object.fromEntries(
      models.map(({ name, schema }) => [name, toFile(JSON.parse(schema ?? '{}'), writer.schemaPrefix)]),
    ),
  );

/** The schemes that methods require; an authorizer that no method uses is left out (inferred). */
function securitySchemesOf(snapshot: ApiSnapshot, withAuthorizers: boolean): Json | undefined {
  const methods = snapshot.resources.flatMap((resource) => Object.values(resource.resourceMethods ?? {}));
  const names = new Set(methods.flatMap((method) => demands(snapshot, method)).map(([name]) => name));
  const scheme = (name: string) => {
    const authorizer = snapshot.authorizers.find((candidate) => candidate.name === name);
    return authorizer ? writeAuthorizer(authorizer, withAuthorizers) : schemes[name];
  };
  return whenFilled(Object.fromEntries([...names].map((name) => [name, scheme(name)])));
}

function rootExtensions(api: RestApi, snapshot: ApiSnapshot): Json {
  const validators = snapshot.requestValidators.map(({ id: _, name, ...rest }) => [name, rest]);
  const responses = snapshot.gatewayResponses.map(({ responseType, defaultResponse: _, ...rest }) => [
    responseType,
    rest,
  ]);
  return {
    'x-amazon-apigateway-request-validators': whenFilled(Object.fromEntries(validators)),
    'x-amazon-apigateway-gateway-responses': whenFilled(Object.fromEntries(responses)),
    'x-amazon-apigateway-binary-media-types':
      snapshot.binaryMediaTypes.length > 0 ? snapshot.binaryMediaTypes : undefined,
    'x-amazon-apigateway-api-key-source':
      snapshot.apiKeySource === 'AUTHORIZER' ? snapshot.apiKeySource : undefined,
    'x-amazon-apigateway-policy': api.policy === undefined ? undefined : JSON.parse(api.policy),
  };
}
