import { textOf } from '../functions.ts';
import {
  type DeclaredApiKey,
  type DeclaredMethodSetting,
  type DeclaredStage,
  type DeclaredUsagePlan,
  isObject,
  type Json,
  type JsonObject,
} from '../types.ts';
import { type Draft, isTrue, partsOf } from './draft.ts';
import type { Resource } from './template.ts';

type At = Pick<Draft, 'template' | 'api' | 'apiId' | 'openapi' | 'left'>;

/** The first stage that the template declares for the API: as a resource, in its deployment, or by SAM. */
export function declaredStage(draft: At): DeclaredStage | undefined {
  const { template, api } = draft;
  if (api.type === 'AWS::Serverless::Api')
    return stageFrom(draft, api, template.textProperty(api, 'StageName'));
  const [stage] = partsOf(draft, 'AWS::ApiGateway::Stage');
  if (stage) return stageFrom(draft, stage, template.nameOf(stage));
  for (const deployment of partsOf(draft, 'AWS::ApiGateway::Deployment')) {
    const name = template.textProperty(deployment, 'StageName');
    if (name === undefined) continue;
    const description = template.property(deployment, 'StageDescription');
    return stageOf(name, isObject(description) ? description : {});
  }
  return undefined;
}

function stageFrom(
  { template }: At,
  resource: Resource,
  name: string | undefined,
): DeclaredStage | undefined {
  if (name === undefined) return undefined;
  return stageOf(name, {
    Variables: template.property(resource, 'Variables') ?? {},
    MethodSettings: template.property(resource, 'MethodSettings') ?? [],
  });
}

function stageOf(
  name: string,
  { Variables: variables, MethodSettings: settings }: JsonObject,
): DeclaredStage {
  const methodSettings = (Array.isArray(settings) ? settings : []).filter(isObject).map(settingOf);
  return {
    name,
    variables: Object.fromEntries(
      Object.entries(isObject(variables) ? variables : {}).map(([key, value]) => [key, textOf(value) ?? '']),
    ),
    ...(methodSettings.length > 0 && { methodSettings }),
  };
}

function settingOf(setting: JsonObject): DeclaredMethodSetting {
  const rate = numberOf(setting.ThrottlingRateLimit);
  const burst = numberOf(setting.ThrottlingBurstLimit);
  return {
    // CloudFormation escapes slashes inside a path as JSON pointers do.
    resourcePath: (textOf(setting.ResourcePath) ?? '/*').replaceAll('~1', '/').replace(/^\/\//, '/'),
    httpMethod: textOf(setting.HttpMethod) ?? '*',
    ...(rate !== undefined && { rateLimit: rate }),
    ...(burst !== undefined && { burstLimit: burst }),
  };
}

const numberOf = (value: Json | undefined) => (value === undefined ? undefined : Number(value));

/** The API's usage plans with their keys, and the keys without a plan. */
export function declaredAccess(draft: At): { apiKeys: DeclaredApiKey[]; usagePlans: DeclaredUsagePlan[] } {
  const { template, apiId } = draft;
  const all = new Map(
    template.ofType('AWS::ApiGateway::ApiKey').map((key) => [template.ref(key.id, key.place), key]),
  );
  const held = new Map<string, string[]>();
  for (const link of template.ofType('AWS::ApiGateway::UsagePlanKey')) {
    const key = all.get(template.textProperty(link, 'KeyId') ?? '');
    const plan = template.textProperty(link, 'UsagePlanId') ?? '';
    if (key) held.set(plan, [...(held.get(plan) ?? []), key.id]);
  }
  const plans = template.ofType('AWS::ApiGateway::UsagePlan').map((plan) => {
    const stages = template.property(plan, 'ApiStages');
    const apis = (Array.isArray(stages) ? stages : []).filter(isObject).map(({ ApiId }) => ApiId);
    const keys = held.get(String(template.ref(plan.id, plan.place))) ?? [];
    return { plan, keys, isOwn: apis.length === 0 || apis.includes(apiId) };
  });
  const foreign = new Set(plans.filter(({ isOwn }) => !isOwn).flatMap(({ keys }) => keys));
  const own = plans.filter(({ isOwn }) => isOwn);
  const isKept = (key: Resource) => !foreign.has(key.id) || own.some(({ keys }) => keys.includes(key.id));
  const made = samAccess(draft);
  return {
    apiKeys: [...[...all.values()].filter(isKept).map((key) => keyOf(draft, key)), ...made.apiKeys],
    usagePlans: [...own.map(({ plan, keys }) => planOf(draft, plan, keys)), ...made.usagePlans],
  };
}

function keyOf({ template }: At, key: Resource): DeclaredApiKey {
  return {
    id: key.id,
    name: template.textProperty(key, 'Name') ?? template.nameOf(key),
    value: template.textProperty(key, 'Value'),
    enabled: isTrue(template.property(key, 'Enabled')),
  };
}

function planOf({ template }: At, plan: Resource, keys: readonly string[]): DeclaredUsagePlan {
  return {
    id: plan.id,
    name: template.textProperty(plan, 'UsagePlanName') ?? template.nameOf(plan),
    keys,
    ...limits(template.property(plan, 'Throttle'), template.property(plan, 'Quota')),
  };
}

function limits(
  throttle: Json | undefined,
  quota: Json | undefined,
): Pick<DeclaredUsagePlan, 'throttle' | 'quota'> {
  const [rate, burst] = isObject(throttle)
    ? [numberOf(throttle.RateLimit), numberOf(throttle.BurstLimit)]
    : [];
  const offset = isObject(quota) ? numberOf(quota.Offset) : undefined;
  return {
    throttle: isObject(throttle)
      ? { ...(rate !== undefined && { rateLimit: rate }), ...(burst !== undefined && { burstLimit: burst }) }
      : undefined,
    quota: isObject(quota)
      ? {
          limit: Number(quota.Limit),
          period: textOf(quota.Period) ?? 'DAY',
          ...(offset !== undefined && { offset }),
        }
      : undefined,
  };
}

/** The usage plan and the key that SAM creates for an API with `Auth.UsagePlan`. */
function samAccess({ template, api }: At): { apiKeys: DeclaredApiKey[]; usagePlans: DeclaredUsagePlan[] } {
  const entries = template.resolver.entries(api.properties.Auth, `${api.place}.Auth`) ?? [];
  const [, value, place] = entries.find(([key]) => key === 'UsagePlan') ?? [];
  const plan =
    api.type === 'AWS::Serverless::Api' && place ? template.resolver.resolve(value, place) : undefined;
  const kind = isObject(plan) ? textOf(plan.CreateUsagePlan) : undefined;
  if (!isObject(plan) || kind === undefined || kind === 'NONE') return { apiKeys: [], usagePlans: [] };
  const prefix = kind === 'SHARED' ? 'Serverless' : api.id;
  const [keyId, planId] = [`${prefix}ApiKey`, `${prefix}UsagePlan`];
  const { stackName } = template.context;
  return {
    apiKeys: [{ id: keyId, name: `${stackName}-${keyId}`, value: undefined, enabled: true }],
    usagePlans: [
      {
        id: planId,
        name: textOf(plan.UsagePlanName) ?? `${stackName}-${planId}`,
        keys: [keyId],
        ...limits(plan.Throttle, plan.Quota),
      },
    ],
  };
}
