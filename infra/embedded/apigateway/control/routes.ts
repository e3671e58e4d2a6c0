import type { HttpResponse } from '../../http.ts';
import { getAccount } from './account.ts';
import * as apiKeys from './api-keys.ts';
import * as authorizers from './authorizers.ts';
import * as deployments from './deployments.ts';
import * as gatewayResponses from './gateway-responses.ts';
import * as integrations from './integrations.ts';
import * as methods from './methods.ts';
import * as models from './models.ts';
import { getExport } from './openapi/export.ts';
import { importRestApi, putRestApi } from './openapi/import.ts';
import * as requestValidators from './request-validators.ts';
import * as resources from './resources.ts';
import * as restApis from './rest-apis.ts';
import * as stages from './stages.ts';
import type { ControlState } from './state.ts';
import * as tags from './tags.ts';
import { testInvokeMethod } from './test-invoke.ts';
import * as usagePlans from './usage-plans.ts';
import type { Call } from './wire.ts';

export type Operation = (state: ControlState, call: Call) => HttpResponse | Promise<HttpResponse>;

const api = '/restapis/{restApiId}';
const resource = `${api}/resources/{resourceId}`;
const method = `${resource}/methods/{httpMethod}`;
const methodResponse = `${method}/responses/{statusCode}`;
const integration = `${method}/integration`;
const integrationResponse = `${integration}/responses/{statusCode}`;
const model = `${api}/models/{modelName}`;
const requestValidator = `${api}/requestvalidators/{requestValidatorId}`;
const authorizer = `${api}/authorizers/{authorizerId}`;
const gatewayResponse = `${api}/gatewayresponses/{responseType}`;
const deployment = `${api}/deployments/{deploymentId}`;
const usagePlan = '/usageplans/{usagePlanId}';
const stage = `${api}/stages/{stageName}`;

/** Every operation of the embedded control plane: verbs and paths of botocore apigateway/2015-07-09. */
export const routes: Readonly<Record<string, Operation>> = {
  'GET /account': getAccount,

  'POST /restapis': (state, call) =>
    call.query.get('mode') === 'import' ? importRestApi(state, call) : restApis.createRestApi(state, call),
  'GET /restapis': restApis.getRestApis,
  [`GET ${api}`]: restApis.getRestApi,
  [`PUT ${api}`]: putRestApi,
  [`PATCH ${api}`]: restApis.updateRestApi,
  [`DELETE ${api}`]: restApis.deleteRestApi,

  [`GET ${api}/resources`]: resources.getResources,
  [`POST ${resource}`]: resources.createResource,
  [`GET ${resource}`]: resources.getResource,
  [`PATCH ${resource}`]: resources.updateResource,
  [`DELETE ${resource}`]: resources.deleteResource,

  [`PUT ${method}`]: methods.putMethod,
  [`GET ${method}`]: methods.getMethod,
  [`PATCH ${method}`]: methods.updateMethod,
  [`DELETE ${method}`]: methods.deleteMethod,
  [`POST ${method}`]: testInvokeMethod,
  [`PUT ${methodResponse}`]: methods.putMethodResponse,
  [`GET ${methodResponse}`]: methods.getMethodResponse,
  [`PATCH ${methodResponse}`]: methods.updateMethodResponse,
  [`DELETE ${methodResponse}`]: methods.deleteMethodResponse,

  [`PUT ${integration}`]: integrations.putIntegration,
  [`GET ${integration}`]: integrations.getIntegration,
  [`PATCH ${integration}`]: integrations.updateIntegration,
  [`DELETE ${integration}`]: integrations.deleteIntegration,
  [`PUT ${integrationResponse}`]: integrations.putIntegrationResponse,
  [`GET ${integrationResponse}`]: integrations.getIntegrationResponse,
  [`PATCH ${integrationResponse}`]: integrations.updateIntegrationResponse,
  [`DELETE ${integrationResponse}`]: integrations.deleteIntegrationResponse,

  [`POST ${api}/models`]: models.createModel,
  [`GET ${api}/models`]: models.getModels,
  [`GET ${model}`]: models.getModel,
  [`PATCH ${model}`]: models.updateModel,
  [`DELETE ${model}`]: models.deleteModel,

  [`POST ${api}/requestvalidators`]: requestValidators.createRequestValidator,
  [`GET ${api}/requestvalidators`]: requestValidators.getRequestValidators,
  [`GET ${requestValidator}`]: requestValidators.getRequestValidator,
  [`PATCH ${requestValidator}`]: requestValidators.updateRequestValidator,
  [`DELETE ${requestValidator}`]: requestValidators.deleteRequestValidator,

  [`POST ${api}/authorizers`]: authorizers.createAuthorizer,
  [`GET ${api}/authorizers`]: authorizers.getAuthorizers,
  [`GET ${authorizer}`]: authorizers.getAuthorizer,
  [`PATCH ${authorizer}`]: authorizers.updateAuthorizer,
  [`DELETE ${authorizer}`]: authorizers.deleteAuthorizer,

  [`GET ${api}/gatewayresponses`]: gatewayResponses.getGatewayResponses,
  [`PUT ${gatewayResponse}`]: gatewayResponses.putGatewayResponse,
  [`GET ${gatewayResponse}`]: gatewayResponses.getGatewayResponse,
  [`PATCH ${gatewayResponse}`]: gatewayResponses.updateGatewayResponse,
  [`DELETE ${gatewayResponse}`]: gatewayResponses.deleteGatewayResponse,

  [`POST ${api}/deployments`]: deployments.createDeployment,
  [`GET ${api}/deployments`]: deployments.getDeployments,
  [`GET ${deployment}`]: deployments.getDeployment,
  [`PATCH ${deployment}`]: deployments.updateDeployment,
  [`DELETE ${deployment}`]: deployments.deleteDeployment,

  [`POST ${api}/stages`]: stages.createStage,
  [`GET ${api}/stages`]: stages.getStages,
  [`GET ${stage}`]: stages.getStage,
  [`PATCH ${stage}`]: stages.updateStage,
  [`DELETE ${stage}`]: stages.deleteStage,
  [`GET ${stage}/exports/{exportType}`]: getExport,

  'POST /apikeys': apiKeys.createApiKey,
  'GET /apikeys': apiKeys.getApiKeys,
  'GET /apikeys/{apiKeyId}': apiKeys.getApiKey,
  'PATCH /apikeys/{apiKeyId}': apiKeys.updateApiKey,
  'DELETE /apikeys/{apiKeyId}': apiKeys.deleteApiKey,
  'POST /usageplans': usagePlans.createUsagePlan,
  'GET /usageplans': usagePlans.getUsagePlans,
  [`GET ${usagePlan}`]: usagePlans.getUsagePlan,
  [`PATCH ${usagePlan}`]: usagePlans.updateUsagePlan,
  [`DELETE ${usagePlan}`]: usagePlans.deleteUsagePlan,
  [`POST ${usagePlan}/keys`]: usagePlans.createUsagePlanKey,
  [`GET ${usagePlan}/keys`]: usagePlans.getUsagePlanKeys,
  [`GET ${usagePlan}/keys/{keyId}`]: usagePlans.getUsagePlanKey,
  [`DELETE ${usagePlan}/keys/{keyId}`]: usagePlans.deleteUsagePlanKey,

  'GET /tags/{resourceArn}': tags.getTags,
  'PUT /tags/{resourceArn}': tags.tagResource,
  'DELETE /tags/{resourceArn}': tags.untagResource,
};
