import type { HttpResponse } from '../../http.ts';
import type { ApiSnapshot, Deployment, RestApi } from '../model.ts';
import { badRequest, notEmulated, notFound } from './errors.ts';
import { newId } from './ids.ts';
import { applyPatch, optional, readPatch } from './patch.ts';
import { checkStageName, checkVariables, newStage } from './stages.ts';
import { type ControlState, restApiOf, seconds } from './state.ts';
import { type Call, empty, flag, json, page, param, readBody, text, textMap } from './wire.ts';

/** A copy of the API that later edits do not change. */
export function snapshotOf(api: RestApi): ApiSnapshot {
  return structuredClone({
    restApiId: api.id,
    apiName: api.name,
    resources: [...api.resources.values()],
    models: [...api.models.values()],
    requestValidators: [...api.requestValidators.values()],
    authorizers: [...api.authorizers.values()],
    gatewayResponses: [...api.gatewayResponses.values()],
    binaryMediaTypes: api.binaryMediaTypes ?? [],
    apiKeySource: api.apiKeySource,
  });
}

/** Both messages are well known from AWS, but not recorded (inferred). */
function checkDeployable(api: RestApi): void {
  const methods = [...api.resources.values()].flatMap((resource) =>
    Object.values(resource.resourceMethods ?? {}),
  );
  if (methods.length === 0) throw badRequest("The REST API doesn't contain any methods");
  if (methods.some((method) => method.methodIntegration === undefined)) {
    throw badRequest('No integration defined for method');
  }
}

const view = ({ snapshot: _, ...shown }: Deployment) => shown;

/** `embed=apisummary`: by path and verb, how a method authorizes its callers. */
function summary({ snapshot }: Deployment) {
  const methods = snapshot.resources.flatMap(({ path, resourceMethods }) =>
    resourceMethods === undefined ? [] : [[path, summarised(resourceMethods)] as const],
  );
  return { apiSummary: Object.fromEntries(methods) };
}

const summarised = (methods: NonNullable<ApiSnapshot['resources'][number]['resourceMethods']>) =>
  Object.fromEntries(
    Object.entries(methods).map(([verb, { authorizationType, apiKeyRequired }]) => [
      verb,
      { authorizationType, apiKeyRequired },
    ]),
  );

function deploymentOf(state: ControlState, call: Call) {
  const api = restApiOf(state, call);
  const deployment = api.deployments.get(param(call, 'deploymentId'));
  if (deployment === undefined) throw notFound('Invalid Deployment identifier specified');
  return { api, deployment };
}

/** With `stageName` the stage is created or, if it exists, moved to the new deployment. */
export function createDeployment(state: ControlState, call: Call): HttpResponse {
  const api = restApiOf(state, call);
  const body = readBody(call);
  if (body.canarySettings) throw notEmulated('canary releases');
  const stageName = text(body, 'stageName');
  const variables = textMap(body, 'variables');
  if (stageName) checkStageName(stageName);
  checkVariables(variables);
  checkDeployable(api);
  const deployment: Deployment = {
    id: newId(),
    description: text(body, 'description'),
    createdDate: seconds(state),
    snapshot: snapshotOf(api),
  };
  api.deployments.set(deployment.id, deployment);
  if (stageName) {
    const stage = api.stages.get(stageName) ?? newStage(stageName, deployment.id, seconds(state));
    const description = text(body, 'stageDescription') ?? stage.description;
    api.stages.set(stageName, {
      ...stage,
      deploymentId: deployment.id,
      description,
      variables: variables ?? stage.variables,
      tracingEnabled: flag(body, 'tracingEnabled') ?? stage.tracingEnabled,
      lastUpdatedDate: seconds(state),
    });
  }
  return json(201, view(deployment));
}

export function getDeployment(state: ControlState, call: Call): HttpResponse {
  const { deployment } = deploymentOf(state, call);
  const withSummary = call.query.getAll('embed').includes('apisummary');
  return json(200, { ...view(deployment), ...(withSummary && summary(deployment)) });
}

export const getDeployments = (state: ControlState, call: Call) =>
  page(call, [...restApiOf(state, call).deployments.values()].map(view));

export function updateDeployment(state: ControlState, call: Call): HttpResponse {
  const patch = readPatch(readBody(call), 'updateDeploymentInput');
  const { deployment } = deploymentOf(state, call);
  applyPatch(patch, {
    description: optional((value) => {
      deployment.description = value;
    }),
  });
  return json(200, view(deployment));
}

export function deleteDeployment(state: ControlState, call: Call): HttpResponse {
  const { api, deployment } = deploymentOf(state, call);
  if ([...api.stages.values()].some((stage) => stage.deploymentId === deployment.id)) {
    throw badRequest('Active stages pointing to this deployment must be moved or deleted');
  }
  api.deployments.delete(deployment.id);
  return empty(202);
}
