import type { Account } from '../../account.ts';
import { type Header, type HttpResponse, headerValue } from '../../http.ts';
import type { ApiSnapshot } from '../model.ts';
import { type AccessControl, admit, noSuchMethod, REFUSE_ALL } from './authorization.ts';
import { addIdentity, createContext, enterResource } from './context.ts';
import { execute } from './execution.ts';
import { ExecutionLog, headerRecords } from './execution-log.ts';
import { withForwardedHeaders } from './forwarded-headers.ts';
import { GatewayError } from './gateway-error.ts';
import { gatewayResponse } from './gateway-response.ts';
import { callIds, pooledRandom, type Random, traceId } from './ids.ts';
import { Meter } from './metering.ts';
import { type MethodRequest, methodRequest, type RawRequest } from './method-request.ts';
import { payloadOf } from './payload.ts';
import { pathParametersOf, route } from './routing.ts';
import type {
  Backend,
  DataPlane,
  InvokeRequest,
  StageContext,
  TestInvokeRequest,
  TestInvokeResult,
} from './types.ts';
import type { VtlMap } from './vtl/value.ts';

export interface DataPlaneOptions {
  readonly account: Account;
  readonly backend: Backend;
  /** Decides who may call AWS_IAM methods and which API keys are valid; by default, it refuses all. */
  readonly accessControl?: Partial<AccessControl>;
  readonly random?: Random;
}

/** The maximum payload of API Gateway, in bytes (docs/facts/gateway.md#limits, DOC). */
const PAYLOAD_LIMIT = 10_485_760;
/** The stage and the client's address in test invocations (inferred). */
const TEST_STAGE = 'test-invoke-stage';
const TEST_SOURCE_IP = 'test-invoke-source-ip';

/** The part of API Gateway that answers calls of deployed APIs, and test invocations of undeployed ones. */
export function createDataPlane(options: DataPlaneOptions): DataPlane {
  const { account, backend, random = pooledRandom() } = options;
  const accessControl: AccessControl = { ...REFUSE_ALL, ...options.accessControl };
  const meter = new Meter(account.now);
  return { invoke, testInvoke };

  async function invoke(api: ApiSnapshot, stage: StageContext, call: InvokeRequest): Promise<HttpResponse> {
    const ids = callIds(random);
    const raw = rawRequest(call);
    const trace = traceId(headerValue(call.headers, 'x-amzn-trace-id'), account.now(), random);
    const headers = withForwardedHeaders(raw.headers, { sourceIp: call.sourceIp, traceId: trace });
    const unrouted: MethodRequest = {
      ...methodRequest({ ...raw, headers }),
      pathParameters: new Map(),
      body: '',
    };
    const context = newContext(api, stage.stageName, raw, call.sourceIp, ids);
    const response = await invoked().catch((error: unknown) => {
      if (!(error instanceof GatewayError)) throw error;
      const sources = { request: unrouted, context, stageVariables: stage.variables };
      return gatewayResponse(api, error, sources);
    });
    const own: Header[] = [
      ['x-amzn-RequestId', ids.requestId],
      ['x-amz-apigw-id', ids.extendedRequestId],
      ['Date', new Date(account.now()).toUTCString()],
    ];
    return { ...response, headers: [...own, ...response.headers] };

    async function invoked(): Promise<HttpResponse> {
      if (call.body.length > PAYLOAD_LIMIT) throw requestTooLarge();
      const found = route(api.resources, raw.httpMethod, raw.path);
      if (!found) throw noSuchMethod(call.headers);
      const request: MethodRequest = {
        ...unrouted,
        pathParameters: found.pathParameters,
        body: payloadOf(raw.body, unrouted.contentType, api.binaryMediaTypes),
      };
      enterResource(context, found.resource, request);
      const identity = await admit(accessControl, { api, stage, route: found, request: call });
      addIdentity(context, identity);
      meter.count({
        restApiId: api.restApiId,
        stageName: stage.stageName,
        resourcePath: found.resource.path,
        verb: found.method.httpMethod,
        settings: stage.methodSettings,
        limits:
          identity.apiKey === undefined ? undefined : accessControl.keyLimits(identity.apiKey, api, stage),
      });
      return execute({
        api,
        method: found.method,
        sources: { request, context, stageVariables: stage.variables },
        traceId: trace,
        backend,
        now: account.now,
      });
    }
  }

  async function testInvoke(api: ApiSnapshot, test: TestInvokeRequest): Promise<TestInvokeResult> {
    const methods = test.resource.resourceMethods ?? {};
    const method = methods[test.httpMethod] ?? methods.ANY;
    if (!method) throw new Error(`resource ${test.resource.path} has no method ${test.httpMethod}`);
    const started = account.now();
    const ids = callIds(random);
    const raw = testRequest(test);
    // A path that does not match the resource is accepted, and yields no parameters (EMU LS-C).
    const pathParameters = pathParametersOf(test.resource, raw.path);
    const received = methodRequest(raw);
    const body = payloadOf(raw.body, received.contentType, api.binaryMediaTypes);
    const request: MethodRequest = { ...received, pathParameters, body };
    const context = newContext(api, TEST_STAGE, raw, TEST_SOURCE_IP, ids);
    enterResource(context, test.resource, request);
    const log = new ExecutionLog(ids.requestId, account.now);
    const response = await execute({
      api,
      method,
      sources: { request, context, stageVariables: test.stageVariables },
      traceId: traceId(undefined, started, random),
      backend,
      now: account.now,
      log,
    });
    return {
      status: response.status,
      body: response.body.toString(),
      ...headerRecords(response.headers),
      log: log.toString(),
      latency: account.now() - started,
    };
  }

  function newContext(
    api: ApiSnapshot,
    stageName: string,
    raw: RawRequest,
    sourceIp: string,
    ids: ReturnType<typeof callIds>,
  ): VtlMap {
    return createContext({
      account,
      ids,
      apiId: api.restApiId,
      stageName,
      httpMethod: raw.httpMethod,
      path: raw.path,
      host: headerValue(raw.headers, 'host'),
      userAgent: headerValue(raw.headers, 'user-agent'),
      sourceIp,
      time: account.now(),
    });
  }
}

/** X-HTTP-Method-Override replaces the verb (docs/facts/gateway.md#routing, DOC). */
function rawRequest(call: InvokeRequest): RawRequest {
  const httpMethod = headerValue(call.headers, 'x-http-method-override')?.toUpperCase() || call.method;
  const { path, query, headers, body } = call;
  return { httpMethod, path: path === '' ? '/' : path, query, headers, body };
}

function testRequest(test: TestInvokeRequest): RawRequest {
  const [path = '', query = ''] = (test.pathWithQueryString || test.resource.path).split(/\?(.*)/s);
  return { httpMethod: test.httpMethod, path, query, headers: test.headers, body: Buffer.from(test.body) };
}

/** docs/facts/gateway.md#errors; the ErrorType is LocalStack's (EMU). */
function requestTooLarge(): GatewayError {
  const message = `HTTP content length exceeded ${PAYLOAD_LIMIT} bytes.`;
  return new GatewayError('REQUEST_TOO_LARGE', message, 'RequestTooLargeException');
}
