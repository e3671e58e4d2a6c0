import type { HttpResponse } from '../../http.ts';
import type { ApiKey, PlannedStage, Quota, Throttle, UsagePlan } from '../model.ts';
import { apiKeyOf, named } from './api-keys.ts';
import { badRequest, checkAll, conflict, inEnum, notFound } from './errors.ts';
import { newId } from './ids.ts';
import { type PatchOperation, pathParts, readPatch } from './patch.ts';
import type { ControlState } from './state.ts';
import {
  type Body,
  type Call,
  empty,
  isObject,
  json,
  page,
  param,
  readBody,
  structure,
  text,
  textMap,
  wholeNumber,
} from './wire.ts';

/** A list omits empty tags, an existing plan shows them (recorded on AWS). */
const view = ({ keyIds: _, ...plan }: UsagePlan, tags: 'always' | 'when-set') => ({
  ...plan,
  tags: plan.tags ?? (tags === 'always' ? {} : undefined),
});

export function planOf(state: ControlState, id: string): UsagePlan {
  const plan = state.usagePlans.get(id);
  if (plan === undefined) throw notFound('Invalid Usage Plan ID specified');
  return plan;
}

const periods = ['WEEK', 'DAY', 'MONTH'];

function throttleOf(given: Body | undefined): Throttle | undefined {
  return (
    given && { burstLimit: wholeNumber(given, 'burstLimit'), rateLimit: wholeNumber(given, 'rateLimit') }
  );
}

/** Stores throttle and quota; a quota's offset is 0 by default (recorded on AWS). */
export function createUsagePlan(state: ControlState, call: Call): HttpResponse {
  const body = readBody(call);
  const quota = structure(body, 'quota');
  if (quota !== undefined)
    checkAll(inEnum(text(quota, 'period'), 'createUsagePlanInput.quota.period', periods));
  const name = text(body, 'name') ?? '';
  if (name === '') throw badRequest('Usage Plan name cannot be blank');
  const plan: UsagePlan = {
    id: newId(),
    name,
    description: text(body, 'description'),
    apiStages: [],
    throttle: throttleOf(structure(body, 'throttle')),
    quota: quota && {
      limit: wholeNumber(quota, 'limit'),
      offset: wholeNumber(quota, 'offset') ?? 0,
      period: text(quota, 'period'),
    },
    tags: textMap(body, 'tags'),
    keyIds: new Set(),
  };
  plan.apiStages = listed(body).map((stage) => servedStage(state, plan, stage));
  state.usagePlans.set(plan.id, plan);
  return json(201, view(plan, 'when-set'));
}

export const getUsagePlan = (state: ControlState, call: Call) =>
  json(200, view(planOf(state, param(call, 'usagePlanId')), 'always'));

/** `keyId` selects the plans that contain a key (botocore apigateway/2015-07-09). */
export function getUsagePlans(state: ControlState, call: Call): HttpResponse {
  const keyId = call.query.get('keyId');
  const plans = [...state.usagePlans.values()].filter(({ keyIds }) => keyId === null || keyIds.has(keyId));
  return page(
    call,
    plans.map((plan) => view(plan, 'when-set')),
  );
}

/** The paths are from AWS's list of patch operations; error messages are inferred, except for stages. */
export function updateUsagePlan(state: ControlState, call: Call): HttpResponse {
  const patch = readPatch(readBody(call), 'updateUsagePlanInput');
  const plan = planOf(state, param(call, 'usagePlanId'));
  const changed: UsagePlan = { ...plan, apiStages: structuredClone(plan.apiStages) };
  for (const operation of patch) change(state, changed, operation);
  state.usagePlans.set(plan.id, changed);
  return json(200, view(changed, 'always'));
}

function change(state: ControlState, plan: UsagePlan, { op, path, value }: PatchOperation): void {
  const [member = '', ...rest] = pathParts(path ?? '');
  const given = op === 'remove' ? undefined : value;
  if (member === 'apiStages' && rest.length === 0) changeStages(state, plan, op, value);
  else if (member === 'apiStages') changeStageThrottle(state, plan, rest, given, path);
  else if (member === 'throttle') plan.throttle = changedThrottle(plan.throttle, rest, given, path);
  else if (member === 'quota') plan.quota = changedQuota(plan.quota, rest, given, path);
  else if (rest.length > 0) throw badRequest(`Invalid patch path ${path}`);
  else if (member === 'description') plan.description = given;
  else if (member === 'productCode') plan.productCode = given;
  else if (member === 'name') {
    if (!given) throw badRequest('Usage Plan name cannot be blank');
    plan.name = given;
  } else throw badRequest(`Invalid patch path ${path}`);
}

/** Stages are added and removed as `{apiId}:{stage}`; error messages are recorded on AWS. */
function changeStages(state: ControlState, plan: UsagePlan, op: string, value: string | undefined): void {
  const parts = value?.split(':') ?? [];
  if (parts.length !== 2 || (op !== 'add' && op !== 'remove'))
    throw badRequest('Invalid API Stage specified');
  const [apiId = '', stage = ''] = parts;
  const served = servedStage(state, plan, { apiId, stage });
  plan.apiStages = plan.apiStages.filter((known) => known.apiId !== apiId || known.stage !== stage);
  if (op === 'add') plan.apiStages.push(served);
}

