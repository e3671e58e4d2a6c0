import { type HttpRequest, type HttpResponse, headerValue } from '../http.ts';
import { CBOR_TYPE, cborOfJson, jsonOfCbor } from './cbor.ts';
import { kinesisResponse } from './service.ts';
import { isAction, UNIMPLEMENTED } from './shapes.ts';
import type { KinesisRequest } from './types.ts';

const JSON_TYPE = 'application/x-amz-json-1.1';
const AUTHORIZATION_PARAMETERS = ['Credential', 'Signature', 'SignedHeaders'].map(
  (parameter) => [parameter, new RegExp(`[ ,]${parameter}=[^, ]`)] as const,
);
const TARGET_PREFIX = 'Kinesis_20131202.';

/**
 * Serves a caller other than API Gateway, and answers in the encoding of the request. `perform` receives and returns
 * only JSON, as with an integration.
 */
export async function serveDirectCall(
  request: HttpRequest,
  perform: (call: KinesisRequest) => Promise<HttpResponse>,
): Promise<HttpResponse> {
  const call = await readDirectCall(request);
  const answer = isRefusal(call) ? call : await perform(call);
  if (contentTypeOf(request) !== CBOR_TYPE || contentTypeOf(answer) !== JSON_TYPE) return answer;
  return {
    ...answer,
    headers: answer.headers.map(([name, value]) =>
      name.toLowerCase() === 'content-type' ? [name, CBOR_TYPE] : [name, value],
    ),
    body: await cborOfJson(answer.body),
  };
}

/**
 * Checks what Kinesis demands of callers other than API Gateway (docs/facts/kinesis.md#direct-calls).
 * @returns the request with a JSON body, or the answer that refuses it. A signature must be present; the calling code
 * verifies it.
 */
export async function readDirectCall(request: HttpRequest): Promise<KinesisRequest | HttpResponse> {
  if (request.method !== 'POST') return undetermined();
  const { headers, body } = request;
  const query = new URLSearchParams(request.target.split('?')[1] ?? '');
  const contentType = contentTypeOf(request);
  const target = headerValue(headers, 'x-amz-target') ?? '';
  const queryAction = query.get('Action') ?? undefined;
  const targetAction = target.startsWith(TARGET_PREFIX) ? target.slice(TARGET_PREFIX.length) : undefined;
  const action = queryAction ?? targetAction;

  if (body.length === 0) {
    return failure(isKnown(action) ? 'SerializationException' : 'UnknownOperationException');
  }
  if (contentType !== JSON_TYPE && contentType !== CBOR_TYPE && contentType !== 'application/json') {
    return /^[^.]+\../.test(target)
      ? kinesisResponse(404, '<UnknownOperationException/>\n', 'text/xml')
      : undetermined();
  }
  // Integrations send plain JSON with the action in the query; otherwise plain JSON is refused.
  if (contentType === 'application/json' && queryAction === undefined) {
    const isJson = isJsonObject(body);
    const type = isJson ? 'UnknownOperationException' : 'SerializationException';
    const output = { Output: { __type: `com.amazon.coral.service#${type}` }, Version: '1.0' };
    return kinesisResponse(isJson ? 404 : 400, JSON.stringify(output), 'application/json');
  }
  const json = contentType === CBOR_TYPE ? await jsonOfCbor(body) : body;
  if (json === undefined || !isJsonObject(json)) return failure('SerializationException');
  if (!isKnown(action)) return failure('UnknownOperationException');
  return authenticationFailure(request, query) ?? { action, headers, body: json };
}

function isKnown(action: string | undefined): boolean {
  return isAction(action) || UNIMPLEMENTED.has(action ?? '');
}

/** Whether `readDirectCall` refused the call. */
export function isRefusal(result: KinesisRequest | HttpResponse): result is HttpResponse {
  return 'status' in result;
}

function authenticationFailure(request: HttpRequest, query: URLSearchParams): HttpResponse | undefined {
  const authorization = headerValue(request.headers, 'authorization');
  if (authorization === undefined) {
    return query.has('X-Amz-Algorithm')
      ? undefined
      : failure('MissingAuthenticationTokenException', { message: 'Missing Authentication Token' });
  }
  const missing = AUTHORIZATION_PARAMETERS.filter(([, pattern]) => !pattern.test(authorization)).map(
    ([parameter]) => `Authorization header requires '${parameter}' parameter.`,
  );
  if (
    headerValue(request.headers, 'x-amz-date') === undefined &&
    headerValue(request.headers, 'date') === undefined
  ) {
    missing.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
  }
  if (missing.length === 0) return undefined;
  return failure('IncompleteSignatureException', {
    message: `${missing.join(' ')} Authorization=${authorization}`,
  });
}

function contentTypeOf({ headers }: Pick<HttpRequest, 'headers'>): string {
  return headerValue(headers, 'content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
}

function isJsonObject(body: Buffer): boolean {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}

function failure(type: string, text: Record<string, string> = {}): HttpResponse {
  return kinesisResponse(400, JSON.stringify({ __type: type, ...text }));
}

/** The answer to anything except a POST, including calls by API Gateway (docs/facts/kinesis.md#direct-calls). */
export function undetermined(): HttpResponse {
  const text = 'Unable to determine service/operation name to be authorized';
  return kinesisResponse(
    403,
    `<AccessDeniedException>\n  <Message>${text}</Message>\n</AccessDeniedException>\n`,
    'text/xml',
  );
}
