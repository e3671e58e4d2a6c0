import type { Json, JsonObject } from '../types.ts';

/** The parts of an API, independent of the form that declares them; strings are in API Gateway's formats. */
export interface ApiParts {
  readonly title: string;
  readonly description?: string | undefined;
  readonly binaryMediaTypes?: readonly string[] | undefined;
  /** `HEADER` or `AUTHORIZER`. */
  readonly apiKeySource?: string | undefined;
  readonly minimumCompressionSize?: number | undefined;
  /** Every path, including those without methods. */
  readonly paths: readonly string[];
  readonly methods: readonly MethodPart[];
  readonly models: readonly { readonly name: string; readonly schema: JsonObject }[];
  readonly validators: readonly ValidatorPart[];
  readonly gatewayResponses: readonly GatewayResponsePart[];
  readonly authorizers: readonly AuthorizerPart[];
}

export interface MethodPart {
  readonly path: string;
  /** In capitals; may be `ANY`. */
  readonly httpMethod: string;
  readonly operationName?: string | undefined;
  readonly isIam: boolean;
  readonly isKeyRequired: boolean;
  /** The name of an authorizer, and the scopes that it requires. */
  readonly authorizer?: { readonly name: string; readonly scopes: readonly string[] } | undefined;
  /** The name of a validator. */
  readonly validator?: string | undefined;
  /** `method.request.querystring.limit` to whether it is required. */
  readonly requestParameters: Readonly<Record<string, boolean>>;
  /** Media type to the name of a model. */
  readonly requestModels: Readonly<Record<string, string>>;
  readonly responses: readonly MethodResponsePart[];
  readonly integration?: IntegrationPart | undefined;
}

export interface MethodResponsePart {
  readonly statusCode: string;
  /** `method.response.header.X-Id` to anything. */
  readonly responseParameters: Readonly<Record<string, unknown>>;
  readonly responseModels: Readonly<Record<string, string>>;
}

export interface IntegrationPart {
  readonly type: string;
  readonly uri?: string | undefined;
  readonly httpMethod?: string | undefined;
  readonly credentials?: string | undefined;
  readonly requestParameters?: Readonly<Record<string, string>> | undefined;
  readonly requestTemplates?: Readonly<Record<string, string>> | undefined;
  readonly passthroughBehavior?: string | undefined;
  readonly contentHandling?: string | undefined;
  readonly timeoutInMillis?: number | undefined;
  readonly responses: readonly IntegrationResponsePart[];
}

export interface IntegrationResponsePart {
  readonly statusCode: string;
  /** Undefined or empty: the default response. */
  readonly selectionPattern?: string | undefined;
  readonly responseParameters?: Readonly<Record<string, string>> | undefined;
  readonly responseTemplates?: Readonly<Record<string, string>> | undefined;
  readonly contentHandling?: string | undefined;
}

export interface ValidatorPart {
  readonly name: string;
  readonly validateRequestBody: boolean;
  readonly validateRequestParameters: boolean;
}

export interface GatewayResponsePart {
  readonly responseType: string;
  readonly statusCode?: string | undefined;
  readonly responseParameters?: Readonly<Record<string, string>> | undefined;
  readonly responseTemplates?: Readonly<Record<string, string>> | undefined;
}

export interface AuthorizerPart {
  readonly name: string;
  /** `TOKEN`, `REQUEST` or `COGNITO_USER_POOLS`. */
  readonly type: string;
  readonly uri?: string | undefined;
  readonly credentials?: string | undefined;
  readonly identitySource?: string | undefined;
  readonly validationExpression?: string | undefined;
  readonly ttlSeconds?: number | undefined;
  readonly providerArns?: readonly string[] | undefined;
}

const PLACES: Readonly<Record<string, string>> = { path: 'path', querystring: 'query', header: 'header' };
const TEXT: JsonObject = { type: 'string' };

/** The models that API Gateway adds to every API that is not created by an import. */
const DEFAULT_MODELS: Readonly<Record<string, JsonObject>> = {
  Empty: { title: 'Empty Schema', type: 'object' },
  Error: { title: 'Error Schema', type: 'object', properties: { message: TEXT } },
};

/** Assembles an OpenAPI 3.0.1 document with API Gateway's extensions, from which PutRestApi creates the same API. */
export function assemble(parts: ApiParts): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const path of parts.paths) paths[path] ??= {};
  for (const method of parts.methods) {
    paths[method.path] ??= {};
    (paths[method.path] as JsonObject)[verb(method.httpMethod)] = operation(method);
  }
  return prune({
    openapi: '3.0.1',
    info: { title: parts.title, description: parts.description, version: '1.0' },
    paths,
    components: filledObject({ schemas: schemas(parts), securitySchemes: securitySchemes(parts) }),
    ...rootExtensions(parts),
  });
}

/** The members at the root of a document other than its paths; they can be added to an existing document. */
export function rootExtensions(parts: ApiParts): JsonObject {
  return prune({
    'x-amazon-apigateway-request-validators': filled(
      parts.validators.map(({ name, ...rest }) => [name, { ...rest }]),
    ),
    'x-amazon-apigateway-gateway-responses': filled(
      parts.gatewayResponses.map(({ responseType, ...rest }) => [responseType, { ...rest }]),
    ),
    'x-amazon-apigateway-binary-media-types': parts.binaryMediaTypes?.length
      ? [...parts.binaryMediaTypes]
      : undefined,
    'x-amazon-apigateway-api-key-source': parts.apiKeySource,
    'x-amazon-apigateway-minimum-compression-size': parts.minimumCompressionSize,
  });
}