/** `/apiStages/{apiId}:{stage}/throttle/{resource path}/{verb}/rateLimit`, or a prefix of it to remove more. */
function changeStageThrottle(
  state: ControlState,
  plan: UsagePlan,
  [key = '', throttle, ...where]: readonly string[],
  value: string | undefined,
  path: string | null,
): void {
  const stage = plan.apiStages.find((known) => `${known.apiId}:${known.stage}` === key);
  if (stage === undefined || throttle !== 'throttle') throw badRequest(`Invalid patch path ${path}`);
  servedStage(state, plan, stage);
  const limit = /^(rateLimit|burstLimit)$/.test(where.at(-1) ?? '') ? where.at(-1) : undefined;
  const method = (limit === undefined ? where : where.slice(0, -1)).join('/');
  const { [method]: current, ...others } = stage.throttle ?? {};
  const kept =
    method === ''
      ? {}
      : limit === undefined
        ? others
        : { ...others, [method]: { ...current, [limit]: numberOf(value, path) } };
  stage.throttle = Object.keys(kept).length > 0 ? kept : undefined;
}

function changedThrottle(
  current: Throttle | undefined,
  [limit, ...rest]: readonly string[],
  value: string | undefined,
  path: string | null,
): Throttle | undefined {
  if (limit === undefined && value === undefined) return undefined;
  if (rest.length > 0 || (limit !== 'rateLimit' && limit !== 'burstLimit'))
    throw badRequest(`Invalid patch path ${path}`);
  return { ...current, [limit]: numberOf(value, path) };
}

function changedQuota(
  current: Quota | undefined,
  [member, ...rest]: readonly string[],
  value: string | undefined,
  path: string | null,
): Quota | undefined {
  if (member === undefined && value === undefined) return undefined;
  const quota = { offset: 0, ...current };
  if (rest.length > 0) throw badRequest(`Invalid patch path ${path}`);
  if (member === 'limit' || member === 'offset') return { ...quota, [member]: numberOf(value, path) };
  if (member !== 'period') throw badRequest(`Invalid patch path ${path}`);
  if (!periods.includes(value ?? '')) throw badRequest('Usage Plan quota period is invalid');
  return { ...quota, period: value };
}

function numberOf(value: string | undefined, path: string | null): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number) || number < 0) {
    throw badRequest(`Invalid value for patch path ${path}`);
  }
  return number;
}

export function deleteUsagePlan(state: ControlState, call: Call): HttpResponse {
  state.usagePlans.delete(planOf(state, param(call, 'usagePlanId')).id);
  return empty(202);
}

export function createUsagePlanKey(state: ControlState, call: Call): HttpResponse {
  const plan = planOf(state, param(call, 'usagePlanId'));
  const body = readBody(call);
  if (text(body, 'keyType') !== 'API_KEY') throw badRequest('Usage Plan Key type should be one of [API_KEY]');
  const key = apiKeyOf(state, text(body, 'keyId') ?? '');
  if (plan.keyIds.has(key.id))
    throw conflict(`Usage plan ${plan.id} already has API key ${key.id} associated with it`);
  plan.keyIds.add(key.id);
  return json(201, planKeyView(key));
}

export function getUsagePlanKey(state: ControlState, call: Call): HttpResponse {
  const id = param(call, 'keyId');
  if (!planOf(state, param(call, 'usagePlanId')).keyIds.has(id))
    throw notFound('Invalid Usage Plan Key identifier specified');
  return json(200, planKeyView(apiKeyOf(state, id)));
}

/** An unknown plan has no keys, which is not an error (recorded on AWS). */
export function getUsagePlanKeys(state: ControlState, call: Call): HttpResponse {
  const ids = [...(state.usagePlans.get(param(call, 'usagePlanId'))?.keyIds ?? [])];
  return page(
    call,
    named(
      call,
      ids.map((id) => apiKeyOf(state, id)),
    ).map(planKeyView),
  );
}

export function deleteUsagePlanKey(state: ControlState, call: Call): HttpResponse {
  const plan = planOf(state, param(call, 'usagePlanId'));
  if (!plan.keyIds.delete(param(call, 'keyId')))
    throw notFound('Invalid Usage Plan Key identifier specified');
  return empty(202);
}

const planKeyView = ({ id, value, name }: ApiKey) => ({ id, type: 'API_KEY', value, name });

function listed({ apiStages }: Body): PlannedStage[] {
  const stages = Array.isArray(apiStages) ? apiStages.filter(isObject) : [];
  return stages.map((stage) => {
    const limits = Object.entries(structure(stage, 'throttle') ?? {}).flatMap(([method, limit]) =>
      isObject(limit) ? [[method, throttleOf(limit)]] : [],
    );
    return {
      apiId: text(stage, 'apiId') ?? '',
      stage: text(stage, 'stage') ?? '',
      ...(limits.length > 0 && { throttle: Object.fromEntries(limits) }),
    };
  });
}

function servedStage(state: ControlState, plan: UsagePlan, served: PlannedStage): PlannedStage {
  if (!state.restApis.get(served.apiId)?.stages.has(served.stage))
    throw notFound(
      `Invalid API Stage {api: ${served.apiId}, stage: ${served.stage}} specified for usageplan ${plan.id}`,
    );
  return served;
}
