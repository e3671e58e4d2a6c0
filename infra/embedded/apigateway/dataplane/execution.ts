import type { HttpResponse } from '../../http.ts';
import type { ApiSnapshot, Method } from '../model.ts';
import { dumped, dumpedHeaders, type ExecutionLog } from './execution-log.ts';
import { configurationError, GatewayError } from './gateway-error.ts';
import { gatewayResponse } from './gateway-response.ts';
import { integrate } from './integration.ts';
import { integrationResponse } from './integration-response.ts';
import { lastValues } from './method-request.ts';
import type { MappingSources } from './parameter-mapping.ts';
import { refusePartialWildcard, shown } from './payload.ts';
import type { Backend } from './types.ts';
import { validateRequest } from './validation.ts';
import { bounded, turn } from './work.ts';

/** A routed call, by a stage's client or by TestInvokeMethod. */
export interface Execution {
  readonly api: ApiSnapshot;
  readonly method: Method;
  readonly sources: MappingSources;
  readonly traceId: string;
  readonly backend: Backend;
  readonly now: () => number;
  readonly log?: ExecutionLog;
}

/** Runs a call from validation to the response headers, except those that contain the call's ids. */
export async function execute(execution: Execution): Promise<HttpResponse> {
  const { api, method, sources, log } = execution;
  logRequest(execution);
  let response: HttpResponse;
  try {
    response = await answered(execution);
    log?.line('Successfully completed execution');
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    for (const line of error.details.log ?? []) log?.line(line);
    response = gatewayResponse(api, error, sources);
  }
  log?.line(`Method completed with status: ${response.status}`);
  return response;

  async function answered(call: Execution): Promise<HttpResponse> {
    const integration = method.methodIntegration;
    if (!integration) throw configurationError('No integration defined for method');
    refusePartialWildcard(sources.request.contentType, api.binaryMediaTypes);
    const size = sources.request.body.length;
    await turn(integration);
    bounded('Unable to validate request', size, integration, () =>
      validateRequest(api, method, sources.request),
    );
    const answer = await integrate({ ...call, integration, log });
    const mapped = bounded('Unable to transform response', size + answer.body.length, integration, () =>
      integrationResponse(method, answer, sources, api.binaryMediaTypes),
    );
    const traced = integration.type === 'MOCK' ? mapped : withTraceId(mapped, call.traceId);
    log?.line(`Method response body after transformations: ${shown(traced.body)}`);
    log?.line(`Method response headers: ${dumpedHeaders(traced.headers)}`);
    return traced;
  }
}

/**
 * Responses of integrations have the trace id; those of MOCK and of the gateway itself do not
 * (docs/facts/gateway.md#response-headers).
 */
function withTraceId(response: HttpResponse, traceId: string): HttpResponse {
  return { ...response, headers: [['X-Amzn-Trace-Id', traceId], ...response.headers] };
}

function logRequest({ sources: { request }, log }: Execution): void {
  log?.line(`HTTP Method: ${request.httpMethod}, Resource Path: ${request.path}`);
  log?.line(`Method request path: ${dumped(request.pathParameters)}`);
  log?.line(`Method request query string: ${dumped(lastValues(request.query))}`);
  log?.line(`Method request headers: ${dumpedHeaders(request.headers)}`);
  log?.line(`Method request body before transformations: ${shown(request.body)}`);
}
