import { type APIGatewayClient, TestInvokeMethodCommand } from '@aws-sdk/client-api-gateway';
import { Answer } from '../client/answer.ts';
import type { Exchange } from '../client/exchange.ts';
import { type ProxyRequest, target } from '../client/requests.ts';
import { sendWithRetry } from '../client/retry.ts';
import { resourceId } from './configuration.ts';
import { sdkCall } from './sdk-call.ts';

/** The answer of a test invocation. */
export interface TestInvocation {
  readonly status: number;
  readonly body: string;
  readonly log: string;
}

/**
 * Makes a call by API Gateway's test invocation, as the console's Test button does.
 * @param retriesCalls whether to observe AWS's quotas, and to retry throttled and failed calls.
 */
export async function testInvoke(
  gateway: APIGatewayClient,
  restApiId: string,
  request: ProxyRequest,
  retriesCalls: boolean,
): Promise<TestInvocation> {
  const command = new TestInvokeMethodCommand({
    restApiId,
    resourceId: await resourceId(gateway, restApiId, request.resource),
    httpMethod: request.method,
    pathWithQueryString: target(request),
    headers: { ...request.headers },
    ...(request.body === undefined ? {} : { body: request.body }),
  });
  let log = '';
  const attempt = async (): Promise<Exchange> => {
    const answer = await sdkCall(`test-invoke ${request.method} ${request.resource}`, gateway.send(command));
    log = answer.log ?? '';
    return {
      request: { method: request.method, url: target(request), headers: request.headers },
      response: { status: answer.status ?? 0, headers: {}, body: answer.body ?? '' },
      durationMs: 0,
    };
  };
  const { response } = retriesCalls
    ? await sendWithRetry(request, attempt, () => undefined)
    : await attempt();
  return { status: response.status, body: response.body, log };
}

/** The request to the backend service, as the log of a test invocation shows it. */
export interface LoggedRequest {
  readonly uri: string;
  /** From the URI or the X-Amz-Target header. */
  readonly action: string | undefined;
  readonly contentType: string | undefined;
  readonly body: string;
}

/**
 * Each entry of a log begins with its time, `Tue Aug 19 17:04:50 UTC 2025 : `
 * (docs/facts/gateway.md#integration-request).
 */
const ENTRY = /^[A-Z][a-z]{2} [A-Z][a-z]{2} \d{2} [\d:]{8} UTC \d{4} : /m;

/** @throws where the log shows no request. */
export function loggedRequest(log: string): LoggedRequest {
  const entries = log.split(new RegExp(ENTRY, 'gm'));
  const entry = (label: string) =>
    entries
      .find((text) => text.startsWith(label))
      ?.slice(label.length)
      .trim();
  const uri = entry('Endpoint request URI:');
  const body = entry('Endpoint request body after transformations:');
  if (uri === undefined || body === undefined)
    throw new Error(`the log shows no request to a service:\n${log}`);
  const headers = entry('Endpoint request headers:') ?? '';
  const header = (name: string) => new RegExp(`[{ ]${name}=([^,}]*)`, 'i').exec(headers)?.[1];
  const action = new URL(uri).searchParams.get('Action') ?? header('X-Amz-Target')?.split('.').at(-1);
  return { uri, action: action ?? undefined, contentType: header('Content-Type'), body };
}

/** A test invocation as an exchange: its answer, and the request to the service that its log shows. */
export function testExchange(
  baseUrl: string,
  request: ProxyRequest,
  { status, body }: Pick<TestInvocation, 'status' | 'body'>,
  logged: LoggedRequest,
): Exchange {
  const toService = { ...logged, body: parsedOrText(logged.body) };
  return {
    request: {
      method: `TEST ${request.method}`,
      url: baseUrl + target(request),
      headers: request.headers,
      ...(request.body === undefined ? {} : { body: request.body }),
    },
    response: { status, headers: {}, body: JSON.stringify({ answer: parsedOrText(body), toService }) },
    durationMs: 0,
  };
}

/** The answer of a test invocation, as if a client had made the call. */
export function answerOfTest(
  request: ProxyRequest,
  { status, body }: Pick<TestInvocation, 'status' | 'body'>,
): Answer {
  const sent = { method: request.method, url: target(request), headers: request.headers };
  return new Answer({ request: sent, response: { status, headers: {}, body }, durationMs: 0 });
}

function parsedOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
