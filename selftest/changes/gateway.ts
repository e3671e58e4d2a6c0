import type { Serve } from '../../infra/embedded/embedded-aws.ts';
import type { HttpRequest, HttpResponse } from '../../infra/embedded/http.ts';
import { destinationOf } from '../../infra/embedded/server/destination.ts';
import type { Change } from './change.ts';

/** A client's call as the gateway receives it. */
export interface Invocation extends HttpRequest {
  /** The path below the stage, still encoded, without the query string. */
  readonly path: string;
  /** The part of the request target before `path`. */
  readonly stage: string;
}

/** Replaces the gateway for clients' calls. */
export function gateway(make: () => (call: Invocation, pass: Serve) => Promise<HttpResponse>): Change {
  return {
    middleware: () => {
      const stand = make();
      return {
        port: (serve) => (request) => {
          const destination = destinationOf(request);
          if (destination.kind !== 'execute-api') return serve(request);
          const [before = ''] = request.target.split('?');
          const stage = before.slice(0, before.length - destination.path.length);
          return stand({ ...request, path: destination.path, stage }, serve);
        },
      };
    },
  };
}

/** Rewrites the gateway's answers to the calls that match a predicate. */
export function gatewayAnswers(
  picks: (call: Invocation) => boolean,
  edit: (answer: HttpResponse, call: Invocation) => HttpResponse,
): Change {
  return gateway(() => async (call, pass) => {
    const answer = await pass(call);
    return picks(call) ? edit(answer, call) : answer;
  });
}

/** The same call to another path below the stage. */
export function toPath(call: Invocation, path: string): Invocation {
  const query = call.target.split(/\?(.*)/s)[1];
  return { ...call, path, target: `${call.stage}${path}${query === undefined ? '' : `?${query}`}` };
}

export function withoutHeader(answer: HttpResponse, name: string): HttpResponse {
  return {
    ...answer,
    headers: answer.headers.filter(([own]) => own.toLowerCase() !== name.toLowerCase()),
  };
}

/** An answer that the gateway generates. */
export function made(
  status: number,
  body: object | string,
  headers: HttpResponse['headers'] = [],
): HttpResponse {
  return {
    status,
    headers: [
      ['Content-Type', 'application/json'],
      ['x-amzn-RequestId', '00000000-0000-4000-8000-000000000000'],
      ...headers,
    ],
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

/** Replaces the control plane for the requests that match a predicate. */
export function controlPlane(
  picks: (request: HttpRequest) => boolean,
  stand: (request: HttpRequest, pass: Serve) => Promise<HttpResponse>,
): Change {
  return {
    middleware: () => ({
      port: (serve) => (request) =>
        destinationOf(request).kind === 'apigateway' && picks(request)
          ? stand(request, serve)
          : serve(request),
    }),
  };
}
