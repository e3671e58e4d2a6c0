import { isDefaultKey } from '../served.ts';
import type { DeclaredApiKey, DeclaredStage, DeclaredStream, DeclaredUsagePlan } from '../types.ts';
import type { Instance } from './document.ts';
import { valueAt } from './expressions.ts';
import { blocks, isSensitive, number, optionalText, type Reading, texts } from './reading.ts';
import type { Link, Wanted } from './references.ts';

const API: Wanted = { aws_api_gateway_rest_api: ['id'] };
const KEY: Wanted = { aws_api_gateway_api_key: ['id'] };
const PLAN: Wanted = { aws_api_gateway_usage_plan: ['id'] };

export function declareStreams(reading: Reading): DeclaredStream[] {
  return (reading.file.byType.get('aws_kinesis_stream') ?? []).map((stream) => {
    const mode = valueAt(stream.values, ['stream_mode_details', 0, 'stream_mode']);
    const isEncrypted = valueAt(stream.values, ['encryption_type']) === 'KMS';
    const hasOwnKey = isEncrypted && !isDefaultKey(valueAt(stream.values, ['kms_key_id']));
    return {
      id: stream.address,
      name: reading.names.nameOf(stream),
      shardCount: mode === 'ON_DEMAND' ? undefined : number(reading, stream, 'shard_count') || undefined,
      retentionHours: number(reading, stream, 'retention_period'),
      ...(hasOwnKey && { hasOwnKey }),
    };
  });
}

/** The API's stage, or the first of several; the others are listed as left out. */
export function declareStage(reading: Reading, api: Instance): DeclaredStage | undefined {
  const belongs = (instance: Instance) => isOf(reading.references.link(instance, ['rest_api_id'], API), api);
  const stages = [
    ...(reading.file.byType.get('aws_api_gateway_stage') ?? []),
    // In provider versions before 6, a deployment can create a stage.
    ...(reading.file.byType.get('aws_api_gateway_deployment') ?? []).filter((deployment) =>
      optionalText(reading, deployment, 'stage_name'),
    ),
  ].filter(belongs);
  const [first, ...others] = stages;
  for (const { address } of others)
    reading.leftOut.push({ what: 'another stage', place: address, why: 'a run deploys one stage' });
  if (!first) return undefined;
  const name = optionalText(reading, first, 'stage_name');
  // If the name is known only after apply, the run chooses one.
  if (name === undefined || name === '') return undefined;
  return { name, variables: texts(reading, first, 'variables') ?? {} };
}

export function declareKeys(reading: Reading): DeclaredApiKey[] {
  return (reading.file.byType.get('aws_api_gateway_api_key') ?? []).map((key) => {
    const value = optionalText(reading, key, 'value') || undefined;
    // A key's value is a secret even if the provider's schema does not mark it.
    if (value !== undefined) reading.secrets.add(value);
    return {
      id: key.address,
      name: isSensitive(key, ['name']) ? undefined : optionalText(reading, key, 'name'),
      value,
      enabled: key.values.enabled !== false,
    };
  });
}

/** The usage plans for a stage of the API. */
export function declarePlans(reading: Reading, api: Instance): DeclaredUsagePlan[] {
  const keysOf = keysByPlan(reading);
  return (reading.file.byType.get('aws_api_gateway_usage_plan') ?? []).flatMap((plan) => {
    if (!namesApi(reading, plan, api)) {
      if (blocks(plan, 'api_stages').length === 0 || namesUnknown(reading, plan))
        reading.leftOut.push({
          what: 'a usage plan',
          place: plan.address,
          why: 'the file does not say that it is for a stage of this API',
        });
      return [];
    }
    return [
      {
        id: plan.address,
        name: reading.names.nameOf(plan),
        keys: keysOf.get(plan) ?? [],
        throttle: throttleOf(reading, plan),
        quota: quotaOf(reading, plan),
      },
    ];
  });
}

function namesApi(reading: Reading, plan: Instance, api: Instance): boolean {
  const { candidates } = reading.references.candidates(plan, ['api_stages'], API);
  return (
    stageLinks(reading, plan).some((link) => isOf(link, api)) ||
    candidates.some(({ instance }) => instance === api)
  );
}

const namesUnknown = (reading: Reading, plan: Instance) =>
  stageLinks(reading, plan).some((link) => link.kind === 'unclear');

const stageLinks = (reading: Reading, plan: Instance): Link[] =>
  blocks(plan, 'api_stages').map((at) => reading.references.link(plan, ['api_stages', at, 'api_id'], API));

/** The addresses of each plan's keys. */
function keysByPlan(reading: Reading): Map<Instance, string[]> {
  const keys = new Map<Instance, string[]>();
  const members = reading.file.byType.get('aws_api_gateway_usage_plan_key') ?? [];
  // For one block with for_each, the assignment of keys does not matter if all belong to one plan.
  for (const block of Map.groupBy(members, ({ scope, name }) => `${scope.address} ${name}`).values()) {
    const links = block.map((member) => reading.references.link(member, ['key_id'], KEY));
    for (const [at, member] of block.entries()) {
      const plan = reading.references.link(member, ['usage_plan_id'], PLAN);
      const key = keyAt(links, at);
      if (plan.kind === 'origin' && key) {
        const known = keys.get(plan.origin.instance) ?? [];
        keys.set(plan.origin.instance, [...known, key.address]);
      } else
        reading.leftOut.push({
          what: 'a usage plan key',
          place: member.address,
          why: 'the file does not say which key of it belongs to which plan of it',
        });
    }
  }
  return keys;
}

function keyAt(links: readonly Link[], at: number): Instance | undefined {
  const link = links[at];
  if (link?.kind === 'origin') return link.origin.instance;
  if (link?.kind !== 'unclear' || link.candidates.length !== links.length) return undefined;
  return link.candidates[at]?.instance;
}

function throttleOf(reading: Reading, plan: Instance): DeclaredUsagePlan['throttle'] {
  if (blocks(plan, 'throttle_settings').length === 0) return undefined;
  const rateLimit = number(reading, plan, 'throttle_settings', 0, 'rate_limit');
  const burstLimit = number(reading, plan, 'throttle_settings', 0, 'burst_limit');
  return {
    ...(rateLimit !== undefined && { rateLimit }),
    ...(burstLimit !== undefined && { burstLimit }),
  };
}

function quotaOf(reading: Reading, plan: Instance): DeclaredUsagePlan['quota'] {
  if (blocks(plan, 'quota_settings').length === 0) return undefined;
  const limit = number(reading, plan, 'quota_settings', 0, 'limit');
  const period = optionalText(reading, plan, 'quota_settings', 0, 'period');
  const offset = number(reading, plan, 'quota_settings', 0, 'offset');
  if (limit === undefined || period === undefined) return undefined;
  return { limit, period, ...(offset !== undefined && offset !== 0 && { offset }) };
}

const isOf = (link: Link, instance: Instance) => link.kind === 'origin' && link.origin.instance === instance;
