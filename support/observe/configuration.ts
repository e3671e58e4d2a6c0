import {
  type APIGatewayClient,
  GetDeploymentsCommand,
  GetMethodCommand,
  GetModelCommand,
  GetRequestValidatorCommand,
  GetResourcesCommand,
  GetRestApiCommand,
  GetStageCommand,
  type Method,
  type RequestValidator,
  type Resource,
} from '@aws-sdk/client-api-gateway';
import { isServiceError, sdkCall } from './sdk-call.ts';

/** One method as the control plane describes it. Absent maps and lists are empty. */
export interface MethodConfiguration {
  readonly method: string;
  readonly resource: string;
  /** By name, such as `method.request.path.stream-name`: whether a validator requires the parameter. */
  readonly inputs: Readonly<Record<string, boolean>>;
  /** Media type to JSON schema. */
  readonly models: Readonly<Record<string, unknown>>;
  /** What its validator checks before Kinesis is called: `body`, or the required parameters. */
  readonly enforces: readonly string[];
  readonly authorization: string | undefined;
  readonly needsApiKey: boolean;
  readonly responses: Readonly<Record<string, ResponseConfiguration>>;
  readonly integration: IntegrationConfiguration;
}

export interface IntegrationConfiguration {
  readonly type: string | undefined;
  readonly httpMethod: string | undefined;
  readonly uri: string | undefined;
  readonly credentials: string | undefined;
  readonly passthrough: string | undefined;
  readonly mappings: Readonly<Record<string, string>>;
  readonly templates: Readonly<Record<string, string>>;
  readonly responses: Readonly<Record<string, ResponseConfiguration>>;
}

/** A method response or an integration response. */
export interface ResponseConfiguration {
  /** Undefined for the default one. */
  readonly pattern: string | undefined;
  readonly statusCode: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  /** Those that are not empty. */
  readonly templates: Readonly<Record<string, string>>;
}

/** The current configuration of a REST API. */
export interface ApiConfiguration {
  readonly restApiId: string;
  readonly name: string | undefined;
  /** Sorted. */
  readonly resources: readonly string[];
  /** Sorted by resource and method. */
  readonly methods: readonly MethodConfiguration[];
}

/** @throws TargetError where API Gateway does not answer. */
export async function readApi(gateway: APIGatewayClient, restApiId: string): Promise<ApiConfiguration> {
  const { name } = await sdkCall('show the API', gateway.send(new GetRestApiCommand({ restApiId })));
  const resources = await allResources(gateway, restApiId);
  const schemas = new Map<string, Promise<unknown>>();
  const schema = (modelName: string) => {
    const known = schemas.get(modelName) ?? readSchema(gateway, restApiId, modelName);
    schemas.set(modelName, known);
    return known;
  };
  const validators = new Map<string, Promise<Validator>>();
  const validator = (requestValidatorId: string | undefined) => {
    if (!requestValidatorId) return Promise.resolve({});
    const known =
      validators.get(requestValidatorId) ??
      sdkCall(
        `show the request validator ${requestValidatorId}`,
        gateway.send(new GetRequestValidatorCommand({ restApiId, requestValidatorId })),
      );
    validators.set(requestValidatorId, known);
    return known;
  };
  const methods: MethodConfiguration[] = [];
  for (const { id: resourceId, path = '', resourceMethods } of resources)
    for (const [httpMethod, embedded] of Object.entries(resourceMethods ?? {})) {
      const method = embedded.methodIntegration
        ? embedded
        : await sdkCall(
            `show the method ${httpMethod} ${path}`,
            gateway.send(new GetMethodCommand({ restApiId, resourceId, httpMethod })),
          );
      methods.push(await toMethod(path, httpMethod, method, { schema, validator }));
    }
  return {
    restApiId,
    name,
    resources: resources.map(({ path = '' }) => path).sort(),
    methods: methods.sort((a, b) => (methodName(a) < methodName(b) ? -1 : 1)),
  };
}

type Validator = Pick<RequestValidator, 'validateRequestBody' | 'validateRequestParameters'>;

/** A matching path always has its parameters, so requiring them never refuses a call. */
function enforced(
  { requestParameters = {} }: Method,
  { validateRequestBody, validateRequestParameters }: Validator,
  models: Readonly<Record<string, unknown>>,
): string[] {
  const demanded = Object.keys(requestParameters).filter(
    (input) => requestParameters[input] && !input.startsWith('method.request.path.'),
  );
  return [
    ...(validateRequestBody && Object.keys(models).length > 0 ? ['body'] : []),
    ...(validateRequestParameters ? demanded : []),
  ];
}

/** `PUT /streams/{stream-name}/record` */
export function methodName({ method, resource }: { method: string; resource: string }): string {
  return `${method} ${resource}`;
}

