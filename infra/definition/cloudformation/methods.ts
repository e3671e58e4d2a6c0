import { tolerantly } from '../body.ts';
import { DefinitionError } from '../errors.ts';
import { serviceOf } from '../integrations.ts';
import { INTEGRATION, isKinesis, type MethodPlace, undeployable } from '../left-out.ts';
import { isObject, type Json, type JsonObject } from '../types.ts';
import {
  asModelName,
  type Draft,
  demandKey,
  demandSignature,
  isSwagger,
  isTrue,
  objectAt,
  partsOf,
  present,
  schemasOf,
} from './draft.ts';
import { integrationOf } from './integration.ts';
import { type Resource, rootIdOf } from './template.ts';

type Names = ReadonlyMap<string, string>;

/** The models that every new API has. */
const BUILT_IN: Readonly<Record<string, JsonObject>> = {
  Empty: { type: 'object', title: 'Empty Schema' },
  Error: { type: 'object', title: 'Error Schema', properties: { message: { type: 'string' } } },
};

/** Adds `AWS::ApiGateway::Resource` and `Method` to the paths; both maps are from the value of `Ref` to a name. */
export function addMethods(draft: Draft, validators: Names, authorizers: Names): void {
  const { template, openapi, api } = draft;
  const resources = new Map(
    partsOf(draft, 'AWS::ApiGateway::Resource').map((part) => [
      String(template.ref(part.id, part.place)),
      part,
    ]),
  );
  const methods = partsOf(draft, 'AWS::ApiGateway::Method');
  if (methods.length === 0) return;
  if (isSwagger(openapi))
    template.resolver.fail(
      `${api.place}.Body`,
      'methods in addition to a Swagger 2.0 body are not supported; give the body as OpenAPI 3, or put the methods into it',
    );
  for (const method of methods) {
    const verb = (template.textProperty(method, 'HttpMethod') ?? '').toUpperCase();
    const path = pathOf(draft, resources, method);
    const place = { name: `${verb} ${path}`, place: method.place };
    const operation = tryOperation(draft, method, place, validators, authorizers);
    if (operation === undefined) continue;
    const key = verb === 'ANY' ? 'x-amazon-apigateway-any-method' : verb.toLowerCase();
    objectAt(openapi, 'paths', path)[key] = operation;
  }
}

function pathOf(
  { template, api }: Draft,
  resources: ReadonlyMap<string, Resource>,
  method: Resource,
): string {
  const parts: string[] = [];
  let part = method;
  let id = template.textProperty(method, 'ResourceId');
  while (id !== rootIdOf(api.id)) {
    const parent = resources.get(id ?? '');
    if (parent === undefined)
      return template.resolver.fail(
        part.place,
        `${id ?? 'nothing'} is not a resource of this API; refer to one of the template, or to the RootResourceId of ${api.id}`,
      );
    parts.unshift(template.textProperty(parent, 'PathPart') ?? '');
    part = parent;
    id = template.textProperty(parent, 'ParentId');
  }
  return `/${parts.join('/')}`;
}

/** Converts the method to an operation; undefined if a run cannot deploy it. */
function tryOperation(
  draft: Draft,
  method: Resource,
  place: MethodPlace,
  validators: Names,
  authorizers: Names,
): JsonObject | undefined {
  const { template, left } = draft;
  const { foreign } = template;
  const before = new Map(foreign);
  const leaveOut = (behind: string, why: string) => {
    left.add(place, behind, why);
    foreign.clear();
    for (const [id, entry] of before) foreign.set(id, entry);
    return undefined;
  };
  try {
    const operation = operationOf(draft, method, validators, authorizers);
    const integration = operation[INTEGRATION];
    const reason = isObject(integration) ? undeployable(integration) : undefined;
    if (!isObject(integration) || reason === undefined) return operation;
    left.calls(serviceOf(String(integration.uri)), integration.credentials);
    return leaveOut(reason.behind, reason.why);
  } catch (error) {
    const { Integration: written } = method.properties;
    if (!(error instanceof DefinitionError) || isKinesis(written)) throw error;
    const { Uri, Credentials } = isObject(written) ? written : {};
    const role = tolerantly(() => template.resolver.text(Credentials, `${method.place}.Credentials`));
    left.calls(serviceOf(JSON.stringify(Uri ?? '')), role);
    return leaveOut('', error.reason);
  }
}

