/**
 * The state of API Gateway's control plane, in the shapes of its REST API (botocore apigateway/2015-07-09), so
 * that an answer is a view of the state and not a translation. Times are seconds since the epoch.
 */

export type AuthorizationType = 'NONE' | 'AWS_IAM' | 'CUSTOM' | 'COGNITO_USER_POOLS';
export type IntegrationType = 'AWS' | 'AWS_PROXY' | 'HTTP' | 'HTTP_PROXY' | 'MOCK';
export type PassthroughBehavior = 'WHEN_NO_MATCH' | 'WHEN_NO_TEMPLATES' | 'NEVER';
export type ContentHandling = 'CONVERT_TO_BINARY' | 'CONVERT_TO_TEXT';

export interface IntegrationResponse {
  statusCode: string;
  /** Matched against the backend's HTTP status (facts 3.5); absent or empty for the default response. */
  selectionPattern?: string;
  /** `method.response.header.X` to a mapping expression. */
  responseParameters?: Record<string, string>;
  /** Media type to template; null stands for an empty template. */
  responseTemplates?: Record<string, string | null>;
  contentHandling?: ContentHandling;
}

export interface Integration {
  type: IntegrationType;
  httpMethod?: string;
  uri?: string;
  /** Set on HTTP and HTTP_PROXY integrations only. */
  connectionType?: 'INTERNET';
  credentials?: string;
  /** `integration.request.{header,querystring,path}.X` to a mapping expression. */
  requestParameters?: Record<string, string>;
  requestTemplates?: Record<string, string>;
  passthroughBehavior: PassthroughBehavior;
  contentHandling?: ContentHandling;
  timeoutInMillis: number;
  cacheNamespace: string;
  cacheKeyParameters: string[];
  integrationResponses?: Record<string, IntegrationResponse>;
}

export interface MethodResponse {
  statusCode: string;
  responseParameters?: Record<string, boolean>;
  responseModels?: Record<string, string>;
}

export interface Method {
  httpMethod: string;
  authorizationType: AuthorizationType;
  authorizerId?: string;
  apiKeyRequired: boolean;
  operationName?: string;
  /** `method.request.{path,querystring,header}.X` to whether a request validator demands it. */
  requestParameters?: Record<string, boolean>;
  requestModels?: Record<string, string>;
  requestValidatorId?: string;
  methodResponses?: Record<string, MethodResponse>;
  methodIntegration?: Integration;
}

export interface Resource {
  id: string;
  parentId?: string;
  pathPart?: string;
  path: string;
  /** Upper-case verb, or ANY, to its method. */
  resourceMethods?: Record<string, Method>;
}

export interface Model {
  id: string;
  name: string;
  description?: string;
  contentType: string;
  /** JSON schema, draft 4, as text. */
  schema?: string;
}

export interface RequestValidator {
  id: string;
  name: string;
  validateRequestBody: boolean;
  validateRequestParameters: boolean;
}

export interface GatewayResponse {
  responseType: string;
  statusCode?: string;
  responseParameters: Record<string, string>;
  responseTemplates: Record<string, string>;
  defaultResponse: boolean;
}

/** What a deployment freezes and a stage serves: later edits of the API do not reach it. */
export interface ApiSnapshot {
  readonly restApiId: string;
  readonly apiName: string;
  readonly resources: readonly Resource[];
  readonly models: readonly Model[];
  readonly requestValidators: readonly RequestValidator[];
  /** Only the customised ones. */
  readonly gatewayResponses: readonly GatewayResponse[];
  readonly binaryMediaTypes: readonly string[];
  readonly apiKeySource: 'HEADER' | 'AUTHORIZER';
}

export interface Deployment {
  id: string;
  description?: string;
  createdDate: number;
  snapshot: ApiSnapshot;
}

/** How a stage treats one method; the keys of a stage's settings are `{resource path}/{verb}`, or wildcards. */
export interface MethodSetting {
  metricsEnabled: boolean;
  loggingLevel?: string;
  dataTraceEnabled: boolean;
  throttlingBurstLimit?: number;
  throttlingRateLimit?: number;
  cachingEnabled: boolean;
  cacheTtlInSeconds: number;
  cacheDataEncrypted: boolean;
  requireAuthorizationForCacheControl: boolean;
  unauthorizedCacheControlHeaderStrategy: string;
}

export interface Stage {
  stageName: string;
  deploymentId: string;
  description?: string;
  variables?: Record<string, string>;
  tracingEnabled: boolean;
  methodSettings: Record<string, MethodSetting>;
  createdDate: number;
  lastUpdatedDate: number;
  tags?: Record<string, string>;
}

export interface RestApi {
  id: string;
  name: string;
  description?: string;
  version?: string;
  createdDate: number;
  apiKeySource: 'HEADER' | 'AUTHORIZER';
  endpointConfiguration: { types: ('EDGE' | 'REGIONAL' | 'PRIVATE')[]; ipAddressType?: string };
  binaryMediaTypes?: string[];
  minimumCompressionSize?: number;
  policy?: string;
  disableExecuteApiEndpoint: boolean;
  tags: Record<string, string>;
  warnings?: string[];
  rootResourceId: string;
  resources: Map<string, Resource>;
  models: Map<string, Model>;
  requestValidators: Map<string, RequestValidator>;
  gatewayResponses: Map<string, GatewayResponse>;
  deployments: Map<string, Deployment>;
  stages: Map<string, Stage>;
}

export interface ApiKey {
  id: string;
  name: string;
  description?: string;
  value: string;
  enabled: boolean;
  createdDate: number;
  lastUpdatedDate: number;
  tags?: Record<string, string>;
}

export interface UsagePlan {
  id: string;
  name: string;
  description?: string;
  apiStages: { apiId: string; stage: string }[];
  throttle?: Record<string, unknown>;
  quota?: Record<string, unknown>;
  tags?: Record<string, string>;
  keyIds: Set<string>;
}
