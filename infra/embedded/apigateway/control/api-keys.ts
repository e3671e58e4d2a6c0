import { randomBytes } from 'node:crypto';
import type { HttpResponse } from '../../http.ts';
import type { ApiKey, UsagePlan } from '../model.ts';
import { badRequest, conflict, notFound } from './errors.ts';
import { newApiId, newId } from './ids.ts';
import { pathParts, readPatch } from './patch.ts';
import { type ControlState, seconds } from './state.ts';
import {
  type Body,
  type Call,
  empty,
  flag,
  isObject,
  json,
  page,
  param,
  readBody,
  text,
  textMap,
} from './wire.ts';

/** Whether a stage takes this key: it is enabled, and in a plan that the stage belongs to (API Gateway guide). */
export function apiKeyKnown(state: ControlState, value: string, apiId: string, stage: string): boolean {
  return state.usagePlans.values().some(
    ({ apiStages, keyIds }) =>
      apiStages.some((served) => served.apiId === apiId && served.stage === stage) &&
      [...keyIds].some((id) => {
        const key = state.apiKeys.get(id);
        return key?.enabled === true && key.value === value;
      }),
  );
}

/** Its value is shown when it is asked for. */
const view = ({ value, ...key }: ApiKey, isShown: boolean) => ({
  ...key,
  ...(isShown && { value }),
  stageKeys: [],
});

function apiKeyOf(state: ControlState, id: string): ApiKey {
  const key = state.apiKeys.get(id);
  if (key === undefined) throw notFound('Invalid API Key identifier specified');
  return key;
}

export function createApiKey(state: ControlState, call: Call): HttpResponse {
  const body = readBody(call);
  const value = text(body, 'value') ?? randomBytes(30).toString('base64url');
  // The lengths are botocore's documentation, the text is inferred.
  if (value.length < 20 || value.length > 128)
    throw badRequest('API Key value should be at least 20 characters');
  if (state.apiKeys.values().some((key) => key.value === value)) throw conflict('API Key already exists');
  const now = seconds(state);
  const key: ApiKey = {
    id: newApiId(),
    name: text(body, 'name') ?? '',
    description: text(body, 'description'),
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
  json(200, view(apiKeyOf(state, param(call, 'apiKeyId')), call.query.get('includeValue') === 'true'));

export const getApiKeys = (state: ControlState, call: Call) =>
  page(
    call,
    [...state.apiKeys.values()].map((key) => view(key, call.query.get('includeValues') === 'true')),
  );

export function deleteApiKey(state: ControlState, call: Call): HttpResponse {
  const { id } = apiKeyOf(state, param(call, 'apiKeyId'));
  for (const { keyIds } of state.usagePlans.values()) keyIds.delete(id);
  state.apiKeys.delete(id);
  return empty(202);
}

const planView = ({ keyIds: _, ...plan }: UsagePlan) => plan;

function planOf(state: ControlState, call: Call): UsagePlan {
  const plan = state.usagePlans.get(param(call, 'usagePlanId'));
  if (plan === undefined) throw notFound('Invalid Usage Plan ID specified');
  return plan;
}

/** Throttle and quota are kept and not enforced. */
export function createUsagePlan(state: ControlState, call: Call): HttpResponse {
  const body = readBody(call);
  const name = text(body, 'name') ?? '';
  if (name === '') throw badRequest('Usage Plan name cannot be blank');
  const plan: UsagePlan = {
    id: newId(),
    name,
    description: text(body, 'description'),
    apiStages: listed(body).map((stage) => servedStage(state, stage)),
    throttle: isObject(body.throttle) ? body.throttle : undefined,
    quota: isObject(body.quota) ? body.quota : undefined,
    tags: textMap(body, 'tags'),
    keyIds: new Set(),
  };
  state.usagePlans.set(plan.id, plan);
  return json(201, planView(plan));
}

export const getUsagePlan = (state: ControlState, call: Call) => json(200, planView(planOf(state, call)));

export const getUsagePlans = (state: ControlState, call: Call) =>
  page(call, [...state.usagePlans.values()].map(planView));

/** Stages are added and removed as `{apiId}:{stage}`; the rest of a plan is not patched here. */
export function updateUsagePlan(state: ControlState, call: Call): HttpResponse {
  const plan = planOf(state, call);
  for (const { op, path, value = '' } of readPatch(readBody(call), 'updateUsagePlanInput')) {
    if (pathParts(path ?? '')[0] !== 'apiStages' || (op !== 'add' && op !== 'remove'))
      throw badRequest(`Invalid patch path ${path}`);
    const [apiId = '', stage = ''] = value.split(':');
    plan.apiStages = plan.apiStages.filter((served) => served.apiId !== apiId || served.stage !== stage);
    if (op === 'add') plan.apiStages.push(servedStage(state, { apiId, stage }));
  }
  return json(200, planView(plan));
}

export function deleteUsagePlan(state: ControlState, call: Call): HttpResponse {
  state.usagePlans.delete(planOf(state, call).id);
  return empty(202);
}

export function createUsagePlanKey(state: ControlState, call: Call): HttpResponse {
  const plan = planOf(state, call);
  const body = readBody(call);
  if (text(body, 'keyType') !== 'API_KEY') throw badRequest('Usage Plan Key type should be one of [API_KEY]');
  const key = apiKeyOf(state, text(body, 'keyId') ?? '');
  if (plan.keyIds.has(key.id))
    throw conflict(`Usage plan ${plan.id} already has API key ${key.id} associated with it`);
  plan.keyIds.add(key.id);
  return json(201, planKeyView(key));
}

export const getUsagePlanKeys = (state: ControlState, call: Call) =>
  page(
    call,
    [...planOf(state, call).keyIds].map((id) => planKeyView(apiKeyOf(state, id))),
  );

export function deleteUsagePlanKey(state: ControlState, call: Call): HttpResponse {
  const plan = planOf(state, call);
  if (!plan.keyIds.delete(param(call, 'keyId')))
    throw notFound('Invalid Usage Plan Key identifier specified');
  return empty(202);
}

const planKeyView = ({ id, value, name }: ApiKey) => ({ id, type: 'API_KEY', value, name });

function listed({ apiStages }: Body): { apiId: string; stage: string }[] {
  const stages = Array.isArray(apiStages) ? apiStages.filter(isObject) : [];
  return stages.map((stage) => ({ apiId: text(stage, 'apiId') ?? '', stage: text(stage, 'stage') ?? '' }));
}

function servedStage(state: ControlState, served: { apiId: string; stage: string }) {
  if (!state.restApis.get(served.apiId)?.stages.has(served.stage))
    throw notFound(
      `Invalid API Stage {api: ${served.apiId}, stage: ${served.stage}} specified for usageplan`,
    );
  return served;
}
