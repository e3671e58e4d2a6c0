import { randomUUID } from 'node:crypto';
import type { Account } from '../../account.ts';
import type { HttpRequest, HttpResponse } from '../../http.ts';
import { type Caller, denialText, type Need } from '../../iam/types.ts';
import type { KeyLimits } from '../dataplane/metering.ts';
import type { DataPlane, StageContext } from '../dataplane/types.ts';
import type { ApiSnapshot } from '../model.ts';
import { validKeyId } from './api-keys.ts';
import { ApiGatewayError, accessDenied, badRequest, notEmulated } from './errors.ts';
import { keyLimits } from './key-limits.ts';
import { controlNeeds } from './permissions.ts';
import { createRouter, MalformedPath } from './router.ts';
import { routes } from './routes.ts';
import type { ControlState } from './state.ts';
import { type Call, json } from './wire.ts';

/** The control plane of API Gateway's REST APIs: the REST-JSON protocol of botocore apigateway/2015-07-09. */
export interface ControlPlane {
  /**
   * Answers a control-plane request (CONTROL_PATH); undefined if the path belongs to another service. Without a
   * caller, permissions are not checked.
   */
  handle(request: HttpRequest, caller?: Pick<Caller, 'arn' | 'authorize'>): Promise<HttpResponse | undefined>;
  /** Whether an API key is valid for this stage. */
  apiKeyId(value: string, restApiId: string, stageName: string): string | undefined;
  /** The limits of the key's usage plan on this stage. */
  keyLimits(value: string, restApiId: string, stageName: string): KeyLimits | undefined;
  /** The deployed API of a stage; undefined if the API or stage does not exist. */
  stage(restApiId: string, stageName: string): { snapshot: ApiSnapshot; context: StageContext } | undefined;
}

/** The paths of the control plane. */
export const CONTROL_PATH = /^\/(restapis|tags|account|apikeys|usageplans)(\/|$)/;

const router = createRouter(routes);

export function createControlPlane(options: {
  account: Account;
  testInvoke: DataPlane['testInvoke'];
}): ControlPlane {
  const state: ControlState = {
    ...options,
    restApis: new Map(),
    apiKeys: new Map(),
    usagePlans: new Map(),
  };
  return {
    async handle(request, caller) {
      const [path = '', query = ''] = request.target.split(/\?(.*)/s, 2);
      if (!CONTROL_PATH.test(path)) return undefined;
      const answer = await answerOf(state, request, path, new URLSearchParams(query), caller);
      return { ...answer, headers: [...answer.headers, ['x-amzn-RequestId', randomUUID()]] };
    },

    apiKeyId: (value, restApiId, stageName) => validKeyId(state, value, restApiId, stageName),
    keyLimits: (value, restApiId, stageName) => keyLimits(state, value, restApiId, stageName),

    stage(restApiId, stageName) {
      const api = state.restApis.get(restApiId);
      const stage = api?.stages.get(stageName);
      const deployment = api?.deployments.get(stage?.deploymentId ?? '');
      if (stage === undefined || deployment === undefined) return undefined;
      const { variables = {}, methodSettings } = stage;
      return { snapshot: deployment.snapshot, context: { stageName, variables, methodSettings } };
    },
  };
}

async function answerOf(
  state: ControlState,
  request: HttpRequest,
  path: string,
  query: URLSearchParams,
  caller: Pick<Caller, 'arn' | 'authorize'> | undefined,
): Promise<HttpResponse> {
  try {
    const match = router.match(request.method, path);
    if (match === undefined) throw notEmulated(`the operation ${request.method} ${path}`);
    const call: Call = { params: match.params, query, request };
    if (caller !== undefined) authorize(caller, controlNeeds(state, call, path));
    return await match.target(state, call);
  } catch (error) {
    if (error instanceof MalformedPath) return refusal(badRequest(`Malformed path: ${error.message}`));
    if (error instanceof ApiGatewayError) return refusal(error);
    throw error;
  }
}

function authorize({ arn, authorize: ask }: Pick<Caller, 'arn' | 'authorize'>, needs: readonly Need[]): void {
  for (const need of needs) {
    const decision = ask(need.action, need.resource, need.context);
    if (!decision.allowed) throw accessDenied(denialText(arn, need, decision.reason));
  }
}

function refusal({ status, type, message }: ApiGatewayError): HttpResponse {
  const answer = json(status, status === 403 ? { Message: message } : { message });
  return { ...answer, headers: [...answer.headers, ['x-amzn-ErrorType', type]] };
}
