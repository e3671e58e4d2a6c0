/**
 * The state of API Gateway's control plane, in the shapes of its REST API (botocore apigateway/2015-07-09), so that
 * responses need no translation. Times are seconds since the epoch.
 */

export type AuthorizationType = 'NONE' | 'AWS_IAM' | 'CUSTOM' | 'COGNITO_USER_POOLS';
export type IntegrationType = 'AWS' | 'AWS_PROXY' | 'HTTP' | 'HTTP_PROXY' | 'MOCK';
export type PassthroughBehavior = 'WHEN_NO_MATCH' | 'WHEN_NO_TEMPLATES' | 'NEVER';
export type ResponseTransferMode = 'BUFFERED' | 'STREAM';
export type AuthorizerType = 'TOKEN' | 'REQUEST' | 'COGNITO_USER_POOLS';
export type ContentHandling = 'CONVERT_TO_BINARY' | 'CONVERT_TO_TEXT';

export interface IntegrationResponse {
  statusCode: string;
  /**
   * Matched against the backend's HTTP status (docs/facts/gateway.md#choice-of-the-response); absent or empty for the
   * default response.
   */
  selectionPattern?: string;
  /** `method.response.header.X` to a mapping expression. */
  responseParameters?: Record<string, string>;
  /** Media type to template; null means an empty template. */
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
  responseTransferMode?: ResponseTransferMode;
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
  authorizationScopes?: string[];
  apiKeyRequired: boolean;
  operationName?: string;
  /** `method.request.{path,querystring,header}.X` to whether a request validator requires it. */
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

/** It is stored and exported, and its identity sources are checked; its decision is not emulated. */
export interface Authorizer {
  id: string;
  name: string;
  type: AuthorizerType;
  authType?: string;
  providerARNs?: string[];
  authorizerUri?: string;
  authorizerCredentials?: string;
  /** `method.request.header.X`; for a REQUEST authorizer a comma-separated list, or absent. */
  identitySource?: string;
  /** The pattern that a token must match before the authorizer is invoked. */
  identityValidationExpression?: string;
  authorizerResultTtlInSeconds?: number;
}

export interface GatewayResponse {
  responseType: string;
  statusCode?: string;
  responseParameters: Record<string, string>;
  responseTemplates: Record<string, string>;
  defaultResponse: boolean;
}

/** The copy of an API that a deployment makes and a stage serves; later edits of the API do not change it. */
export interface ApiSnapshot {
  readonly restApiId: string;
  readonly apiName: string;
  readonly resources: readonly Resource[];
  readonly models: readonly Model[];
  readonly requestValidators: readonly RequestValidator[];
  readonly authorizers: readonly Authorizer[];
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

/** A stage's settings for one method; the keys of a stage's settings are `{resource path}/{verb}`, or wildcards. */
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
  documentationVersion?: string;
  tracingEnabled: boolean;
  accessLogSettings?: { destinationArn?: string; format?: string };
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
  apiStatus: 'AVAILABLE';
  securityPolicy: string;
  endpointAccessMode?: string;
  tags: Record<string, string>;
  warnings?: string[];
  rootResourceId: string;
  resources: Map<string, Resource>;
  models: Map<string, Model>;
  requestValidators: Map<string, RequestValidator>;
  authorizers: Map<string, Authorizer>;
  gatewayResponses: Map<string, GatewayResponse>;
  deployments: Map<string, Deployment>;
  stages: Map<string, Stage>;
}

export interface ApiKey {
  id: string;
  name?: string;
  description?: string;
  customerId?: string;
  value: string;
  enabled: boolean;
  createdDate: number;
  lastUpdatedDate: number;
  tags?: Record<string, string>;
}

export interface Throttle {
  burstLimit?: number;
  rateLimit?: number;
}

export interface Quota {
  limit?: number;
  offset?: number;
  period?: string;
}

export interface PlannedStage {
  apiId: string;
  stage: string;
  /** `{resource path}/{verb}` to the throttle of that method alone. */
  throttle?: Record<string, Throttle>;
}

export interface UsagePlan {
  id: string;
  name: string;
  description?: string;
  productCode?: string;
  apiStages: PlannedStage[];
  throttle?: Throttle;
  quota?: Quota;
  tags?: Record<string, string>;
  keyIds: Set<string>;
}
