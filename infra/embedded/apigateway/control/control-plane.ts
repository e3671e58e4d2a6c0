import { randomUUID } from 'node:crypto';
import type { Account } from '../../account.ts';
import type { HttpRequest, HttpResponse } from '../../http.ts';
import type { DataPlane, StageContext } from '../dataplane/contract.ts';
import type { ApiSnapshot } from '../model.ts';
import { ApiGatewayError, badRequest, notEmulated } from './errors.ts';
import { createRouter, MalformedPath } from './router.ts';
import { routes } from './routes.ts';
import type { ControlState } from './state.ts';
import { json } from './wire.ts';

/** The control plane of API Gateway's REST APIs: the REST-JSON protocol of botocore apigateway/2015-07-09. */
export interface ControlPlane {
  /** Answers a control-plane request (paths /restapis…, /tags/{arn}, /account); undefined when the path is none of its own. */
  handle(request: HttpRequest): Promise<HttpResponse | undefined>;
  /** What a stage serves now; undefined when there is no such API or stage. */
  stage(restApiId: string, stageName: string): { snapshot: ApiSnapshot; context: StageContext } | undefined;
}

const router = createRouter(routes);

export function createControlPlane(options: {
  account: Account;
  testInvoke: DataPlane['testInvoke'];
}): ControlPlane {
  const state: ControlState = { ...options, restApis: new Map() };
  return {
    async handle(request) {
      const [path = '', query = ''] = request.target.split(/\?(.*)/s, 2);
      if (!/^\/(restapis|tags|account)(\/|$)/.test(path)) return undefined;
      const answer = await answerOf(state, request, path, new URLSearchParams(query));
      return { ...answer, headers: [...answer.headers, ['x-amzn-RequestId', randomUUID()]] };
    },

    stage(restApiId, stageName) {
      const api = state.restApis.get(restApiId);
      const stage = api?.stages.get(stageName);
      const deployment = api?.deployments.get(stage?.deploymentId ?? '');
      if (stage === undefined || deployment === undefined) return undefined;
      return { snapshot: deployment.snapshot, context: { stageName, variables: stage.variables ?? {} } };
    },
  };
}

async function answerOf(
  state: ControlState,
  request: HttpRequest,
  path: string,
  query: URLSearchParams,
): Promise<HttpResponse> {
  try {
    const match = router.match(request.method, path);
    if (match === undefined) throw notEmulated(`the operation ${request.method} ${path}`);
    return await match.target(state, { params: match.params, query, request });
  } catch (error) {
    if (error instanceof MalformedPath) return refusal(badRequest(`Malformed path: ${error.message}`));
    if (error instanceof ApiGatewayError) return refusal(error);
    throw error;
  }
}

function refusal({ status, type, message }: ApiGatewayError): HttpResponse {
  const answer = json(status, { message });
  return { ...answer, headers: [...answer.headers, ['x-amzn-ErrorType', type]] };
}
