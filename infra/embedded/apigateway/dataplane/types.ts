import type { Header, HttpResponse } from '../../http.ts';
import type { ApiSnapshot, Resource } from '../model.ts';
import type { ThrottleSettings } from './metering.ts';

/** The request that an integration of type AWS sends to the service, before it is signed. */
export interface BackendRequest {
  /** From the integration URI, such as `kinesis`. */
  readonly service: string;
  readonly region: string;
  readonly method: string;
  /** `/` for action URIs. */
  readonly path: string;
  /** For an action URI, it starts with `Action=X` (docs/facts/gateway.md#integration-request). */
  readonly query: readonly Header[];
  readonly headers: readonly Header[];
  readonly body: string | Buffer;
  /** The role ARN of the integration; undefined if it has none. */
  readonly credentials: string | undefined;
  /** The signer of the client's call, for integrations that use the caller's credentials. */
  readonly callerAccessKey?: string;
  readonly restApiId: string;
}

export type BackendAnswer =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: readonly Header[];
      readonly body: Buffer;
    }
  /** The role does not exist or does not trust API Gateway: the call never left the gateway. */
  | { readonly kind: 'role-not-assumable' }
  | { readonly kind: 'unreachable'; readonly reason: string }
  /** The answer comes after every timeout, so the gateway does not wait for it. */
  | { readonly kind: 'too-late' };

/** The services behind the gateway, which authorize their own callers. */
export type Backend = (request: BackendRequest) => Promise<BackendAnswer>;

export interface StageContext {
  readonly stageName: string;
  readonly variables: Readonly<Record<string, string>>;
  /** `{resource path without its first slash}/{verb}` to that method's throttle, and the throttle of all others. */
  readonly methodSettings?: Readonly<Record<string, ThrottleSettings>>;
}

/** A client's call of a stage. `path` and `query` are raw: percent-encoded, the path without the stage. */
export interface InvokeRequest {
  readonly method: string;
  /** The complete raw request target, which a signature covers. */
  readonly target: string;
  readonly path: string;
  readonly query: string;
  readonly headers: readonly Header[];
  readonly body: Buffer;
  readonly sourceIp: string;
}

export interface TestInvokeRequest {
  readonly resource: Resource;
  readonly httpMethod: string;
  /** As the client would send it: `/streams/s/sharditerator?shard-id=x`. */
  readonly pathWithQueryString: string;
  readonly headers: readonly Header[];
  readonly body: string;
  readonly stageVariables: Readonly<Record<string, string>>;
}

/** TestInvokeMethod's answer, in the wire shape of botocore apigateway/2015-07-09. */
export interface TestInvokeResult {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly multiValueHeaders: Readonly<Record<string, readonly string[]>>;
  readonly log: string;
  /** Milliseconds. */
  readonly latency: number;
}

export interface DataPlane {
  invoke(api: ApiSnapshot, stage: StageContext, request: InvokeRequest): Promise<HttpResponse>;
  testInvoke(api: ApiSnapshot, request: TestInvokeRequest): Promise<TestInvokeResult>;
}
