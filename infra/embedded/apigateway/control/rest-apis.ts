import type { HttpResponse } from '../../http.ts';
import type { Model, RestApi } from '../model.ts';
import { badRequest, notEmulated, notInEnum, type Violation, violations } from './errors.ts';
import { newApiId, newId } from './ids.ts';
import { applyPatch, type Field, items, optional, readPatch, scalar } from './patch.ts';
import { type ControlState, restApiOf, seconds } from './state.ts';
import {
  type Body,
  type Call,
  empty,
  flag,
  json,
  page,
  readBody,
  structure,
  text,
  textList,
  textMap,
  wholeNumber,
} from './wire.ts';

type Endpoint = RestApi['endpointConfiguration'];
const endpointTypes = ['PRIVATE', 'EDGE', 'REGIONAL'] as const;
const addressTypes = ['ipv4', 'dualstack'] as const;
const keySources = ['HEADER', 'AUTHORIZER'] as const;

/** An API as it is before anything was added: only its root resource. EDGE is the default (facts 3.9). */
export function emptyRestApi(state: ControlState, name: string): RestApi {
  const rootResourceId = newApiId();
  return {
    id: newApiId(),
    name,
    createdDate: seconds(state),
    apiKeySource: 'HEADER',
    endpointConfiguration: endpointConfiguration(['EDGE']),
    disableExecuteApiEndpoint: false,
    tags: {},
    rootResourceId,
    resources: new Map([[rootResourceId, { id: rootResourceId, path: '/' }]]),
    models: new Map(),
    requestValidators: new Map(),
    gatewayResponses: new Map(),
    deployments: new Map(),
    stages: new Map(),
  };
}

/** Only a private API is dual stack by default (recorded on AWS). */
export function endpointConfiguration(types: Endpoint['types'], ipAddressType?: string): Endpoint {
  const isPrivate = types.includes('PRIVATE');
  if (isPrivate && ipAddressType === 'ipv4') {
    throw badRequest('Only dualstack ipAddressType is supported for Private APIs.');
  }
  return { types, ipAddressType: ipAddressType ?? (isPrivate ? 'dualstack' : 'ipv4') };
}

/** The endpoint types that a caller names; refuses unknown ones, none and several. */
export function endpointTypesOf(named: readonly string[], at: string): Endpoint['types'] {
  const types = named.map((name) => {
    const type = endpointTypes.find((candidate) => candidate === name);
    if (type === undefined) throw violations([unknownEndpointTypes(named, at)]);
    return type;
  });
  if (types.length === 0)
    throw badRequest('REGIONAL Configuration and EDGE Configuration cannot be both DISABLED.');
  if (types.length > 1) throw badRequest('Cannot create an api with multiple Endpoint Types.');
  return types;
}

const unknownEndpointTypes = (named: readonly string[], at: string): Violation => ({
  value: `[${named.join(', ')}]`,
  at,
  constraint: `Member must satisfy constraint: [Member must satisfy enum value set: [${endpointTypes.join(', ')}]]`,
});

/** The two models that a new API has; an imported one has only the definition's (recorded on AWS). */
function defaultModels(): Map<string, Model> {
  const schemas = {
    Empty: { title: 'Empty Schema', type: 'object' },
    Error: { title: 'Error Schema', type: 'object', properties: { message: { type: 'string' } } },
  };
  return new Map(
    Object.entries(schemas).map(([name, schema]) => [
      name,
      {
        id: newId(),
        name,
        description: `This is a default ${name.toLowerCase()} schema model`,
        contentType: 'application/json',
        schema: JSON.stringify({ $schema: 'http://json-schema.org/draft-04/schema#', ...schema }, null, 2),
      },
    ]),
  );
}

/** The wire shape. Creating, importing and listing leave empty tags out, the others print them (recorded on AWS). */
export function restApiView(api: RestApi, tags: 'always' | 'when-set') {
  const { resources: _, models: _m, requestValidators: _v, gatewayResponses: _g, ...shown } = api;
  const { deployments: _d, stages: _s, ...view } = shown;
  const hideTags = tags === 'when-set' && Object.keys(api.tags).length === 0;
  return { ...view, tags: hideTags ? undefined : api.tags };
}

function readCompressionSize(value: number | undefined): number | undefined {
  if (value === undefined || (Number.isInteger(value) && value >= 0 && value <= 10_485_760)) return value;
  throw badRequest('Invalid minimum compression size, must be between 0 and 10485760');
}

/** Kept as the text it was given, once that is JSON; the refusal's text is not recorded (inferred). */
function readPolicy(policy: string | undefined): string | undefined {
  if (policy === undefined) return undefined;
  try {
    JSON.parse(policy);
    return policy;
  } catch {
    throw badRequest(
      'Invalid policy document. Please check the policy syntax and ensure that Principals are valid.',
    );
  }
}

