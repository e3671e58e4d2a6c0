import { buildQueryString, HttpResponse } from '@smithy/core/protocols';
import type { RequestSigner, HttpRequest as SdkRequest } from '@smithy/types';
import type { Serve } from '../embedded/embedded-aws.ts';
import type { HttpRequest as EmbeddedRequest } from '../embedded/http.ts';
import type { AwsAccess } from './target.ts';

/** The embedded AWSs of this thread, by endpoint. Worker threads have none and use sockets. */
const servers = new Map<string, Serve>();

/** SDK middleware that matters only to servers and proxies on a network, which in-process calls do not cross. */
const MIDDLEWARE_FOR_THE_WAY = [
  'loggerMiddleware',
  'getUserAgentMiddleware',
  'hostHeaderMiddleware',
  'recursionDetectionMiddleware',
];

/** Lets SDK clients of this thread call an endpoint without a socket. @returns a function that withdraws the offer. */
export function offerInProcess(endpoint: string, serve: Serve): () => void {
  servers.set(endpoint, serve);
  return () => servers.delete(endpoint);
}

/**
 * The SDK client configuration for calling an endpoint of this thread without sockets and signatures; undefined for any
 * other endpoint. Calls still carry the access key id, by which the embedded AWS identifies users and roles.
 */
export function inProcessConfig({ endpoint = '', region, credentials }: AwsAccess) {
  const serve = servers.get(endpoint);
  if (serve === undefined) return undefined;
  const requestHandler = {
    metadata: { handlerProtocol: 'http/1.1' },
    handle: async (request: SdkRequest) => ({ response: await send(request, serve) }),
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    destroy: () => undefined,
  };
  const signer: RequestSigner = {
    sign: async (request, options) => {
      const scope = `${credentials?.accessKeyId}/19700101/${region}/${options?.signingService}/aws4_request`;
      request.headers.authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=unsigned`;
      request.headers['x-amz-date'] = '19700101T000000Z';
      return request;
    },
  };
  /** Removes middleware that takes half of a call's time and has no effect in process. */
  const shorten = (client: { readonly middlewareStack: { remove(name: string): boolean } }) => {
    for (const name of MIDDLEWARE_FOR_THE_WAY) client.middlewareStack.remove(name);
  };
  // Otherwise the SDK assembles its middleware again for each call, which takes a tenth of it (measured).
  return { config: { requestHandler, signer, cacheMiddleware: true }, shorten };
}

/** Wraps the bytes without copying. The SDK's own byte array logs a warning when it is converted to a string. */
function bytesOf(body: unknown): Buffer {
  return body instanceof Uint8Array
    ? Buffer.from(body.buffer, body.byteOffset, body.byteLength)
    : Buffer.from((body as string | undefined) ?? '');
}

async function send(request: SdkRequest, serve: Serve): Promise<HttpResponse> {
  const query = buildQueryString(request.query ?? {});
  const embedded: EmbeddedRequest = {
    method: request.method,
    target: query === '' ? request.path : `${request.path}?${query}`,
    headers: Object.entries(request.headers),
    body: bytesOf(request.body),
    sourceIp: '127.0.0.1',
  };
  const answer = await serve(embedded).catch((cause: unknown) => {
    // An error that would close the connection ends the call as a lost connection does.
    throw Object.assign(new Error('socket hang up', { cause }), { code: 'ECONNRESET' });
  });
  const headers: Record<string, string> = {};
  for (const [name, value] of answer.headers) {
    const key = name.toLowerCase();
    headers[key] = headers[key] === undefined ? value : `${headers[key]}, ${value}`;
  }
  return new HttpResponse({ statusCode: answer.status, headers, body: Buffer.from(answer.body) });
}