/** The id of the resource with a path. */
export async function resourceId(
  gateway: APIGatewayClient,
  restApiId: string,
  path: string,
): Promise<string> {
  const resource = (await allResources(gateway, restApiId)).find((candidate) => candidate.path === path);
  if (resource?.id === undefined) throw new Error(`the API has no resource ${path}`);
  return resource.id;
}

/** The deployment that a stage serves, and the newest deployment. */
export async function deployments(
  gateway: APIGatewayClient,
  restApiId: string,
  stageName: string,
): Promise<{ served: string | undefined; newest: string | undefined }> {
  const stage = await sdkCall('show the stage', gateway.send(new GetStageCommand({ restApiId, stageName })));
  const { items = [] } = await sdkCall(
    'list the deployments',
    gateway.send(new GetDeploymentsCommand({ restApiId, limit: 500 })),
  );
  const newest = items.reduce<(typeof items)[number] | undefined>(
    (latest, item) =>
      latest === undefined || Number(item.createdDate) >= Number(latest.createdDate) ? item : latest,
    undefined,
  );
  return { served: stage.deploymentId, newest: newest?.id };
}

async function allResources(gateway: APIGatewayClient, restApiId: string): Promise<Resource[]> {
  const resources: Resource[] = [];
  let position: string | undefined;
  do {
    const page: { items?: Resource[] | undefined; position?: string | undefined } = await sdkCall(
      'list the resources',
      gateway.send(
        new GetResourcesCommand({
          restApiId,
          limit: 500,
          embed: ['methods'],
          ...(position ? { position } : {}),
        }),
      ),
    );
    resources.push(...(page.items ?? []));
    position = page.position;
  } while (position);
  return resources;
}

/** How a model refers to another model of its API (docs/facts/gateway.md#import). */
const MODEL = /\/restapis\/[^/]+\/models\/([A-Za-z0-9]+)$/;

/**
 * The JSON schema of a model, with its references resolved; undefined if the model has no schema or does not exist.
 * @param within the models that are being read.
 */
async function readSchema(
  gateway: APIGatewayClient,
  restApiId: string,
  modelName: string,
  within: readonly string[] = [],
): Promise<unknown> {
  const filled = async (schema: unknown): Promise<unknown> => {
    if (typeof schema !== 'object' || schema === null) return schema;
    if (Array.isArray(schema)) return Promise.all(schema.map(filled));
    const name = '$ref' in schema ? MODEL.exec(String(schema.$ref))?.[1] : undefined;
    // A model that contains itself is resolved once; below that anything is accepted.
    if (name !== undefined && [...within, modelName].includes(name)) return {};
    if (name !== undefined) return readSchema(gateway, restApiId, name, [...within, modelName]);
    const members = Object.entries(schema).map(async ([key, value]) => [key, await filled(value)] as const);
    return Object.fromEntries(await Promise.all(members));
  };
  try {
    const { schema } = await gateway.send(new GetModelCommand({ restApiId, modelName }));
    return schema ? await filled(JSON.parse(schema)) : undefined;
  } catch (error) {
    if (isServiceError(error) && error.name === 'NotFoundException') return undefined;
    throw error;
  }
}

async function toMethod(
  resource: string,
  method: string,
  configured: Method,
  {
    schema,
    validator,
  }: {
    readonly schema: (modelName: string) => Promise<unknown>;
    readonly validator: (id: string | undefined) => Promise<Validator>;
  },
): Promise<MethodConfiguration> {
  const integration = configured.methodIntegration ?? {};
  const models: Record<string, unknown> = {};
  // `Empty` is API Gateway's own name for no model.
  for (const [mediaType, name] of Object.entries(configured.requestModels ?? {}))
    if (name !== 'Empty') models[mediaType] = await schema(name);
  return {
    method,
    resource,
    inputs: configured.requestParameters ?? {},
    models,
    enforces: enforced(configured, await validator(configured.requestValidatorId), models),
    authorization: configured.authorizationType,
    needsApiKey: configured.apiKeyRequired ?? false,
    responses: mapValues(configured.methodResponses ?? {}, (response) => ({
      pattern: undefined,
      statusCode: response.statusCode,
      headers: response.responseParameters ?? {},
      templates: {},
    })),
    integration: {
      type: integration.type,
      httpMethod: integration.httpMethod,
      uri: integration.uri,
      credentials: integration.credentials || undefined,
      passthrough: integration.passthroughBehavior,
      mappings: integration.requestParameters ?? {},
      templates: integration.requestTemplates ?? {},
      responses: mapValues(integration.integrationResponses ?? {}, (response) => ({
        pattern: response.selectionPattern || undefined,
        statusCode: response.statusCode,
        headers: response.responseParameters ?? {},
        templates: Object.fromEntries(
          Object.entries(response.responseTemplates ?? {}).filter(([, template]) => template),
        ),
      })),
    },
  };
}

function mapValues<A, B>(map: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));
}
