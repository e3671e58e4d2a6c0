import { type ConditionContext, type Need, tagKeys } from '../../iam/types.ts';
import { authorizerExtension } from './openapi/authorizer-extension.ts';
import { readDocument } from './openapi/document.ts';
import { integrationExtension } from './openapi/integration-extension.ts';
import type { ControlState } from './state.ts';
import { type Call, isObject } from './wire.ts';

/** The service to which a role of an integration or an authorizer is passed. */
const GATEWAY_PRINCIPAL = 'apigateway.amazonaws.com';

type Json = Readonly<Record<string, unknown>>;

/**
 * The permissions that a call of the control plane needs: the verb on the path, such as `apigateway:POST` on
 * `arn:aws:apigateway:{region}::/restapis`, and iam:PassRole for each role of an integration or an authorizer (service
 * authorization reference). Creating an API with tags also needs apigateway:PUT on `…/restapis%2F*`, with a literal
 * star since the API has no id yet (recorded on AWS: mattclay/aws-terminator#284). `path` is raw.
 */
export function controlNeeds(state: ControlState, call: Call, path: string): Need[] {
  const { partition, region } = state.account;
  const body = jsonBody(call);
  const context = { ...tagKeys('aws:ResourceTag', resourceTags(state, call)), ...requestTags(call, body) };
  const need: Need = {
    action: `apigateway:${call.request.method}`,
    resource: `arn:${partition}:apigateway:${region}::${path.replace(/(.)\/$/, '$1')}`,
    context,
  };
  const roles = new Set(passedRoles(call, body));
  const passes = [...roles].map((resource) => ({
    action: 'iam:PassRole',
    resource,
    context: { 'iam:PassedToService': GATEWAY_PRINCIPAL },
  }));
  const isTagged = /^\/restapis\/?$/.test(path) && context['aws:TagKeys'] !== undefined;
  return [
    need,
    ...(isTagged ? [tagsOfNewApi(need, `arn:${partition}:apigateway:${region}::`)] : []),
    ...passes,
  ];
}

function tagsOfNewApi({ context = {} }: Need, arn: string): Need {
  return {
    action: 'apigateway:PUT',
    resource: `${arn}/tags/${encodeURIComponent(`${arn}/restapis/`)}*`,
    context,
  };
}

/** Resources of an API inherit its tags; a stage's own tags come first (API Gateway guide, tag inheritance). */
function resourceTags(state: ControlState, call: Call): Readonly<Record<string, string>> {
  const { apiKeyId, usagePlanId } = call.params;
  if (usagePlanId !== undefined) return state.usagePlans.get(usagePlanId)?.tags ?? {};
  if (apiKeyId !== undefined) return state.apiKeys.get(apiKeyId)?.tags ?? {};
  const named = /\/restapis\/([^/]+)(?:\/stages\/([^/]+))?/.exec(call.params.resourceArn ?? '');
  const api = state.restApis.get(call.params.restApiId ?? named?.[1] ?? '');
  const stage = api?.stages.get(call.params.stageName ?? named?.[2] ?? '');
  return { ...api?.tags, ...stage?.tags };
}

/** The file's `tags` are not tags of the API. */
function requestTags(call: Call, body: Json): ConditionContext {
  if (isFile(call)) return {};
  const tags = isObject(body.tags) ? (body.tags as Record<string, string>) : {};
  const keys = [...Object.keys(tags), ...call.query.getAll('tagKeys')];
  return { ...tagKeys('aws:RequestTag', tags), ...(keys.length === 0 ? {} : { 'aws:TagKeys': keys }) };
}

/** `arn:aws:iam::*:user/*` stands for the API's caller, so no role is passed (docs/facts/gateway.md#role). */
function passedRoles(call: Call, body: Json): string[] {
  return credentialsIn(call, body).filter((arn) => /^arn:[^:]+:iam::\d+:role\//.test(arn));
}

/** Whether the body is a definition. */
function isFile({ request, query, params }: Call): boolean {
  const isImport = request.method === 'POST' && query.get('mode') === 'import';
  const isReimport = request.method === 'PUT' && Object.keys(params).join() === 'restApiId';
  return isImport || isReimport;
}

function credentialsIn(call: Call, body: Json): string[] {
  if (isFile(call)) return importedCredentials(call.request.body);
  const operations = Array.isArray(body.patchOperations) ? body.patchOperations.filter(isObject) : [];
  const patched = operations.filter(({ path }) => CREDENTIALS.has(String(path))).map(({ value }) => value);
  return [body.credentials, body.authorizerCredentials, ...patched].filter(
    (value) => typeof value === 'string',
  );
}

const CREDENTIALS = new Set(['/credentials', '/authorizerCredentials']);

/** None for an invalid file, which the import refuses later. */
function importedCredentials(file: Buffer): string[] {
  try {
    return credentialsBelow(readDocument(file).root);
  } catch {
    return [];
  }
}

function credentialsBelow(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(credentialsBelow);
  if (!isObject(node)) return [];
  return Object.entries(node).flatMap(([key, value]) => {
    if (!isObject(value)) return credentialsBelow(value);
    const own = {
      [integrationExtension]: value.credentials,
      [authorizerExtension]: value.authorizerCredentials,
    }[key];
    return typeof own === 'string' ? [own] : credentialsBelow(value);
  });
}

function jsonBody({ request }: Call): Json {
  try {
    const value: unknown = JSON.parse(request.body.toString('utf8'));
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
