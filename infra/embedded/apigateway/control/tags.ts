import type { HttpResponse } from '../../http.ts';
import { apiKeyOf } from './api-keys.ts';
import { badRequest, notFound, unknownApi } from './errors.ts';
import type { ControlState } from './state.ts';
import { planOf } from './usage-plans.ts';
import { type Call, empty, json, param, readBody, textMap } from './wire.ts';

/**
 * An API, a stage, a key or a plan by its ARN: `arn:aws:apigateway:{region}::/restapis/{id}[/stages/{name}]`,
 * `…::/apikeys/{id}`, `…::/usageplans/{id}`.
 */
function taggedBy(state: ControlState, call: Call): { tags?: Record<string, string> } {
  const arn = /^arn:[^:]+:apigateway:[^:]*::\/(restapis|apikeys|usageplans)\/([^/]+)(?:\/stages\/([^/]+))?$/;
  const [, kind, id, stageName] = arn.exec(param(call, 'resourceArn')) ?? [];
  if (id === undefined || (kind !== 'restapis' && stageName !== undefined)) {
    throw badRequest('Invalid ARN specified in the request');
  }
  if (kind === 'apikeys') return apiKeyOf(state, id);
  if (kind === 'usageplans') return planOf(state, id);
  const api = state.restApis.get(id);
  if (api === undefined) throw unknownApi(state.account, id);
  if (stageName === undefined) return api;
  const stage = api.stages.get(stageName);
  if (stage === undefined) throw notFound('Invalid stage identifier specified');
  return stage;
}

export const getTags = (state: ControlState, call: Call) =>
  json(200, { tags: taggedBy(state, call).tags ?? {} });

export function tagResource(state: ControlState, call: Call): HttpResponse {
  const tagged = taggedBy(state, call);
  tagged.tags = { ...tagged.tags, ...textMap(readBody(call), 'tags') };
  return empty(204);
}

export function untagResource(state: ControlState, call: Call): HttpResponse {
  const tagged = taggedBy(state, call);
  const removed = new Set(call.query.getAll('tagKeys'));
  tagged.tags = Object.fromEntries(Object.entries(tagged.tags ?? {}).filter(([key]) => !removed.has(key)));
  return empty(204);
}
