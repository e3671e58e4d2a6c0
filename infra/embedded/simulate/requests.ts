import { type HttpRequest, type HttpResponse, headerValue } from '../http.ts';
import { destinationOf } from '../server/destination.ts';
import type { Fault } from './faults.ts';

/** How the simulation classifies a request. */
export type Seen =
  /** A client calls a deployed API. */
  | { readonly kind: 'invocation'; readonly action: string; readonly isRead: boolean }
  | {
      readonly kind: 'apigateway';
      readonly action: string;
      /** `{restApiId}/{stageName}`, for a deployment to a stage. */
      readonly stage: string | undefined;
    }
  | { readonly kind: 'iam'; readonly action: string; readonly roleName: string | undefined }
  | { readonly kind: 'kinesis'; readonly action: string }
  | { readonly kind: 'other' };

export function see(request: HttpRequest): Seen {
  const destination = destinationOf(request);
  switch (destination.kind) {
    case 'execute-api':
      return {
        kind: 'invocation',
        action: `${request.method} of a deployed API`,
        isRead: request.method === 'GET',
      };
    case 'apigateway': {
      const action = operationOf(request);
      return {
        kind: 'apigateway',
        action,
        stage: action === 'CreateDeployment' ? stageOf(request) : undefined,
      };
    }
    case 'iam': {
      const parameters = new URLSearchParams(request.body.toString('utf8'));
      const action = parameters.get('Action') ?? '';
      const isSts = ['AssumeRole', 'GetCallerIdentity', 'GetSessionToken'].includes(action);
      if (isSts || action === '') return { kind: 'other' };
      return { kind: 'iam', action, roleName: parameters.get('RoleName') ?? undefined };
    }
    case 'kinesis': {
      const action = headerValue(request.headers, 'x-amz-target')?.split('.')[1];
      return action === undefined ? { kind: 'other' } : { kind: 'kinesis', action };
    }
    default:
      return { kind: 'other' };
  }
}

function stageOf({ target, body }: HttpRequest): string | undefined {
  try {
    const { stageName } = JSON.parse(body.toString('utf8')) as { stageName?: string };
    return stageName === undefined ? undefined : `${target.split('/')[2]}/${stageName}`;
  } catch {
    return undefined;
  }
}

/** Operations with quotas or faults; others are named by verb and kind of path. */
const OPERATIONS: readonly [verb: string, path: RegExp, name: string][] = [
  ['POST', /^\/restapis$/, 'CreateRestApi'],
  ['PUT', /^\/restapis\/[^/]+$/, 'PutRestApi'],
  ['DELETE', /^\/restapis\/[^/]+$/, 'DeleteRestApi'],
  ['GET', /^\/restapis\/[^/]+\/resources$/, 'GetResources'],
  ['POST', /^\/restapis\/[^/]+\/resources\/[^/]+$/, 'CreateResource'],
  ['DELETE', /^\/restapis\/[^/]+\/resources\/[^/]+$/, 'DeleteResource'],
  ['POST', /^\/restapis\/[^/]+\/deployments$/, 'CreateDeployment'],
];

function operationOf({ method, target }: HttpRequest): string {
  const [path = '', query = ''] = target.split('?');
  const known = OPERATIONS.find(([verb, form]) => verb === method && form.test(path))?.[2];
  if (known === 'CreateRestApi' && new URLSearchParams(query).get('mode') === 'import')
    return 'ImportRestApi';
  return known ?? `${method} ${path.split('/')[3] ?? path.split('/')[1] ?? ''}`;
}

/** The faults that a request can get, after which a client that retries only what is safe to retry still succeeds. */
export function possibleFaults(seen: Seen, request: HttpRequest): readonly Fault[] {
  switch (seen.kind) {
    case 'invocation':
      return seen.isRead ? ['lost-request', 'lost-answer'] : [];
    case 'kinesis': {
      // A repeated put stores the record twice, and repeated resharding has another result.
      const isSafe = /^(Create|Delete|Describe|List|Get)/.test(seen.action);
      return isSafe ? ['lost-request', 'lost-answer'] : ['lost-request'];
    }
    case 'apigateway': {
      const isSafe = request.method === 'GET' || request.method === 'DELETE';
      return ['throttle', 'server-error', 'lost-request', ...(isSafe ? (['lost-answer'] as const) : [])];
    }
    case 'iam': {
      const isSafe = /^(Delete|List|Get|Put)/.test(seen.action);
      return ['throttle', 'server-error', 'lost-request', ...(isSafe ? (['lost-answer'] as const) : [])];
    }
    case 'other':
      return [];
  }
}

/** The answer of API Gateway or IAM for a fault. */
export function faultyAnswer(kind: 'apigateway' | 'iam', fault: 'throttle' | 'server-error'): HttpResponse {
  if (kind === 'apigateway')
    return fault === 'throttle'
      ? gatewayError(429, 'TooManyRequestsException', 'Too Many Requests')
      : gatewayError(503, 'ServiceUnavailableException', 'Service Unavailable');
  return fault === 'throttle'
    ? iamError(400, 'Throttling', 'Rate exceeded')
    : iamError(500, 'ServiceFailure', 'The request processing has failed because of an unknown error.');
}

function gatewayError(status: number, type: string, message: string): HttpResponse {
  return {
    status,
    headers: [
      ['Content-Type', 'application/json'],
      ['x-amzn-ErrorType', type],
    ],
    body: JSON.stringify({ message }),
  };
}

function iamError(status: number, code: string, message: string): HttpResponse {
  const type = status < 500 ? 'Sender' : 'Receiver';
  return {
    status,
    headers: [['Content-Type', 'text/xml']],
    body:
      '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error>' +
      `<Type>${type}</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
  };
}
