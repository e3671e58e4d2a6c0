import { randomBytes } from 'node:crypto';
import type { HttpResponse } from '../../http.ts';
import type { ApiKey } from '../model.ts';
import { badRequest, conflict, notFound } from './errors.ts';
import { newApiId } from './ids.ts';
import { readPatch, replaceFields } from './patch.ts';
import { type ControlState, seconds } from './state.ts';
import { type Call, empty, flag, json, page, param, readBody, text, textMap } from './wire.ts';

/** The id of a key that a stage accepts: it is enabled and in a usage plan of the stage (API Gateway guide). */
export function validKeyId(
  state: ControlState,
  value: string,
  apiId: string,
  stage: string,
): string | undefined {
  return [...state.usagePlans.values()]
    .filter(({ apiStages }) => apiStages.some((served) => served.apiId === apiId && served.stage === stage))
    .flatMap(({ keyIds }) => [...keyIds])
    .find((id) => {
      const key = state.apiKeys.get(id);
      return key?.enabled === true && key.value === value;
    });
}

/** The value is shown only on request. Only GetApiKey and UpdateApiKey print empty tags (recorded on AWS). */
const view = ({ value, ...key }: ApiKey, isShown: boolean, tags: 'always' | 'when-set' = 'when-set') => ({
  ...key,
  ...(isShown && { value }),
  stageKeys: [],
  tags: key.tags ?? (tags === 'always' ? {} : undefined),
});

export function apiKeyOf(state: ControlState, id: string): ApiKey {
  const key = state.apiKeys.get(id);
  if (key === undefined) throw notFound('Invalid API Key identifier specified');
  return key;
}

/** The keys whose name has this prefix, case-sensitively (recorded on AWS); every key if there is no prefix. */
export function named<T extends { readonly name?: string | undefined }>(call: Call, keys: readonly T[]): T[] {
  // On the wire, the SDKs' `nameQuery` has this name.
  const start = call.query.get('name') ?? '';
  return keys.filter(({ name = '' }) => name.startsWith(start));
}

/** Recorded on AWS, as are the messages; an empty name counts as absent. */
const MAX_NAME = 1_024;
const MAX_DESCRIPTION = 125_000;
const MIN_VALUE = 20;
const MAX_VALUE = 128;

function nameOf(given: string | undefined): string | undefined {
  if ((given ?? '').length > MAX_NAME) {
    throw badRequest(`Invalid API Key name, can be at most ${MAX_NAME} characters.`);
  }
  return given || undefined;
}

function descriptionOf(given: string | undefined): string | undefined {
  if ((given ?? '').length > MAX_DESCRIPTION) throw badRequest('Invalid API Key description specified.');
  return given;
}

/** An empty or absent value is generated. */
function keyValue(given: string | undefined): string {
  const value =
    given ||
    randomBytes(60)
      .toString('base64')
      .replaceAll(/[^A-Za-z0-9]/g, '')
      .slice(0, 40);
  if (value.length < MIN_VALUE) {
    throw badRequest(`API Key value should be at least ${MIN_VALUE} characters`);
  }
  if (value.length > MAX_VALUE) {
    throw badRequest(`API Key value exceeds maximum size of ${MAX_VALUE} characters`);
  }
  return value;
}

export function createApiKey(state: ControlState, call: Call): HttpResponse {
  const body = readBody(call);
  const name = nameOf(text(body, 'name'));
  const description = descriptionOf(text(body, 'description'));
  const value = keyValue(text(body, 'value'));
  // The text is not recorded (inferred).
  if (state.apiKeys.values().some((key) => key.value === value)) throw conflict('API Key already exists');
  const now = seconds(state);
  const key: ApiKey = {
    id: newApiId(),
    name,
    description,
    customerId: text(body, 'customerId'),
    value,
    enabled: flag(body, 'enabled') ?? false,
    createdDate: now,
    lastUpdatedDate: now,
    tags: textMap(body, 'tags'),
  };
  state.apiKeys.set(key.id, key);
  return json(201, view(key, true));
}

export const getApiKey = (state: ControlState, call: Call) =>
  json(
    200,
    view(apiKeyOf(state, param(call, 'apiKeyId')), call.query.get('includeValue') === 'true', 'always'),
  );

export const getApiKeys = (state: ControlState, call: Call) =>
  page(
    call,
    named(call, [...state.apiKeys.values()]).map((key) =>
      view(key, call.query.get('includeValues') === 'true'),
    ),
  );

/** A value that is not a Boolean leaves the key disabled (recorded on AWS). */
export function updateApiKey(state: ControlState, call: Call): HttpResponse {
  const patch = readPatch(readBody(call), 'updateApiKeyInput');
  const key = { ...apiKeyOf(state, param(call, 'apiKeyId')) };
  replaceFields(patch, {
    '/description': (value) => {
      key.description = descriptionOf(value);
    },
    '/enabled': (value) => {
      key.enabled = value.toLowerCase() === 'true';
    },
    '/name': (value) => {
      key.name = nameOf(value);
    },
    '/customerId': (value) => {
      key.customerId = value;
    },
  });
  key.lastUpdatedDate = seconds(state);
  state.apiKeys.set(key.id, key);
  return json(200, view(key, false, 'always'));
}

export function deleteApiKey(state: ControlState, call: Call): HttpResponse {
  const { id } = apiKeyOf(state, param(call, 'apiKeyId'));
  for (const { keyIds } of state.usagePlans.values()) keyIds.delete(id);
  state.apiKeys.delete(id);
  return empty(202);
}