function operationOf(draft: Draft, method: Resource, validators: Names, authorizers: Names): JsonObject {
  const { template } = draft;
  const validatorId = template.textProperty(method, 'RequestValidatorId');
  const validator = validatorId === undefined ? undefined : validators.get(validatorId);
  if (validatorId !== undefined && validator === undefined)
    template.resolver.fail(
      `${method.place}.RequestValidatorId`,
      'it is not a validator of this API; refer to one of the template',
    );
  const parameters = parametersOf(template.property(method, 'RequestParameters'));
  const bodies = contentOf(draft, template.property(method, 'RequestModels'));
  const security = securityOf(draft, method, authorizers);
  return present({
    operationId: template.textProperty(method, 'OperationName'),
    parameters: parameters.length > 0 ? parameters : undefined,
    requestBody: bodies && { content: bodies, required: true },
    responses: responsesOf(draft, template.property(method, 'MethodResponses')),
    security: security.length > 0 ? security : undefined,
    'x-amazon-apigateway-request-validator': validator,
    [INTEGRATION]: integrationOf(draft, method),
  });
}

function parametersOf(declared: Json | undefined): JsonObject[] {
  const places: Readonly<Record<string, string>> = { path: 'path', querystring: 'query', header: 'header' };
  return Object.entries(isObject(declared) ? declared : {}).map(([key, value]) => {
    const [, , place = '', ...name] = key.split('.');
    const required = place === 'path' || isTrue(isObject(value) ? value.Required : value);
    return { name: name.join('.'), in: places[place] ?? place, required, schema: { type: 'string' } };
  });
}

/** Maps media types to schemas; references to the built-in models are replaced by the models themselves. */
function contentOf({ openapi }: Draft, models: Json | undefined): JsonObject | undefined {
  if (!isObject(models) || Object.keys(models).length === 0) return undefined;
  return Object.fromEntries(
    Object.entries(models).map(([mediaType, value]) => {
      const name = asModelName(String(value));
      const schemas = schemasOf(openapi);
      if (BUILT_IN[name] !== undefined) schemas[name] ??= { ...BUILT_IN[name] };
      return [mediaType, { schema: { $ref: `#/components/schemas/${name}` } }];
    }),
  );
}

function responsesOf(draft: Draft, responses: Json | undefined): JsonObject {
  return Object.fromEntries(
    (Array.isArray(responses) ? responses : []).filter(isObject).map((response) => {
      const headers = Object.keys(
        isObject(response.ResponseParameters) ? response.ResponseParameters : {},
      ).map((key) => [key.replace('method.response.header.', ''), { schema: { type: 'string' } }] as const);
      const status = String(response.StatusCode);
      const written = present({
        description: `${status} response`,
        headers: headers.length > 0 ? Object.fromEntries(headers) : undefined,
        content: contentOf(draft, response.ResponseModels),
      });
      return [status, written];
    }),
  );
}

function securityOf(draft: Draft, method: Resource, authorizers: Names): JsonObject[] {
  const { template, openapi } = draft;
  const demanded: JsonObject[] = [];
  const type = template.textProperty(method, 'AuthorizationType') ?? 'NONE';
  if (type === 'AWS_IAM') demanded.push(demandSignature(openapi));
  else if (type !== 'NONE') {
    const name = authorizers.get(template.textProperty(method, 'AuthorizerId') ?? '');
    if (name === undefined)
      return template.resolver.fail(
        `${method.place}.AuthorizerId`,
        'it is not an authorizer of this API; refer to one of the template',
      );
    const scopes = template.property(method, 'AuthorizationScopes');
    demanded.push({ [name]: Array.isArray(scopes) ? scopes : [] });
  }
  if (isTrue(template.property(method, 'ApiKeyRequired'))) demanded.push(demandKey(openapi));
  return demanded;
}
