import { type Header, headerValue } from '../../http.ts';
import type { ApiSnapshot, Integration } from '../model.ts';
import { contextValue } from './context.ts';
import type { ExecutionLog } from './execution-log.ts';
import { dumpedHeaders } from './execution-log.ts';
import { configurationError, GatewayError, notEmulated } from './gateway-error.ts';
import { requestBody, serviceRequest } from './integration-request.ts';
import { queryText } from './integration-uri.ts';
import type { MappingSources } from './parameter-mapping.ts';
import { type Payload, payloadOf, refusePartialWildcard, shown, textOf } from './payload.ts';
import type { Backend, BackendAnswer, BackendRequest } from './types.ts';
import { bounded } from './work.ts';

export interface EndpointAnswer {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly body: Payload;
}

export interface IntegrationCall {
  readonly api: ApiSnapshot;
  readonly integration: Integration;
  readonly sources: MappingSources;
  readonly traceId: string;
  readonly backend: Backend;
  readonly now: () => number;
  readonly log: ExecutionLog | undefined;
}

/**
 * Runs an integration and returns the backend's answer, whatever its status.
 *
 * @throws GatewayError if there is no answer: 400, 415, 500, 501 or 504.
 */
export async function integrate(call: IntegrationCall): Promise<EndpointAnswer> {
  switch (call.integration.type) {
    case 'MOCK':
      return mock(call);
    case 'AWS':
      return callService(call);
    default:
      throw notEmulated(`integrations of type ${call.integration.type}`);
  }
}

/**
 * The request template sets the status; it need not be strict JSON (docs/facts/templates.md#directives, AIR: a
 * trailing comma, unquoted keys).
 */
function mock(call: IntegrationCall): EndpointAnswer {
  const { integration, sources } = call;
  const body = transformed(call, () => textOf(requestBody(integration, sources), 'a MOCK integration'));
  const status = /(?:^|[{,])\s*(["']?)statusCode\1\s*:\s*(\d{3})\s*(?=[,}])/.exec(body)?.[2];
  if (status === undefined) {
    throw configurationError('statusCode should be an integer which is defined in request template');
  }
  return { status: Number(status), headers: [], body: '' };
}

function transformed<T>({ integration, sources }: IntegrationCall, work: () => T): T {
  return bounded('Unable to transform request', sources.request.body.length, integration, work);
}

async function callService(call: IntegrationCall): Promise<EndpointAnswer> {
  const { api, integration, sources, traceId, log } = call;
  const { restApiId } = api;
  const accessKey = contextValue(sources.context, 'identity.accessKey');
  const request = {
    ...transformed(call, () => serviceRequest(integration, sources, { restApiId, traceId })),
    restApiId,
    ...(typeof accessKey === 'string' && { callerAccessKey: accessKey }),
  };
  const uri = logRequest(request, log);
  const started = call.now();
  const answer = await withinTimeout(call.backend(request), integration.timeoutInMillis);
  if (answer.kind === 'role-not-assumable') {
    // docs/facts/gateway.md#integration-request.
    throw configurationError(
      `API Gateway does not have permission to assume the provided role ${request.credentials ?? ''}`,
    );
  }
  log?.line(`Sending request to ${uri}`);
  if (answer.kind === 'unreachable') throw unreachable(answer.reason);
  if (answer.kind === 'too-late') throw timedOut();
  const contentType = headerValue(answer.headers, 'content-type');
  const body = payloadOf(answer.body, contentType, api.binaryMediaTypes);
  log?.line(`Received response. Status: ${answer.status}, Integration latency: ${call.now() - started} ms`);
  log?.line(`Endpoint response headers: ${dumpedHeaders(answer.headers)}`);
  log?.line(`Endpoint response body before transformations: ${shown(body)}`);
  refusePartialWildcard(contentType, api.binaryMediaTypes);
  return { status: answer.status, headers: answer.headers, body };
}

function logRequest(request: BackendRequest, log: ExecutionLog | undefined): string {
  const query = queryText(request.query);
  const uri = `https://${request.service}.${request.region}.amazonaws.com${request.path}${query && `?${query}`}`;
  log?.line(`Endpoint request URI: ${uri}`);
  log?.line(`Endpoint request headers: ${dumpedHeaders(request.headers)}`);
  log?.line(`Endpoint request body after transformations: ${shown(request.body)}`);
  return uri;
}

/** 504 with this message (docs/facts/gateway.md#errors, inferred). */
async function withinTimeout(answer: Promise<BackendAnswer>, millis: number): Promise<BackendAnswer> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(timedOut()), millis);
  });
  try {
    return await Promise.race([answer, expired]);
  } finally {
    clearTimeout(timer);
  }
}

function timedOut(): GatewayError {
  const message = 'Endpoint request timed out';
  return new GatewayError('INTEGRATION_TIMEOUT', message, 'InternalServerErrorException', {
    log: ['Execution failed due to a timeout error'],
  });
}

function unreachable(reason: string): GatewayError {
  const message = 'Network error communicating with endpoint';
  return new GatewayError('INTEGRATION_FAILURE', message, 'InternalServerErrorException', {
    log: [`Execution failed due to a network error communicating with endpoint: ${reason}`],
  });
}
