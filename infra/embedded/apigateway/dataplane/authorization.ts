import { type Header, headerValue } from '../../http.ts';
import type { ApiSnapshot, Authorizer } from '../model.ts';
import { GatewayError, missingAuthenticationToken, notEmulated } from './gateway-error.ts';
import type { KeyLimits } from './metering.ts';
import { patternOf, tests } from './pattern.ts';
import type { Route } from './routing.ts';
import type { InvokeRequest, StageContext } from './types.ts';
import { WorkExceeded } from './work.ts';

/** A call of a method that wants to know its caller. */
export interface CallerQuestion {
  readonly api: ApiSnapshot;
  readonly stage: StageContext;
  readonly route: Route;
  /** As it came, signature included. */
  readonly request: InvokeRequest;
}

/** `identity` becomes `$context.identity`: caller, user, userArn, accessKey, accountId … */
export type CallerAnswer =
  | { readonly allowed: true; readonly identity: Readonly<Record<string, string>> }
  | { readonly allowed: false; readonly error: GatewayError };

/** Who signed a call of an AWS_IAM method, and may they make it? */
export type AuthorizeCaller = (question: CallerQuestion) => CallerAnswer | Promise<CallerAnswer>;

/** Is this API key good for this API and stage? */
export type ApiKeyKnown = (key: string, api: ApiSnapshot, stage: StageContext) => boolean;

export interface AccessControl {
  readonly authorize: AuthorizeCaller;
  readonly apiKeyKnown: ApiKeyKnown;
  /** What its usage plan allows a good key. */
  readonly keyLimits: (key: string, api: ApiSnapshot, stage: StageContext) => KeyLimits | undefined;
}

/** Nobody is known: what an unsigned call of an AWS_IAM method gets (docs/facts/gateway.md#errors). */
export const REFUSE_ALL: AccessControl = {
  authorize: () => ({ allowed: false, error: missingAuthenticationToken() }),
  apiKeyKnown: () => false,
  keyLimits: () => undefined,
};

/**
 * The identity of a caller that may go on.
 *
 * @throws GatewayError 401 or 403.
 */
export async function admit(
  accessControl: AccessControl,
  question: CallerQuestion,
): Promise<Readonly<Record<string, string>>> {
  const { method } = question.route;
  let identity: Readonly<Record<string, string>> = {};
  if (method.authorizationType === 'AWS_IAM') {
    const answer = await accessControl.authorize(question);
    if (!answer.allowed) throw answer.error;
    identity = answer.identity;
  } else if (method.authorizationType !== 'NONE') {
    throw atAuthorizer(question);
  }
  if (!method.apiKeyRequired) return identity;
  const key = headerValue(question.request.headers, 'x-api-key');
  if (key === undefined || !accessControl.apiKeyKnown(key, question.api, question.stage)) {
    throw new GatewayError('INVALID_API_KEY', 'Forbidden', 'ForbiddenException');
  }
  return { ...identity, apiKey: key };
}

/**
 * What a call of a method behind an authorizer gets: 401 when it lacks what the authorizer would be asked with, as AWS
 * answers before it asks (API Gateway guide, docs/facts/gateway.md#errors); else that nobody decides here.
 */
function atAuthorizer({ api, route: { method, resource }, ...call }: CallerQuestion): GatewayError {
  const authorizer = api.authorizers.find(({ id }) => id === method.authorizerId);
  if (authorizer === undefined || !identifies(authorizer, call)) {
    return new GatewayError('UNAUTHORIZED', 'Unauthorized', 'UnauthorizedException');
  }
  return notEmulated(
    `authorizers, so ${method.httpMethod} ${resource.path} is neither allowed nor denied by ${authorizer.name}`,
  );
}

/** Whether every source of the authorizer's identity has a value, and a token is of the form that is asked for. */
function identifies(
  { type, identitySource = '', identityValidationExpression: form }: Authorizer,
  { request, stage }: Pick<CallerQuestion, 'request' | 'stage'>,
): boolean {
  const sources = identitySource.split(',').filter((source) => source.trim() !== '');
  const values = sources.map((source) => identityValue(source.trim(), request, stage));
  if (type !== 'TOKEN' || form === undefined) return values.every(Boolean);
  return values.every((value) => Boolean(value) && hasForm(value ?? '', form));
}

function identityValue(source: string, request: InvokeRequest, stage: StageContext): string | undefined {
  const [, place, name = ''] =
    /^(?:method\.request\.)?(header|querystring|stageVariables|context)\.(.+)$/.exec(source) ?? [];
  if (place === 'header') return headerValue(request.headers, name);
  if (place === 'querystring') return new URLSearchParams(request.query).get(name) ?? undefined;
  if (place === 'stageVariables') return stage.variables[name];
  // What a call is about is always known.
  return place;
}

/** An expression that only Java reads is taken to fit; one that takes too long is taken not to. */
function hasForm(token: string, form: string): boolean {
  try {
    return tests(patternOf(form), token);
  } catch (error) {
    return !(error instanceof WorkExceeded);
  }
}

/**
 * The answer where no method is found. An Authorization header is then read as a signature, and complained about
 * if it cannot be one (docs/facts/gateway.md#errors, MISSING_AUTHENTICATION_TOKEN).
 */
export function noSuchMethod(headers: readonly Header[]): GatewayError {
  const header = headerValue(headers, 'authorization');
  const fault = header
    ?.replace(/^\S+\s+/, '')
    .split(',')
    .find((part) => !part.includes('='))
    ?.trim();
  if (header === undefined || fault === undefined) return missingAuthenticationToken();
  return new GatewayError(
    'INVALID_SIGNATURE',
    `'${fault}' not a valid key=value pair (missing equal-sign) in Authorization header: '${header}'.`,
    'IncompleteSignatureException',
  );
}
