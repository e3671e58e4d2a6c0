import type { AuthorizerPart, MethodPart, MethodResponsePart, ValidatorPart } from './assemble.ts';
import type { Instance } from './document.ts';
import { noteCall, readIntegration, whyNot } from './integrations.ts';
import { number, optionalText, type Reading, requiredText, text, texts } from './reading.ts';
import { failure, type Wanted } from './references.ts';
import type { ApiResources } from './resources.ts';

const VALIDATOR: Wanted = { aws_api_gateway_request_validator: ['id'] };
const AUTHORIZER: Wanted = { aws_api_gateway_authorizer: ['id'] };
const FUNCTION: Wanted = {
  aws_lambda_function: ['invoke_arn', 'arn'],
  aws_lambda_alias: ['invoke_arn', 'arn'],
};
const POOL: Wanted = { aws_cognito_user_pool: ['arn'] };

/** The models, validators and authorizers that methods refer to, by instance. */
export interface MethodNames {
  readonly validators: ReadonlyMap<Instance, string>;
  readonly authorizers: ReadonlyMap<Instance, string>;
}

/** The methods that a run can deploy; `leftOut` lists the others, grouped by their function. */
export function readMethods(
  reading: Reading,
  resources: ApiResources,
  names: MethodNames,
  roles: Set<Instance>,
): MethodPart[] {
  const byMethod = {
    integrations: grouped(reading, resources, 'aws_api_gateway_integration'),
    responses: grouped(reading, resources, 'aws_api_gateway_method_response'),
    integrationResponses: grouped(reading, resources, 'aws_api_gateway_integration_response'),
  };
  const leftOut = new Map<string, { what: string; why: string; places: string[] }>();
  const methods = resources.all('aws_api_gateway_method').flatMap((method): MethodPart[] => {
    const key = keyOf(reading, resources, method);
    const integration = byMethod.integrations.get(key)?.[0];
    const obstacle = integration && whyNot(reading, integration);
    if (obstacle) {
      const known = leftOut.get(obstacle.what);
      if (known) known.places.push(method.address);
      else leftOut.set(obstacle.what, { ...obstacle, places: [method.address] });
      if (obstacle.service) noteCall(reading, obstacle.service, integration, ['credentials']);
      return [];
    }
    const responses = (byMethod.responses.get(key) ?? []).map((each) => readResponse(reading, each));
    const part = readMethod(reading, resources, method, names, responses);
    if (!integration) return [part];
    const integrationResponses = byMethod.integrationResponses.get(key) ?? [];
    return [{ ...part, integration: readIntegration(reading, integration, integrationResponses, roles) }];
  });
  for (const { what, why, places } of leftOut.values())
    reading.leftOut.push({ what: `methods of ${what}`, place: places.join(', '), why });
  return methods;
}

/** The path and verb, which connect the resources that make up one method. */
function keyOf(reading: Reading, resources: ApiResources, part: Instance): string {
  const verb = requiredText(reading, part, 'http_method').toUpperCase();
  return `${verb} ${resources.pathAt(part, 'resource_id')}`;
}

function grouped(reading: Reading, resources: ApiResources, type: string): Map<string, Instance[]> {
  return Map.groupBy(resources.all(type), (part) => keyOf(reading, resources, part));
}

function readMethod(
  reading: Reading,
  resources: ApiResources,
  method: Instance,
  names: MethodNames,
  responses: readonly MethodResponsePart[],
): MethodPart {
  const authorization = text(reading, method, 'authorization') ?? 'NONE';
  const isAuthorized = authorization === 'CUSTOM' || authorization === 'COGNITO_USER_POOLS';
  const authorizer = isAuthorized
    ? named(reading, method, 'authorizer_id', AUTHORIZER, names.authorizers)
    : undefined;
  const scopes = method.values.authorization_scopes;
  return {
    path: resources.pathAt(method, 'resource_id'),
    httpMethod: requiredText(reading, method, 'http_method').toUpperCase(),
    operationName: text(reading, method, 'operation_name') || undefined,
    isIam: authorization === 'AWS_IAM',
    isKeyRequired: text(reading, method, 'api_key_required') === 'true',
    authorizer:
      authorizer === undefined
        ? undefined
        : { name: authorizer, scopes: Array.isArray(scopes) ? scopes.map(String) : [] },
    validator: named(reading, method, 'request_validator_id', VALIDATOR, names.validators),
    requestParameters: Object.fromEntries(
      Object.entries(texts(reading, method, 'request_parameters') ?? {}).map(([key, value]) => [
        key,
        value === 'true',
      ]),
    ),
    requestModels: texts(reading, method, 'request_models') ?? {},
    responses,
  };
}

