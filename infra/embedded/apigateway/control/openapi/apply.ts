import type { Account } from '../../../account.ts';
import type { Method, MethodResponse, Resource, RestApi } from '../../model.ts';
import { ApiGatewayError, badRequest, notFound } from '../errors.ts';
import { customise } from '../gateway-responses.ts';
import { newId } from '../ids.ts';
import { storeModel } from '../models.ts';
import { addResource } from '../resources.ts';
import {
  checkIntegration,
  checkIntegrationResponse,
  checkMethod,
  checkMethodResponse,
} from '../validation.ts';
import { isObject } from '../wire.ts';
import { addAuthorizers, authorization } from './authorizer-extension.ts';
import { segmentsOf } from './base-path.ts';
import type { DefinedMethod, Definition } from './definition.ts';
import { type Json, objectAt, textAt } from './document.ts';
import { integrationExtension, readIntegration } from './integration-extension.ts';
import { modelNameOf, toService } from './model-references.ts';

/** The findings of an import, as whole sentences. */
export interface Findings {
  readonly errors: string[];
  readonly warnings: string[];
}

/**
 * Adds the contents of a definition to an API, which the caller discards if there are errors. `before` are the
 * segments that prefix every path; `ids` (path to id) are those of existing resources.
 */
export function applyDefinition(
  api: RestApi,
  definition: Definition,
  before: readonly string[],
  account: Account,
  ids: ReadonlyMap<string, string>,
): Findings {
  const findings: Findings = { errors: [], warnings: [] };
  /** Runs one step; an error becomes a finding in the format of AWS's importer. */
  const attempt = <T>(doing: string, step: () => T): T | undefined => {
    try {
      return step();
    } catch (error) {
      if (!(error instanceof ApiGatewayError) || error.status >= 500) throw error;
      findings.errors.push(`Unable to ${doing}: ${error.message}`);
      return undefined;
    }
  };

  addModels(api, definition, attempt);
  const validators = addRequestValidators(api, definition.root);
  addAuthorizers(api, definition.securitySchemes, attempt);
  addGatewayResponses(api, definition.root, attempt);
  const defaultValidator = textAt(definition.root, validatorExtension);

  // A path without methods also becomes a resource (inferred: exports write such a resource as an empty path).
  for (const path of definition.paths) {
    const segments = [...before, ...segmentsOf(path)];
    attempt(`create resource at path '/${segments.join('/')}'`, () => resourceAt(api, segments, ids));
  }

  for (const defined of definition.methods) {
    const segments = [...before, ...segmentsOf(defined.path)];
    const path = `/${segments.join('/')}`;
    const resource = attempt(`create resource at path '${path}'`, () => resourceAt(api, segments, ids));
    if (resource === undefined) continue;
    const method = attempt(`put method '${defined.httpMethod}' on resource at path '${path}'`, () => {
      const built = methodOf(api, defined, segments, validators, defaultValidator);
      checkMethod(api, built);
      return built;
    });
    if (method === undefined) continue;
    resource.resourceMethods = { ...resource.resourceMethods, [method.httpMethod]: method };
    const place = `'${defined.httpMethod}' for resource at path '${path}'`;
    for (const response of methodResponses(api, defined)) {
      attempt(`put method response on ${place}`, () => {
        checkMethodResponse(api, response);
        method.methodResponses = { ...method.methodResponses, [response.statusCode]: response };
      });
    }
    addIntegration(defined, resource, method, account, findings, attempt, place);
  }
  return findings;
}

export type Attempt = <T>(doing: string, step: () => T) => T | undefined;

const validatorExtension = 'x-amazon-apigateway-request-validator';

function addModels(api: RestApi, definition: Definition, attempt: Attempt): void {
  for (const [name, schema] of Object.entries(definition.schemas)) {
    attempt(`create model for '${name}' in API '${definition.title}'`, () => addModel(api, name, schema));
  }
}

function addModel(api: RestApi, name: string, schema: unknown): void {
  storeModel(api, {
    name,
    description: isObject(schema) ? textAt(schema, 'description') : undefined,
    contentType: 'application/json',
    schema: JSON.stringify(toService(schema, api.id), null, 2),
  });
}

/** The model that a schema refers to; an inline schema becomes a new model. */
function modelFor(api: RestApi, schema: unknown): string {
  const referred = modelNameOf(schema);
  if (referred !== undefined) return referred;
  const name = `MODEL${newId()}`;
  addModel(api, name, schema);
  return name;
}

/** Maps media types to model names, given media types to schemas; undefined if there are none. */
function modelsFor(api: RestApi, schemas: Json): Record<string, string> | undefined {
  const named = Object.entries(schemas).map(([mediaType, schema]) => [mediaType, modelFor(api, schema)]);
  return named.length > 0 ? Object.fromEntries(named) : undefined;
}

