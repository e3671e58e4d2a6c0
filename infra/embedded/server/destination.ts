import { CONTROL_PATH } from '../apigateway/control/control-plane.ts';
import { type HttpRequest, headerValue } from '../http.ts';

/** The service that a request on the port is for. */
export type Destination =
  | { readonly kind: 'health' }
  /** Not part of AWS: tests set here which Kinesis calls fail or are slow. */
  | { readonly kind: 'conditions' }
  /** `path` is raw, without the stage; `stage` is undefined if the address has none. */
  | {
      readonly kind: 'execute-api';
      readonly restApiId: string;
      readonly stage: string | undefined;
      readonly path: string;
    }
  | { readonly kind: 'apigateway' }
  | { readonly kind: 'kinesis' }
  | { readonly kind: 'iam' }
  | { readonly kind: 'unknown' };

const EXECUTE_API_PATH = /^\/_aws\/execute-api\/([^/]+)(?:\/([^/]+)(\/.*)?)?$/;
const USER_REQUEST_PATH = /^\/restapis\/([^/]+)\/([^/]+)\/_user_request_(\/.*)?$/;
const EXECUTE_API_HOST = /^([^.]+)\.execute-api\./;

/** By path, host, X-Amz-Target, credential scope, and the form of the Query protocol, in this order. */
export function destinationOf(request: Omit<HttpRequest, 'body'>): Destination {
  const [path = '/', query = ''] = request.target.split(/\?(.*)/s);
  if (path === '/_kpc/health') return { kind: 'health' };
  if (path === '/_kpc/conditions') return { kind: 'conditions' };

  const invoked = EXECUTE_API_PATH.exec(path) ?? USER_REQUEST_PATH.exec(path);
  if (invoked !== null) {
    const [, restApiId = '', stage, rest = '/'] = invoked;
    return { kind: 'execute-api', restApiId, stage, path: rest };
  }
  const api = EXECUTE_API_HOST.exec(headerValue(request.headers, 'host') ?? '')?.[1];
  if (api !== undefined) {
    const [, stage = '', rest = '/'] = /^\/([^/]*)(\/.*)?$/s.exec(path) ?? [];
    return { kind: 'execute-api', restApiId: api, stage: stage === '' ? undefined : stage, path: rest };
  }
  if (CONTROL_PATH.test(path)) return { kind: 'apigateway' };

  if (headerValue(request.headers, 'x-amz-target') !== undefined) return { kind: 'kinesis' };
  const service = credentialScope(request, query)?.service;
  if (service === 'kinesis') return { kind: 'kinesis' };
  if (service === 'iam' || service === 'sts') return { kind: 'iam' };
  const contentType = headerValue(request.headers, 'content-type') ?? '';
  if (contentType.startsWith('application/x-www-form-urlencoded')) return { kind: 'iam' };
  if (/json|cbor/.test(contentType) && path === '/') return { kind: 'kinesis' };
  return { kind: 'unknown' };
}

/** Access key and service of a signature, in the header or in the query; the signature is not checked. */
export function credentialScope(
  request: Pick<HttpRequest, 'headers'>,
  query: string,
): { readonly accessKeyId: string; readonly service: string } | undefined {
  const header = headerValue(request.headers, 'authorization') ?? '';
  const credential =
    /Credential=([^,\s]+)/.exec(header)?.[1] ?? new URLSearchParams(query).get('X-Amz-Credential') ?? '';
  const [accessKeyId, , , service] = credential.split('/');
  return accessKeyId && service ? { accessKeyId, service } : undefined;
}
