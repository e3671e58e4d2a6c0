import type { Header } from '../../http.ts';
import type { ApiSnapshot, Integration, Method, Resource } from '../model.ts';
import { createDataPlane, type DataPlaneOptions } from './data-plane.ts';
import type { Backend, BackendRequest, InvokeRequest } from './types.ts';

/** Small APIs and calls for the tests of this folder. */

export const ACCOUNT = {
  id: '123456789012',
  region: 'us-east-1',
  partition: 'aws',
  now: () => Date.UTC(2025, 7, 19, 17, 4, 50),
} as const;

export function integrationOf(changes: Partial<Integration> = {}): Integration {
  return {
    type: 'AWS',
    httpMethod: 'POST',
    uri: 'arn:aws:apigateway:us-east-1:kinesis:action/PutRecord',
    credentials: 'arn:aws:iam::123456789012:role/proxy',
    passthroughBehavior: 'WHEN_NO_TEMPLATES',
    timeoutInMillis: 29_000,
    cacheNamespace: 'r1',
    cacheKeyParameters: [],
    integrationResponses: { 200: { statusCode: '200' } },
    ...changes,
  };
}

export function methodOf(integration: Partial<Integration> = {}, changes: Partial<Method> = {}): Method {
  return {
    httpMethod: 'PUT',
    authorizationType: 'NONE',
    apiKeyRequired: false,
    methodResponses: { 200: { statusCode: '200' }, 400: { statusCode: '400' }, 500: { statusCode: '500' } },
    methodIntegration: integrationOf(integration),
    ...changes,
  };
}

export function resourceOf(path: string, resourceMethods: Record<string, Method> = {}): Resource {
  return { id: `id${path}`, path, resourceMethods };
}

export function apiOf(resources: readonly Resource[], changes: Partial<ApiSnapshot> = {}): ApiSnapshot {
  return {
    restApiId: 'abc123',
    apiName: 'KinesisProxy',
    resources,
    models: [],
    requestValidators: [],
    authorizers: [],
    gatewayResponses: [],
    binaryMediaTypes: [],
    apiKeySource: 'HEADER',
    ...changes,
  };
}

/** An API of one method, PUT /streams/{stream-name}/record. */
export function recordApi(method: Method, changes: Partial<ApiSnapshot> = {}): ApiSnapshot {
  return apiOf([resourceOf('/streams/{stream-name}/record', { PUT: method })], changes);
}

export interface Reply {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly text: string;
  header(name: string): string | undefined;
}

export interface Rig {
  /** The requests that the backend received, oldest first. */
  readonly sent: BackendRequest[];
  call(api: ApiSnapshot, changes?: Partial<InvokeRequest> & { readonly text?: string }): Promise<Reply>;
  readonly plane: ReturnType<typeof createDataPlane>;
}

export function answering(status: number, body: string, headers: readonly Header[] = []): Backend {
  return async () => ({ kind: 'answer', status, headers, body: Buffer.from(body) });
}

/** A data plane with sequential ids, and functions that call it. */
export function rig(
  backend: Backend = answering(200, '{"ok":true}'),
  options: Partial<DataPlaneOptions> = {},
): Rig {
  const sent: BackendRequest[] = [];
  let drawn = 0;
  const plane = createDataPlane({
    account: ACCOUNT,
    random: (bytes) => {
      drawn += 1;
      return Buffer.alloc(bytes, drawn);
    },
    ...options,
    backend: (request) => {
      sent.push(request);
      return backend(request);
    },
  });
  return { sent, plane, call };

  async function call(api: ApiSnapshot, changes: Partial<InvokeRequest> & { readonly text?: string } = {}) {
    const { text = '{}', ...others } = changes;
    const stage = { stageName: 'test', variables: { greeting: 'hello', kind: 'kinesis' } };
    const response = await plane.invoke(api, stage, {
      method: 'PUT',
      target: '/test/streams/s/record',
      path: '/streams/s/record',
      query: '',
      headers: [],
      body: Buffer.from(text),
      sourceIp: '10.0.0.1',
      ...others,
    });
    const header = (name: string) => response.headers.find(([known]) => known === name)?.[1];
    return { status: response.status, headers: response.headers, text: response.body.toString(), header };
  }
}
