import type { HttpResponse } from '../../http.ts';
import type { Model, RestApi } from '../model.ts';
import { endpointConfiguration, endpointField, endpointViolations, readEndpoint } from './endpoint.ts';
import { badRequest, checkAll, inEnum, notEmulated } from './errors.ts';
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
  text,
  textList,
  textMap,
  wholeNumber,
} from './wire.ts';

const keySources = ['HEADER', 'AUTHORIZER'] as const;
const accessModes = ['BASIC', 'STRICT'] as const;
/** As in botocore; the order in which the service prints them is inferred. */
const securityPolicies = [
  'TLS_1_0',
  'TLS_1_2',
  'SecurityPolicy_TLS13_1_3_2025_09',
  'SecurityPolicy_TLS13_1_3_FIPS_2025_09',
  'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09',
  'SecurityPolicy_TLS13_1_2_FIPS_PFS_PQ_2025_09',
  'SecurityPolicy_TLS13_1_2_PQ_2025_09',
  'SecurityPolicy_TLS13_1_2_FIPS_PQ_2025_09',
  'SecurityPolicy_TLS13_1_2_2021_06',
  'SecurityPolicy_TLS13_1_2_Ext2_PQ_2025_09',
  'SecurityPolicy_TLS13_1_2_Ext2_FIPS_PQ_2025_09',
  'SecurityPolicy_TLS13_2025_EDGE',
  'SecurityPolicy_TLS12_PFS_2025_EDGE',
  'SecurityPolicy_TLS12_2018_EDGE',
];

/** A new API with only its root resource. EDGE is the default (docs/facts/gateway.md#import). */
export function emptyRestApi(state: ControlState, name: string): RestApi {
  const rootResourceId = newApiId();
  return {
    id: newApiId(),
    name,
    createdDate: seconds(state),
    apiKeySource: 'HEADER',
    endpointConfiguration: endpointConfiguration(['EDGE']),
    disableExecuteApiEndpoint: false,
    apiStatus: 'AVAILABLE',
    securityPolicy: 'TLS_1_0',
    tags: {},
    rootResourceId,
    resources: new Map([[rootResourceId, { id: rootResourceId, path: '/' }]]),
    models: new Map(),
    requestValidators: new Map(),
    authorizers: new Map(),
    gatewayResponses: new Map(),
    deployments: new Map(),
    stages: new Map(),
  };
}

/** The two models that a new API has; an imported API has only those of its definition (recorded on AWS). */
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

/** The wire shape. Creating, importing and listing omit empty tags, other operations print them (recorded on AWS). */
export function restApiView(api: RestApi, tags: 'always' | 'when-set') {
  const { resources: _, models: _m, requestValidators: _v, gatewayResponses: _g, ...shown } = api;
  const { authorizers: _a, deployments: _d, stages: _s, ...view } = shown;
  const hideTags = tags === 'when-set' && Object.keys(api.tags).length === 0;
  return { ...view, tags: hideTags ? undefined : api.tags };
}

function readCompressionSize(value: number | undefined): number | undefined {
  if (value === undefined || (Number.isInteger(value) && value >= 0 && value <= 10_485_760)) return value;
  throw badRequest('Invalid minimum compression size, must be between 0 and 10485760');
}

/** Stored as given if it is valid JSON; the error's message is not recorded (inferred). */
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

/** Violations of the service's model come before every other error, all in one message (recorded on AWS). */
function checkModelOf(body: Body): void {
  const at = (member: string) => `createRestApiInput.${member}`;
  checkAll([
    ...endpointViolations(body),
    ...inEnum(text(body, 'apiKeySource'), at('apiKeySource'), keySources),
    ...inEnum(text(body, 'securityPolicy'), at('securityPolicy'), securityPolicies),
    ...inEnum(text(body, 'endpointAccessMode'), at('endpointAccessMode'), accessModes),
  ]);
}

export function createRestApi(state: ControlState, call: Call): HttpResponse {
  const body = readBody(call);
  checkModelOf(body);
  if (text(body, 'cloneFrom') !== undefined) throw notEmulated('cloneFrom');
  const name = text(body, 'name');
  if (name === undefined || name.trim() === '') throw badRequest('Name cannot be empty');
  const description = text(body, 'description');
  if (description === '') throw badRequest('Description cannot be an empty string');
  const base = emptyRestApi(state, name);
  const binaryMediaTypes = textList(body, 'binaryMediaTypes');
  const api: RestApi = {
    ...base,
    models: defaultModels(),
    description,
    version: text(body, 'version'),
    apiKeySource: keySources.find((source) => source === text(body, 'apiKeySource')) ?? 'HEADER',
    securityPolicy: text(body, 'securityPolicy') ?? base.securityPolicy,
    endpointAccessMode: text(body, 'endpointAccessMode'),
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
  const patch = readPatch(readBody(call), 'updateRestApiInput');
  const stored = restApiOf(state, call);
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
    securityPolicy: scalar((value) => {
      // The message is not recorded (inferred).
      if (!securityPolicies.includes(value)) throw badRequest('Invalid security policy specified');
      api.securityPolicy = value;
    }),
    endpointAccessMode: scalar((value) => {
      api.endpointAccessMode = value;
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
