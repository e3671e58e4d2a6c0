import type {
  PutIntegrationRequest,
  PutIntegrationResponseRequest,
  PutMethodRequest,
  PutMethodResponseRequest,
} from '@aws-sdk/client-api-gateway';

type At = 'restApiId' | 'resourceId' | 'httpMethod';

/** The inputs of the SDK calls that create one method. */
export interface MethodPlan {
  readonly path: string;
  readonly httpMethod: string;
  readonly request: Pick<
    PutMethodRequest,
    'authorizationType' | 'apiKeyRequired' | 'requestParameters' | 'requestModels' | 'operationName'
  >;
  readonly responses: readonly Omit<PutMethodResponseRequest, At>[];
  readonly integration:
    | (Omit<PutIntegrationRequest, At> & {
        readonly responses: readonly Omit<PutIntegrationResponseRequest, At>[];
      })
    | undefined;
}

export interface ApiPlan {
  readonly name: string;
  readonly description: string | undefined;
  readonly version: string | undefined;
  readonly models: readonly { name: string; schema: string }[];
  readonly paths: readonly string[];
  readonly methods: readonly MethodPlan[];
}

// biome-ignore lint/suspicious/noExplicitAny: an OpenAPI document may contain anything.
type Untyped = any;

const VERBS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'];
const LOCATIONS: Record<string, string> = { path: 'path', query: 'querystring', header: 'header' };

/** Plans the calls that build the API of an OpenAPI document without importing it. */
export function planApi(document: Untyped): ApiPlan {
  const schemas = document.components?.schemas ?? document.definitions ?? {};
  const paths = Object.keys(document.paths);
  return {
    name: document.info?.title ?? '',
    description: document.info?.description,
    version: document.info?.version,
    models: Object.entries(schemas).map(([name, schema]) => ({ name, schema: JSON.stringify(schema) })),
    paths,
    methods: paths.flatMap((path) => planPath(document, path)),
  };
}

function planPath(document: Untyped, path: string): MethodPlan[] {
  const item = document.paths[path];
  return Object.keys(item)
    .filter((key) => VERBS.includes(key) || key === 'x-amazon-apigateway-any-method')
    .map((key) => ({
      path,
      httpMethod: VERBS.includes(key) ? key.toUpperCase() : 'ANY',
      request: planRequest(
        document,
        [...(item.parameters ?? []), ...(item[key].parameters ?? [])],
        item[key],
      ),
      responses: planResponses(item[key].responses ?? {}),
      integration: planIntegration(item[key]['x-amazon-apigateway-integration']),
    }));
}

function planRequest(document: Untyped, declared: Untyped[], operation: Untyped): MethodPlan['request'] {
  const parameters = declared.map((parameter) => resolve(document, parameter));
  const requestParameters = Object.fromEntries(
    parameters
      .filter((parameter) => LOCATIONS[parameter.in] !== undefined)
      .map((parameter) => [
        `method.request.${LOCATIONS[parameter.in]}.${parameter.name}`,
        parameter.in === 'path' || parameter.required === true,
      ]),
  );
  const requestModels = modelsOf(operation, parameters);
  return {
    ...demandsOf(document, operation),
    ...(Object.keys(requestParameters).length > 0 && { requestParameters }),
    ...(Object.keys(requestModels).length > 0 && { requestModels }),
    ...(operation.operationId !== undefined && { operationName: operation.operationId }),
  };
}

/** What the method demands of its callers, according to API Gateway's extensions and security schemes. */
function demandsOf(
  document: Untyped,
  operation: Untyped,
): { authorizationType: string; apiKeyRequired: boolean } {
  const schemes = document.components?.securitySchemes ?? document.securityDefinitions ?? {};
  const demanded = (operation.security ?? document.security ?? [])
    .flatMap((requirement: Untyped) => Object.keys(requirement))
    .map((name: string) => schemes[name] ?? {});
  const signs =
    operation['x-amazon-apigateway-auth']?.type?.toUpperCase() === 'AWS_IAM' ||
    demanded.some((scheme: Untyped) => scheme['x-amazon-apigateway-authtype'] === 'awsSigv4');
  const isKey = (scheme: Untyped) =>
    scheme.type === 'apiKey' &&
    scheme.name?.toLowerCase() === 'x-api-key' &&
    scheme['x-amazon-apigateway-authtype'] === undefined;
  return { authorizationType: signs ? 'AWS_IAM' : 'NONE', apiKeyRequired: demanded.some(isKey) };
}

function modelsOf(operation: Untyped, parameters: Untyped[]): Record<string, string> {
  const bodies: [string, Untyped][] = operation.requestBody
    ? Object.entries(operation.requestBody.content ?? {})
    : parameters
        .filter((parameter) => parameter.in === 'body')
        .flatMap((parameter) =>
          (operation.consumes ?? ['application/json']).map((type: string) => [type, parameter]),
        );
  return Object.fromEntries(
    bodies
      .filter(([, body]) => typeof body.schema?.$ref === 'string')
      .map(([type, body]) => [type, body.schema.$ref.split('/').at(-1)]),
  );
}

function planResponses(responses: Untyped): MethodPlan['responses'] {
  return Object.entries(responses).map(([statusCode, response]: [string, Untyped]) => {
    const headers = Object.keys(response.headers ?? {});
    const models = Object.entries(response.content ?? {}).filter(
      ([, body]: [string, Untyped]) => body.schema?.$ref,
    );
    return {
      statusCode,
      ...(headers.length > 0 && {
        responseParameters: Object.fromEntries(
          headers.map((name) => [`method.response.header.${name}`, false]),
        ),
      }),
      ...(models.length > 0 && {
        responseModels: Object.fromEntries(
          models.map(([type, body]: [string, Untyped]) => [type, body.schema.$ref.split('/').at(-1)]),
        ),
      }),
    };
  });
}

function planIntegration(integration: Untyped): MethodPlan['integration'] {
  if (!integration) return undefined;
  return {
    type: integration.type?.toUpperCase(),
    integrationHttpMethod: integration.httpMethod,
    uri: integration.uri,
    credentials: integration.credentials,
    requestParameters: integration.requestParameters,
    requestTemplates: integration.requestTemplates,
    passthroughBehavior: integration.passthroughBehavior?.toUpperCase(),
    contentHandling: integration.contentHandling,
    timeoutInMillis: integration.timeoutInMillis,
    responses: Object.entries(integration.responses ?? {}).map(([pattern, response]: [string, Untyped]) => ({
      statusCode: String(response.statusCode),
      ...(pattern !== 'default' && { selectionPattern: pattern }),
      ...(response.responseParameters && { responseParameters: response.responseParameters }),
      ...(response.responseTemplates && { responseTemplates: response.responseTemplates }),
    })),
  };
}

function resolve(document: Untyped, parameter: Untyped): Untyped {
  if (typeof parameter.$ref !== 'string') return parameter;
  return parameter.$ref
    .replace(/^#\//, '')
    .split('/')
    .reduce(
      (node: Untyped, step: string) => node?.[step.replaceAll('~1', '/').replaceAll('~0', '~')],
      document,
    );
}