/** Name to id of the validators that the file declares; an existing validator of the same name keeps its id. */
function addRequestValidators(api: RestApi, root: Json): ReadonlyMap<string, string> {
  const ids = new Map([...api.requestValidators.values()].map(({ name, id }) => [name, id]));
  for (const [name, value] of Object.entries(objectAt(root, `${validatorExtension}s`))) {
    const given = isObject(value) ? value : {};
    const id = ids.get(name) ?? newId();
    ids.set(name, id);
    api.requestValidators.set(id, {
      id,
      name,
      validateRequestBody: given.validateRequestBody === true,
      validateRequestParameters: given.validateRequestParameters === true,
    });
  }
  return ids;
}

const textsOf = (map: Json) =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [key, String(value)]));

function addGatewayResponses(api: RestApi, root: Json, attempt: Attempt): void {
  for (const [type, value] of Object.entries(objectAt(root, 'x-amazon-apigateway-gateway-responses'))) {
    const given = isObject(value) ? value : {};
    const { responseParameters, responseTemplates } = given;
    attempt(`put gateway response '${type}'`, () =>
      customise(api, type, {
        statusCode: textAt(given, 'statusCode'),
        responseParameters: isObject(responseParameters) ? textsOf(responseParameters) : undefined,
        responseTemplates: isObject(responseTemplates) ? textsOf(responseTemplates) : undefined,
      }),
    );
  }
}

/** Finds the resource at a path, and creates any missing parents. */
function resourceAt(api: RestApi, segments: readonly string[], ids: ReadonlyMap<string, string>): Resource {
  const root = api.resources.get(api.rootResourceId);
  if (root === undefined) throw notFound('Invalid Resource identifier specified');
  return segments.reduce((parent, part) => {
    const children = [...api.resources.values()].filter((resource) => resource.parentId === parent.id);
    return children.find((resource) => resource.pathPart === part) ?? addResource(api, parent, part, ids);
  }, root);
}

const placeOf = { path: 'path', query: 'querystring', header: 'header' } as const;

/** Every path variable is a parameter, declared or not (recorded on AWS). */
const pathParameters = (segments: readonly string[]): [string, boolean][] =>
  segments.flatMap((segment) => {
    const name = /^\{(.+?)\+?\}$/.exec(segment)?.[1];
    return name === undefined ? [] : [[`method.request.path.${name}`, true] as [string, boolean]];
  });

function methodOf(
  api: RestApi,
  defined: DefinedMethod,
  segments: readonly string[],
  validators: ReadonlyMap<string, string>,
  defaultValidator: string | undefined,
): Method {
  const declared = defined.parameters.map(({ name, in: place, required }): [string, boolean] => [
    `method.request.${placeOf[place]}.${name}`,
    required,
  ]);
  const parameters = [...pathParameters(segments), ...declared];
  const validator = textAt(defined.operation, validatorExtension) ?? defaultValidator;
  const requestValidatorId = validator === undefined ? undefined : validators.get(validator);
  if (validator !== undefined && requestValidatorId === undefined) {
    throw badRequest('Invalid Request Validator identifier specified');
  }
  return {
    httpMethod: defined.httpMethod,
    ...authorization(api, defined),
    operationName: defined.operationId,
    requestParameters: parameters.length > 0 ? Object.fromEntries(parameters) : undefined,
    requestModels: modelsFor(api, defined.bodies),
    requestValidatorId,
  };
}

function methodResponses(api: RestApi, defined: DefinedMethod): MethodResponse[] {
  return defined.responses.map(({ statusCode, headers, schemas }) => ({
    statusCode,
    responseParameters:
      headers.length > 0
        ? Object.fromEntries(headers.map((name) => [`method.response.header.${name}`, false]))
        : undefined,
    responseModels: modelsFor(api, schemas),
  }));
}

function addIntegration(
  defined: DefinedMethod,
  resource: Resource,
  method: Method,
  account: Account,
  findings: Findings,
  attempt: Attempt,
  place: string,
): void {
  const extension = defined.operation[integrationExtension];
  if (!isObject(extension)) return;
  attempt(`put integration on ${place}`, () => {
    const read = readIntegration(extension, resource, defined.httpMethod);
    checkIntegration(method, read.integration, account);
    findings.warnings.push(...read.warnings);
    method.methodIntegration = read.integration;
    for (const response of read.responses) {
      attempt(`put integration response on ${place}`, () => {
        checkIntegrationResponse(method, response);
        read.integration.integrationResponses = {
          ...read.integration.integrationResponses,
          [response.statusCode]: response,
        };
      });
    }
  });
}
