import type { Account } from '../../account.ts';
import type { Integration, IntegrationResponse, Method, MethodResponse, RestApi } from '../model.ts';
import { accessDenied, badRequest } from './errors.ts';

export const httpMethods = ['GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'ANY'] as const;
export const authorizationTypes = ['NONE', 'AWS_IAM', 'CUSTOM', 'COGNITO_USER_POOLS'] as const;
export const integrationTypes = ['HTTP', 'MOCK', 'AWS_PROXY', 'HTTP_PROXY', 'AWS'] as const;
export const passthroughBehaviors = ['WHEN_NO_MATCH', 'WHEN_NO_TEMPLATES', 'NEVER'] as const;
export const contentHandlings = ['CONVERT_TO_BINARY', 'CONVERT_TO_TEXT'] as const;
export const connectionTypes = ['INTERNET', 'VPC_LINK'] as const;
export const transferModes = ['BUFFERED', 'STREAM'] as const;

/** The errors that AWS's mapping validator wraps (recorded). */
const mappingResult = (error: string) => `Validation Result: warnings : [], errors : [${error}]`;
const mappingRefused = (error: string) =>
  badRequest(`Invalid mapping expression specified: ${mappingResult(error)}`);
const badMapping = (expression: string) =>
  mappingRefused(`Invalid mapping expression specified: ${expression}`);
const undeclared = (parameter: string) =>
  mappingRefused(`Invalid mapping expression parameter specified: ${parameter}`);

/** docs/facts/gateway.md#parameters: the names of mapped parameters. */
const name = '[a-zA-Z0-9._$-]+';
const common = [String.raw`stageVariables\.\w+`, String.raw`context\..+`, "'[^]*'"];
const requestTarget = new RegExp(String.raw`^integration\.request\.(header|querystring|path)\.${name}$`);
const requestSource = new RegExp(
  `^(${[String.raw`method\.request\.(path|querystring|multivaluequerystring|header|multivalueheader)\.${name}`, String.raw`method\.request\.body([.[].+)?`, ...common].join('|')})$`,
);
const responseTarget = new RegExp(String.raw`^method\.response\.header\.${name}$`);
const responseSource = new RegExp(
  `^(${[String.raw`integration\.response\.(header|multivalueheader)\.${name}`, String.raw`integration\.response\.body([.[].+)?`, ...common].join('|')})$`,
);
const declaredParameter = new RegExp(String.raw`^method\.request\.(path|querystring|header)\.(${name})$`);

function checkTemplates(templates: Readonly<Record<string, unknown>> | undefined): void {
  for (const mediaType of Object.keys(templates ?? {})) {
    if (mediaType !== '$default' && !mediaType.includes('/')) {
      throw badRequest(mappingResult(`Invalid content type specified: ${mediaType}`));
    }
  }
}

/** Checks a method's request parameters, models, validator and authorization. */
export function checkMethod(api: RestApi, method: Method): void {
  const seen = new Set<string>();
  for (const parameter of Object.keys(method.requestParameters ?? {})) {
    const parts = declaredParameter.exec(parameter);
    if (parts === null) throw badMapping(parameter);
    const declared = parts[2] ?? '';
    if (seen.has(declared)) {
      throw badRequest('Parameter names must be unique across querystring, header and path');
    }
    seen.add(declared);
  }
  if (!hasItsAuthorizer(api, method)) {
    throw badRequest(
      'Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.',
    );
  }
  if (method.requestValidatorId !== undefined && !api.requestValidators.has(method.requestValidatorId)) {
    throw badRequest('Invalid Request Validator identifier specified');
  }
  checkModels(api, method.requestModels);
}

/** An authorizer of another kind counts as absent (inferred). */
function hasItsAuthorizer(api: RestApi, { authorizationType, authorizerId }: Method): boolean {
  if (authorizationType === 'NONE' || authorizationType === 'AWS_IAM') return true;
  const type = api.authorizers.get(authorizerId ?? '')?.type;
  const isPool = authorizationType === 'COGNITO_USER_POOLS';
  return type !== undefined && (type === 'COGNITO_USER_POOLS') === isPool;
}

function checkModels(api: RestApi, models: Readonly<Record<string, string>> | undefined): void {
  for (const model of Object.values(models ?? {})) {
    if (!api.models.has(model)) throw badRequest(`Invalid model identifier specified: ${model}`);
  }
}

export function checkMethodResponse(api: RestApi, response: MethodResponse): void {
  for (const parameter of Object.keys(response.responseParameters ?? {})) {
    if (!responseTarget.test(parameter)) throw badMapping(parameter);
  }
  checkModels(api, response.responseModels);
}

/** The checks of PutIntegration and of every import; messages from docs/facts/gateway.md#control-plane. */
export function checkIntegration(method: Method, integration: Integration, account: Account): void {
  const { type, httpMethod, uri } = integration;
  if (httpMethod === undefined && (type === 'HTTP' || type === 'HTTP_PROXY' || type === 'AWS')) {
    throw badRequest('Enumeration value for HttpMethod must be non-empty');
  }
  if (httpMethod !== undefined) checkHttpMethod(httpMethod);
  if (type === 'HTTP' || type === 'HTTP_PROXY') {
    if (!/^(https?:\/\/|\$\{)/.test(uri ?? '')) throw badRequest('Invalid HTTP endpoint specified for URI');
  } else if (type !== 'MOCK') checkServiceUri(type, uri ?? '');
  checkCredentials(integration, account);
  if (integration.responseTransferMode === 'STREAM' && !type.endsWith('_PROXY')) {
    // botocore documents the rule; the message is not recorded (inferred).
    throw badRequest('Response transfer mode STREAM is only supported for proxy integrations');
  }
  const { timeoutInMillis } = integration;
  if (!Number.isInteger(timeoutInMillis) || timeoutInMillis < 50 || timeoutInMillis > 29_000) {
    // The limits are AWS's (docs/facts/gateway.md#limits); the message is inferred.
    throw badRequest('Timeout should be between 50 ms and 29000 ms');
  }
  for (const [target, source] of Object.entries(integration.requestParameters ?? {})) {
    if (!requestTarget.test(target)) throw badMapping(target);
    if (!requestSource.test(source)) throw badMapping(source);
    checkDeclared(method, source);
  }
  checkTemplates(integration.requestTemplates);
}

/**
 * Unlike a template, a mapping may read only declared parameters (the message is often reported, but not recorded:
 * inferred).
 */
function checkDeclared(method: Method, source: string): void {
  const single = source.replace(/^method\.request\.multivalue/, 'method.request.');
  if (declaredParameter.test(single) && method.requestParameters?.[single] === undefined) {
    throw undeclared(source);
  }
}

/**
 * Only Lambda functions, which have resource policies, are called without a role (docs/facts/gateway.md#role; that
 * Firehose needs a role is inferred). The order of the checks is not recorded (inferred).
 */
function checkCredentials({ type, uri, credentials }: Integration, account: Account): void {
  const isService = type === 'AWS' || type === 'AWS_PROXY';
  if (credentials === undefined || credentials === '') {
    if (isService && uri?.split(':')[4] !== 'lambda') {
      throw badRequest('Role ARN must be specified for AWS integrations');
    }
    return;
  }
  const [scheme, partition, service, , owner] = credentials.split(':');
  if (scheme !== 'arn' || partition !== account.partition || service !== 'iam') {
    throw badRequest('Invalid ARN specified in the request');
  }
  // `arn:aws:iam::*:user/*` stands for the caller (docs/facts/gateway.md#role).
  if (owner !== '*' && owner !== account.id) throw accessDenied('Cross-account pass role is not allowed.');
}

function checkServiceUri(type: Integration['type'], uri: string): void {
  const parts = uri.split(':');
  if (parts[0] !== 'arn' || parts.length < 6) throw badRequest('Invalid ARN specified in the request');
  const target = parts.slice(5).join(':');
  if (!/^(path|action)\//.test(target)) {
    throw badRequest('AWS ARN for integration must contain path or action');
  }
  if (type === 'AWS_PROXY' && !/^(lambda|firehose)$/.test(parts[4] ?? '')) {
    throw badRequest(
      "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.",
    );
  }
}

export function checkHttpMethod(httpMethod: string): void {
  if (!httpMethods.some((verb) => verb === httpMethod)) {
    throw badRequest(`Invalid HttpMethod specified. Valid options are ${httpMethods.join(',')}`);
  }
}

/**
 * A header may be mapped only if the method response of the same status declares it
 * (docs/facts/gateway.md#control-plane).
 */
export function checkIntegrationResponse(method: Method, response: IntegrationResponse): void {
  const declaring = method.methodResponses?.[response.statusCode];
  for (const [target, source] of Object.entries(response.responseParameters ?? {})) {
    if (!responseTarget.test(target)) throw badMapping(target);
    if (declaring === undefined) throw mappingRefused('No method response exists for method.');
    if (!Object.hasOwn(declaring.responseParameters ?? {}, target)) throw undeclared(target);
    if (!responseSource.test(source)) throw badMapping(source);
  }
  checkTemplates(response.responseTemplates);
}
