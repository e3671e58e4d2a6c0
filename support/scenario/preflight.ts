import type { Call } from '../../infra/definition/interface/types.ts';
import type { Answer } from '../client/answer.ts';
import type { ProxyRequest } from '../client/requests.ts';

/** The origin of a page that the API does not know. */
export const SOME_ORIGIN = 'https://page.example';

/** What a browser asks before the call of a page, and what the proxy answers. */
export interface Preflight {
  readonly call: Pick<Call, 'method' | 'auth' | 'apiKeyRequired'>;
  /** The call that the page wants to make. */
  readonly request: ProxyRequest;
  readonly answer: Pick<Answer, 'status' | 'header'>;
}

/** Methods and media types that need no preflight (Fetch Standard, "CORS-safelisted"). */
const FREE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST']);
const FREE_TYPES = /^(?:application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)\b/i;

/**
 * The headers that a page sends only where a preflight allows them. A signature may also be in the query, and an
 * authorizer may look anywhere, so neither requires a header.
 */
function unsafeHeaders({ call, request }: Pick<Preflight, 'call' | 'request'>): string[] {
  const own = Object.entries(request.headers).flatMap(([name, value]) =>
    /^(?:accept|accept-language|content-language)$/i.test(name) ||
    (/^content-type$/i.test(name) && FREE_TYPES.test(value))
      ? []
      : [name.toLowerCase()],
  );
  return [...own, ...(call.apiKeyRequired && call.auth !== 'authorizer' ? ['x-api-key'] : [])].toSorted();
}

/** The preflight of a call. Browsers send no credentials with it. */
export function asking({ call, request }: Pick<Preflight, 'call' | 'request'>): ProxyRequest {
  const { body: _, ...rest } = request;
  const headers = unsafeHeaders({ call, request });
  return {
    ...rest,
    method: 'OPTIONS',
    headers: {
      Origin: SOME_ORIGIN,
      'Access-Control-Request-Method': call.method,
      ...(headers.length > 0 && { 'Access-Control-Request-Headers': headers.join(',') }),
    },
  };
}

/** @returns why a browser would not make the call (Fetch Standard, "CORS-preflight fetch"); empty if it would. */
export function hindrances(preflight: Preflight): string[] {
  const { call, answer } = preflight;
  const listed = (name: string) =>
    (answer.header(name) ?? '').split(',').map((value) => value.trim().toLowerCase());
  const allows = (name: string, value: string) =>
    listed(name).some((one) => one === '*' || one === value.toLowerCase());
  return [
    ...(answer.status >= 200 && answer.status < 300 ? [] : [`the status is ${answer.status}`]),
    ...(answer.header('access-control-allow-origin') ? [] : ['no origin is allowed']),
    ...(FREE_METHODS.has(call.method) || allows('access-control-allow-methods', call.method)
      ? []
      : [`the method ${call.method} is not allowed`]),
    ...unsafeHeaders(preflight)
      .filter((name) => !allows('access-control-allow-headers', name))
      .map((name) => `the header ${name} is not allowed`),
  ];
}