const verb = (httpMethod: string) =>
  httpMethod === 'ANY' ? 'x-amazon-apigateway-any-method' : httpMethod.toLowerCase();

function operation(method: MethodPart): JsonObject {
  const security = [
    ...(method.isIam ? [{ sigv4: [] }] : []),
    ...(method.authorizer ? [{ [method.authorizer.name]: [...method.authorizer.scopes] }] : []),
    ...(method.isKeyRequired ? [{ api_key: [] }] : []),
  ];
  const content = contentOf(method.requestModels);
  return prune({
    operationId: method.operationName,
    parameters: nonEmpty(Object.entries(method.requestParameters).map(parameter)),
    requestBody: content && { content, required: true },
    responses: Object.fromEntries(method.responses.map((each) => [each.statusCode, response(each)])),
    security: nonEmpty(security),
    'x-amazon-apigateway-request-validator': method.validator,
    'x-amazon-apigateway-integration': method.integration && integration(method.integration),
  });
}

function parameter([key, isRequired]: [string, boolean]): JsonObject {
  const [, , place = '', ...name] = key.split('.');
  const required = isRequired || place === 'path' ? true : undefined;
  return prune({ name: name.join('.'), in: PLACES[place] ?? place, required, schema: TEXT });
}

function response({ statusCode, responseParameters, responseModels }: MethodResponsePart): JsonObject {
  const headers = Object.keys(responseParameters).map((key) => [
    key.replace(/^method\.response\.header\./, ''),
    { schema: TEXT },
  ]);
  return prune({
    description: `${statusCode} response`,
    headers: headers.length > 0 ? Object.fromEntries(headers) : undefined,
    content: contentOf(responseModels),
  });
}

function integration({ responses, type, passthroughBehavior, ...rest }: IntegrationPart): JsonObject {
  return prune({
    type: type.toLowerCase(),
    ...rest,
    passthroughBehavior: passthroughBehavior?.toLowerCase(),
    responses: filled(
      responses.map(({ selectionPattern, ...each }) => [selectionPattern || 'default', { ...each }]),
    ),
  });
}

function contentOf(models: Readonly<Record<string, string>>): JsonObject | undefined {
  return filled(
    Object.entries(models).map(([type, model]) => [
      type,
      { schema: { $ref: `#/components/schemas/${model}` } },
    ]),
  );
}

/** The declared models, and API Gateway's own two if a method uses them. */
function schemas({ models, methods }: ApiParts): JsonObject | undefined {
  const declared = models.map(({ name, schema }): [string, JsonObject] => [name, schema]);
  const used = new Set(
    methods.flatMap(({ requestModels, responses }) => [
      ...Object.values(requestModels),
      ...responses.flatMap(({ responseModels }) => Object.values(responseModels)),
    ]),
  );
  const defaults = Object.entries(DEFAULT_MODELS).filter(([name]) => used.has(name));
  return filled([...defaults, ...declared]);
}

function securitySchemes({ authorizers, methods }: ApiParts): JsonObject | undefined {
  const isIam = methods.some((method) => method.isIam);
  const isKeyed = methods.some((method) => method.isKeyRequired);
  return filled([
    ...(isIam ? [['sigv4', scheme('Authorization', 'awsSigv4')] as const] : []),
    ...(isKeyed ? [['api_key', scheme('x-api-key', undefined)] as const] : []),
    ...authorizers.map((each): [string, JsonObject] => [each.name, authorizer(each)]),
  ]);
}

const scheme = (name: string, authType: string | undefined) =>
  prune({ type: 'apiKey', name, in: 'header', 'x-amazon-apigateway-authtype': authType });

function authorizer(part: AuthorizerPart): JsonObject {
  // The header of a token is the scheme's name; any other identity source goes into the extension.
  const header = /^method\.request\.header\.([^,\s]+)$/.exec(part.identitySource ?? '')?.[1];
  const isImplied = part.type !== 'REQUEST' && header !== undefined;
  const isPool = part.type === 'COGNITO_USER_POOLS';
  return {
    ...scheme(header ?? 'Unused', isPool ? 'cognito_user_pools' : 'custom'),
    'x-amazon-apigateway-authorizer': prune({
      type: part.type.toLowerCase(),
      authorizerUri: part.uri,
      authorizerCredentials: part.credentials,
      identitySource: isImplied ? undefined : part.identitySource,
      identityValidationExpression: part.validationExpression,
      authorizerResultTtlInSeconds: part.ttlSeconds,
      providerARNs: part.providerArns && [...part.providerArns],
    }),
  };
}

/** Removes undefined members. */
function prune(node: Readonly<Record<string, unknown>>): JsonObject {
  const made: [string, Json][] = [];
  for (const key of Object.keys(node)) {
    const value = node[key];
    if (value !== undefined) made.push([key, pruned(value)]);
  }
  return Object.fromEntries(made);
}

function pruned(value: unknown): Json {
  if (Array.isArray(value)) return value.map(pruned);
  return typeof value === 'object' && value !== null
    ? prune(value as Record<string, unknown>)
    : (value as Json);
}

function filled(entries: readonly (readonly [string, JsonObject])[]): JsonObject | undefined {
  return entries.length > 0 ? prune(Object.fromEntries(entries)) : undefined;
}

function filledObject(node: Readonly<Record<string, unknown>>): JsonObject | undefined {
  const made = prune(node);
  return Object.keys(made).length > 0 ? made : undefined;
}

const nonEmpty = <T>(list: readonly T[]): readonly T[] | undefined => (list.length > 0 ? list : undefined);
