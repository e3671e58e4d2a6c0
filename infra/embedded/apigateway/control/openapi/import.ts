import type { HttpResponse } from '../../../http.ts';
import type { RestApi } from '../../model.ts';
import { endpointConfiguration, endpointTypesOf } from '../endpoint.ts';
import { badRequest, checkAll, inEnum } from '../errors.ts';
import { emptyRestApi, restApiView } from '../rest-apis.ts';
import { type ControlState, restApiOf } from '../state.ts';
import { type Call, isObject, json } from '../wire.ts';
import { applyDefinition } from './apply.ts';
import { basePathMode, basePathSegments } from './base-path.ts';
import { type Definition, readDefinition } from './definition.ts';
import { type Json, listAt, objectAt, readDocument } from './document.ts';
import { openapi3 } from './openapi3.ts';
import { swagger2 } from './swagger2.ts';

/** A query parameter, compared case-insensitively: the documentation writes both `basepath` and `basePath`. */
function option(call: Call, name: string): string | undefined {
  return [...call.query].find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

function readCall(call: Call): Definition {
  const document = readDocument(call.request.body);
  return readDefinition(document, document.version === 2 ? swagger2 : openapi3);
}

/**
 * Applies the definition to a draft and returns the draft. If there are errors, or warnings with `failonwarnings`, it
 * throws AWS's error and the draft is discarded (the format of both messages is inferred).
 */
function complete(
  state: ControlState,
  call: Call,
  draft: RestApi,
  definition: Definition,
  ids: ReadonlyMap<string, string> = new Map(),
): RestApi {
  const before = basePathSegments(definition.basePath, basePathMode(option(call, 'basepath')));
  applyRoot(draft, definition);
  const { errors, warnings } = applyDefinition(draft, definition, before, state.account, ids);
  if (errors.length > 0) throw badRequest(`Errors found during import:\n\t${errors.join('\n\t')}`);
  if (warnings.length > 0 && option(call, 'failonwarnings') === 'true') {
    throw badRequest(`Warnings found during import:\n\t${warnings.join('\n\t')}`);
  }
  draft.warnings = warnings.length > 0 ? warnings : undefined;
  return draft;
}

export function importRestApi(state: ControlState, call: Call): HttpResponse {
  const definition = readCall(call);
  if (definition.title === undefined) throw badRequest('Invalid OpenAPI input.');
  const draft = emptyRestApi(state, definition.title);
  const types = option(call, 'endpointConfigurationTypes');
  if (types !== undefined) {
    const named = types.split(',').map((type) => type.trim().toUpperCase());
    draft.endpointConfiguration = endpointConfiguration(endpointTypesOf(named, 'endpointConfigurationTypes'));
  }
  const api = complete(state, call, draft, definition);
  state.restApis.set(api.id, api);
  return json(201, restApiView(api, 'when-set'));
}

/**
 * `mode` is merge by default (botocore apigateway/2015-07-09). Both modes take the API's name from the file's title
 * and keep the ids, and so the cache namespaces, of remaining paths (recorded on AWS, docs/facts/gateway.md#import).
 */
export function putRestApi(state: ControlState, call: Call): HttpResponse {
  checkAll(inEnum(option(call, 'mode'), 'mode', ['overwrite', 'merge']));
  // An invalid file is refused before an unknown API (recorded on AWS).
  const definition = readCall(call);
  const stored = restApiOf(state, call);
  const draft = option(call, 'mode') === 'overwrite' ? overwritten(stored) : merged(stored);
  draft.name = definition.title ?? stored.name;
  const ids = new Map([...stored.resources.values()].map(({ path, id }) => [path, id]));
  const api = complete(state, call, draft, definition, ids);
  state.restApis.set(api.id, api);
  return json(200, restApiView(api, 'always'));
}

function merged(stored: RestApi): RestApi {
  return {
    ...stored,
    resources: structuredClone(stored.resources),
    models: structuredClone(stored.models),
    requestValidators: structuredClone(stored.requestValidators),
    authorizers: structuredClone(stored.authorizers),
    gatewayResponses: structuredClone(stored.gatewayResponses),
  };
}

/** An overwrite keeps id, root resource, tags, endpoint, deployments and stages, and replaces everything else. */
function overwritten(stored: RestApi): RestApi {
  return {
    ...stored,
    description: undefined,
    version: undefined,
    apiKeySource: 'HEADER',
    binaryMediaTypes: undefined,
    policy: undefined,
    resources: new Map([[stored.rootResourceId, { id: stored.rootResourceId, path: '/' }]]),
    models: new Map(),
    requestValidators: new Map(),
    authorizers: new Map(),
    gatewayResponses: new Map(),
  };
}

/** The API-wide settings at the root of the file. */
function applyRoot(api: RestApi, { root, description, version }: Definition): void {
  api.description = description ?? api.description;
  api.version = version ?? api.version;
  const binary = listAt(root, 'x-amazon-apigateway-binary-media-types').map(String);
  if (binary.length > 0) {
    api.binaryMediaTypes = [...new Set([...(api.binaryMediaTypes ?? []), ...binary])];
  }
  const keySource = root['x-amazon-apigateway-api-key-source'];
  if (typeof keySource === 'string') {
    api.apiKeySource = keySource.toUpperCase() === 'AUTHORIZER' ? 'AUTHORIZER' : 'HEADER';
  }
  const policy = root['x-amazon-apigateway-policy'];
  if (isObject(policy)) api.policy = JSON.stringify(policy);
  for (const endpoint of endpointExtensions(root)) {
    if (typeof endpoint.disableExecuteApiEndpoint === 'boolean') {
      api.disableExecuteApiEndpoint = endpoint.disableExecuteApiEndpoint;
    }
  }
}

/** In Swagger 2 it is at the root, in OpenAPI 3 at a server. */
function endpointExtensions(root: Json): Json[] {
  const servers = listAt(root, 'servers').filter(isObject);
  return [root, ...servers].map((node) => objectAt(node, 'x-amazon-apigateway-endpoint-configuration'));
}