function readEndpoint(body: Body): Endpoint | undefined {
  const given = structure(body, 'endpointConfiguration');
  if (given === undefined) return undefined;
  const at = 'createRestApiInput.endpointConfiguration';
  const named = textList(given, 'types');
  const address = text(given, 'ipAddressType');
  const broken: Violation[] = [];
  if (named?.some((name) => !endpointTypes.some((type) => type === name))) {
    broken.push(unknownEndpointTypes(named, `${at}.types`));
  }
  if (address !== undefined && !addressTypes.some((type) => type === address)) {
    broken.push(notInEnum(address, `${at}.ipAddressType`, addressTypes));
  }
  if (broken.length > 0) throw violations(broken);
  return endpointConfiguration(
    named === undefined ? ['EDGE'] : endpointTypesOf(named, `${at}.types`),
    address,
  );
}

export function createRestApi(state: ControlState, call: Call): HttpResponse {
  const body = readBody(call);
  if (text(body, 'cloneFrom') !== undefined) throw notEmulated('cloneFrom');
  const name = text(body, 'name');
  if (name === undefined || name.trim() === '') throw badRequest('Name cannot be empty');
  const description = text(body, 'description');
  if (description === '') throw badRequest('Description cannot be an empty string');
  const keySource = text(body, 'apiKeySource');
  const apiKeySource = keySources.find((source) => source === (keySource ?? 'HEADER'));
  if (apiKeySource === undefined) {
    throw violations([notInEnum(String(keySource), 'createRestApiInput.apiKeySource', keySources)]);
  }
  const base = emptyRestApi(state, name);
  const binaryMediaTypes = textList(body, 'binaryMediaTypes');
  const api: RestApi = {
    ...base,
    models: defaultModels(),
    description,
    version: text(body, 'version'),
    apiKeySource,
    endpointConfiguration: readEndpoint(body) ?? base.endpointConfiguration,
    binaryMediaTypes: binaryMediaTypes?.length ? binaryMediaTypes : undefined,
    minimumCompressionSize: readCompressionSize(wholeNumber(body, 'minimumCompressionSize')),
    policy: readPolicy(text(body, 'policy')),
    disableExecuteApiEndpoint: flag(body, 'disableExecuteApiEndpoint') ?? false,
    tags: textMap(body, 'tags') ?? {},
  };
  state.restApis.set(api.id, api);
  return json(201, restApiView(api, 'when-set'));
}

export const getRestApi = (state: ControlState, call: Call) =>
  json(200, restApiView(restApiOf(state, call), 'always'));

export const getRestApis = (state: ControlState, call: Call) =>
  page(
    call,
    [...state.restApis.values()].map((api) => restApiView(api, 'when-set')),
  );

export function deleteRestApi(state: ControlState, call: Call): HttpResponse {
  state.restApis.delete(restApiOf(state, call).id);
  return empty(202);
}

export function updateRestApi(state: ControlState, call: Call): HttpResponse {
  const stored = restApiOf(state, call);
  const patch = readPatch(readBody(call), 'updateRestApiInput');
  const api: RestApi = { ...stored, endpointConfiguration: structuredClone(stored.endpointConfiguration) };
  const fields: Record<string, Field> = {
    name: scalar((value) => {
      if (value.trim() === '') throw badRequest('Name cannot be empty');
      api.name = value;
    }),
    description: optional((value) => {
      api.description = value;
    }),
    version: optional((value) => {
      api.version = value;
    }),
    policy: optional((value) => {
      api.policy = readPolicy(value === '' ? undefined : value);
    }),
    apiKeySource: scalar((value) => {
      const source = keySources.find((candidate) => candidate === value);
      if (source === undefined) throw badRequest('Invalid API key source specified');
      api.apiKeySource = source;
    }),
    minimumCompressionSize: scalar((value) => {
      api.minimumCompressionSize = readCompressionSize(value === '' ? undefined : Number(value));
    }),
    disableExecuteApiEndpoint: scalar((value) => {
      api.disableExecuteApiEndpoint = value.toLowerCase() === 'true';
    }),
    binaryMediaTypes: items(
      () => api.binaryMediaTypes ?? [],
      (list) => {
        api.binaryMediaTypes = list.length > 0 ? list : undefined;
      },
    ),
    endpointConfiguration: endpointField(api),
  };
  applyPatch(patch.map(withoutIndexedTypes), fields);
  state.restApis.set(api.id, api);
  return json(200, restApiView(api, 'always'));
}

/** Endpoint types are patched as `/endpointConfiguration/types/EDGE`: the old one is the path, the new the value. */
function withoutIndexedTypes<T extends { readonly path: string | null }>(operation: T): T {
  const path = operation.path?.replace(/^(\/endpointConfiguration\/types)\/[^/]+$/, '$1') ?? null;
  return { ...operation, path };
}

function endpointField(api: RestApi): Field {
  return {
    keyed: true,
    ops: ['replace'],
    apply({ value, path }, key) {
      const current = api.endpointConfiguration;
      if (key === 'ipAddressType') {
        if (!addressTypes.some((type) => type === value)) {
          throw badRequest('ipAddressType must be either ipv4 or dualstack.');
        }
        api.endpointConfiguration = endpointConfiguration(current.types, value);
      } else if (key === 'types') {
        const type = endpointTypes.find((candidate) => candidate === value);
        if (type === undefined) {
          throw badRequest('Invalid EndpointTypes specified. Valid options are REGIONAL,EDGE,PRIVATE');
        }
        api.endpointConfiguration = endpointConfiguration([type]);
      } else throw badRequest(`Invalid patch path ${path}`);
    },
  };
}