function readResponse(reading: Reading, response: Instance): MethodResponsePart {
  return {
    statusCode: requiredText(reading, response, 'status_code'),
    responseParameters: texts(reading, response, 'response_parameters') ?? {},
    responseModels: texts(reading, response, 'response_models') ?? {},
  };
}

/** The name of the resource that an id refers to. */
function named(
  reading: Reading,
  method: Instance,
  attribute: string,
  wanted: Wanted,
  names: ReadonlyMap<Instance, string>,
): string | undefined {
  const link = reading.references.link(method, [attribute], wanted);
  if (link.kind === 'none') return undefined;
  const name = link.kind === 'origin' ? names.get(link.origin.instance) : undefined;
  if (name !== undefined) return name;
  const cause = link.kind === 'unclear' ? link.cause : 'it does not belong to this API in this file';
  throw failure(reading.context.file, method, [attribute], cause);
}

export function readValidators(
  reading: Reading,
  resources: ApiResources,
): { parts: ValidatorPart[]; names: Map<Instance, string> } {
  const instances = resources.all('aws_api_gateway_request_validator');
  const names = distinctNames(instances, (each) => requiredText(reading, each, 'name'));
  const parts = instances.map((each) => ({
    name: names.get(each) ?? '',
    validateRequestBody: text(reading, each, 'validate_request_body') === 'true',
    validateRequestParameters: text(reading, each, 'validate_request_parameters') === 'true',
  }));
  return { parts, names };
}

export function readAuthorizers(
  reading: Reading,
  resources: ApiResources,
): { parts: AuthorizerPart[]; names: Map<Instance, string> } {
  const instances = resources.all('aws_api_gateway_authorizer');
  const names = distinctNames(instances, (each) => requiredText(reading, each, 'name'));
  const parts = instances.map((each): AuthorizerPart => {
    noteCall(reading, 'lambda', each, ['authorizer_credentials']);
    const type = (optionalText(reading, each, 'type') ?? 'TOKEN').toUpperCase();
    return {
      name: names.get(each) ?? '',
      type,
      ...(type === 'COGNITO_USER_POOLS'
        ? { providerArns: poolsOf(reading, each) }
        : { uri: functionUri(reading, each) }),
      identitySource:
        optionalText(reading, each, 'identity_source') ||
        (type === 'REQUEST' ? undefined : 'method.request.header.Authorization'),
      validationExpression: optionalText(reading, each, 'identity_validation_expression') || undefined,
      ttlSeconds: number(reading, each, 'authorizer_result_ttl_in_seconds'),
    };
  });
  return { parts, names };
}

/** Uses a placeholder for a function that is known only after apply: a run does not deploy functions anyway. */
function functionUri({ references, names }: Reading, authorizer: Instance): string {
  const link = references.link(authorizer, ['authorizer_uri'], FUNCTION);
  if (link.kind === 'outside') return names.rewrite(link.value);
  const of = link.kind === 'origin' ? link.origin.instance : authorizer;
  return names.invocationUri(names.arnOf(of));
}

function poolsOf({ references, names }: Reading, authorizer: Instance): string[] {
  const list = authorizer.values.provider_arns;
  const known = (Array.isArray(list) ? list : []).flatMap((each) =>
    typeof each === 'string' ? [names.rewrite(each)] : [],
  );
  if (known.length > 0) return known;
  const { candidates } = references.candidates(authorizer, ['provider_arns'], POOL);
  return candidates.map(({ instance }) => names.arnOf(instance));
}

/** The names from the file; duplicates get a number. */
function distinctNames(
  instances: readonly Instance[],
  nameOf: (instance: Instance) => string,
): Map<Instance, string> {
  const names = new Map<Instance, string>();
  const taken = new Set<string>();
  for (const instance of instances) {
    const wanted = nameOf(instance);
    let name = wanted;
    for (let count = 2; taken.has(name); count++) name = `${wanted}-${count}`;
    taken.add(name);
    names.set(instance, name);
  }
  return names;
}
