import type { HttpResponse } from '../../http.ts';
import type { Stage } from '../model.ts';
import { badRequest, conflict, notEmulated, notFound } from './errors.ts';
import { changeMethodSetting, isMethodSetting } from './method-settings.ts';
import { type PatchOperation, pathParts, readPatch } from './patch.ts';
import { type ControlState, restApiOf, seconds } from './state.ts';
import { type Call, empty, flag, json, param, readBody, text, textMap } from './wire.ts';

/** Letters, digits, hyphens and underscores (documented); the message is not recorded (inferred). */
export function checkStageName(name: string): void {
  if (!/^[a-zA-Z0-9_-]{1,128}$/.test(name)) throw badRequest('Stage name only allows a-zA-Z0-9_-');
}

/** The characters are botocore's documentation of Stage.variables; the message is not recorded (inferred). */
export function checkVariables(variables: Readonly<Record<string, string>> | undefined): void {
  for (const [name, value] of Object.entries(variables ?? {})) {
    if (!/^\w+$/.test(name)) throw badRequest(`Invalid stage variable name: ${name}`);
    if (!/^[A-Za-z0-9\-._~:/?#&=,]*$/.test(value)) {
      throw badRequest(`Invalid stage variable value: ${value}`);
    }
  }
}

export const newStage = (stageName: string, deploymentId: string, now: number): Stage => ({
  stageName,
  deploymentId,
  tracingEnabled: false,
  methodSettings: {},
  createdDate: now,
  lastUpdatedDate: now,
});

/** Cache clusters are not emulated: every stage reports none (as recorded on AWS for a plain stage). */
const view = (stage: Stage) => ({
  ...stage,
  cacheClusterEnabled: false,
  cacheClusterStatus: 'NOT_AVAILABLE',
});

export function stageOf(state: ControlState, call: Call) {
  const api = restApiOf(state, call);
  const stage = api.stages.get(param(call, 'stageName'));
  if (stage === undefined) throw notFound('Invalid stage identifier specified');
  return { api, stage };
}

export function createStage(state: ControlState, call: Call): HttpResponse {
  const api = restApiOf(state, call);
  const body = readBody(call);
  if (body.canarySettings) throw notEmulated('canary releases');
  if (flag(body, 'cacheClusterEnabled')) throw notEmulated('cache clusters');
  const stageName = text(body, 'stageName') ?? '';
  checkStageName(stageName);
  const deploymentId = text(body, 'deploymentId') ?? '';
  if (!api.deployments.has(deploymentId)) throw badRequest('Deployment id does not exist');
  if (api.stages.has(stageName)) throw conflict('Stage already exists');
  const variables = textMap(body, 'variables');
  checkVariables(variables);
  const stage: Stage = {
    ...newStage(stageName, deploymentId, seconds(state)),
    description: text(body, 'description'),
    documentationVersion: text(body, 'documentationVersion'),
    variables,
    tracingEnabled: flag(body, 'tracingEnabled') ?? false,
    tags: textMap(body, 'tags'),
  };
  api.stages.set(stageName, stage);
  return json(201, view(stage));
}

export const getStage = (state: ControlState, call: Call) => json(200, view(stageOf(state, call).stage));

/** Not paged; `deploymentId` filters. */
export function getStages(state: ControlState, call: Call): HttpResponse {
  const wanted = call.query.get('deploymentId');
  const stages = [...restApiOf(state, call).stages.values()];
  const shown = stages.filter((stage) => wanted === null || stage.deploymentId === wanted);
  return json(200, { item: shown.map(view) });
}

export function updateStage(state: ControlState, call: Call): HttpResponse {
  const patch = readPatch(readBody(call), 'updateStageInput');
  const { api, stage: stored } = stageOf(state, call);
  const stage: Stage = structuredClone(stored);
  for (const operation of patch) {
    change(stage, operation, (deploymentId) => api.deployments.has(deploymentId));
  }
  stage.lastUpdatedDate = seconds(state);
  api.stages.set(stage.stageName, stage);
  return json(200, view(stage));
}

/** AWS's list of accepted paths, spelled as recorded; AWS calls an invalid path a method setting path. */
const knownPaths =
  '/deploymentId, /description, /cacheClusterEnabled, /cacheClusterSize, /clientCertificateId, /accessLogSettings, /accessLogSettings/destinationArn, /accessLogSettings/format, /{resourcePath}/{httpMethod}/metrics/enabled, /{resourcePath}/{httpMethod}/logging/dataTrace, /{resourcePath}/{httpMethod}/logging/loglevel, /{resourcePath}/{httpMethod}/throttling/burstLimit/{resourcePath}/{httpMethod}/throttling/rateLimit/{resourcePath}/{httpMethod}/caching/ttlInSeconds, /{resourcePath}/{httpMethod}/caching/enabled, /{resourcePath}/{httpMethod}/caching/dataEncrypted, /{resourcePath}/{httpMethod}/caching/requireAuthorizationForCacheControl, /{resourcePath}/{httpMethod}/caching/unauthorizedCacheControlHeaderStrategy, /*/*/metrics/enabled, /*/*/logging/dataTrace, /*/*/logging/loglevel, /*/*/throttling/burstLimit /*/*/throttling/rateLimit /*/*/caching/ttlInSeconds, /*/*/caching/enabled, /*/*/caching/dataEncrypted, /*/*/caching/requireAuthorizationForCacheControl, /*/*/caching/unauthorizedCacheControlHeaderStrategy, /variables/{variable_name}, /tracingEnabled';

function change(
  stage: Stage,
  { op, path, value }: PatchOperation,
  isDeployment: (id: string) => boolean,
): void {
  const [name, key, ...rest] = pathParts(path ?? '');
  if (name === 'variables' && key !== undefined && rest.length === 0) {
    const { [key]: _, ...others } = stage.variables ?? {};
    const variables = op === 'remove' ? others : { ...others, [key]: value ?? '' };
    checkVariables(variables);
    stage.variables = Object.keys(variables).length > 0 ? variables : undefined;
  } else if (path === '/deploymentId') {
    if (!isDeployment(value ?? '')) throw badRequest('Deployment id does not exist');
    stage.deploymentId = value ?? '';
  } else if (path === '/description') {
    stage.description = op === 'remove' ? undefined : value;
  } else if (path === '/tracingEnabled') {
    stage.tracingEnabled = value?.toLowerCase() === 'true';
  } else if (path === '/documentationVersion') {
    // Not in AWS's list, but sent by Terraform. Whether the version exists is not checked.
    stage.documentationVersion = op === 'remove' ? undefined : value;
  } else if (name === 'accessLogSettings' && (op !== 'remove' || key === undefined)) {
    stage.accessLogSettings = accessLog(stage.accessLogSettings, op, path ?? '', value);
  } else if (path === '/cacheClusterEnabled' && value?.toLowerCase() !== 'false') {
    throw notEmulated('cache clusters');
  } else if (path === '/clientCertificateId' && value) {
    throw notEmulated('client certificates');
  } else if (path !== null && IDLE_PATHS.includes(path)) {
    return;
  } else if (isMethodSetting(op, path)) {
    changeMethodSetting(stage.methodSettings, op, path, value);
  } else {
    throw badRequest(`Invalid method setting path: ${path}. Must be one of: [${knownPaths}]`);
  }
}

/** Settings that are accepted, but have no effect without a cache cluster or a certificate. */
const IDLE_PATHS = ['/cacheClusterEnabled', '/cacheClusterSize', '/clientCertificateId'];

/** Only the whole can be removed: AWS treats the removal of a part as that of a method setting (recorded). */
function accessLog(
  current: Stage['accessLogSettings'],
  op: string,
  path: string,
  value = '',
): Stage['accessLogSettings'] {
  if (op === 'remove') return undefined;
  const member = /^\/accessLogSettings\/(destinationArn|format)$/.exec(path)?.[1];
  if (member === undefined) {
    throw badRequest(
      'Invalid accessLogSettings path. Must be one of : [/accessLogSettings/destinationArn, /accessLogSettings/format]',
    );
  }
  if (value === '') throw badRequest('Access Log value must not be empty');
  return { ...current, [member]: value };
}

export function deleteStage(state: ControlState, call: Call): HttpResponse {
  const { api, stage } = stageOf(state, call);
  api.stages.delete(stage.stageName);
  return empty(202);
}
