import { type Header, headerValue } from '../../http.ts';
import type { ApiSnapshot, Authorizer } from '../model.ts';
import { GatewayError, missingAuthenticationToken, notEmulated } from './gateway-error.ts';
import type { KeyLimits } from './metering.ts';
import { patternOf, tests } from './pattern.ts';
import type { Route } from './routing.ts';
import type { InvokeRequest, StageContext } from './types.ts';
import { WorkExceeded } from './work.ts';

/** A call of a method with AWS_IAM authorization. */
export interface CallerQuestion {
  readonly api: ApiSnapshot;
  readonly stage: StageContext;
  readonly route: Route;
  /** The original request, including its signature. */
  readonly request: InvokeRequest;
}

/** `identity` becomes `$context.identity`: caller, user, userArn, accessKey, accountId … */
export type CallerAnswer =
  | { readonly allowed: true; readonly identity: Readonly<Record<string, string>> }
  | { readonly allowed: false; readonly error: GatewayError };

/** Identifies the signer of a call of an AWS_IAM method, and decides whether they may make it. */
export type AuthorizeCaller = (question: CallerQuestion) => CallerAnswer | Promise<CallerAnswer>;

/** The id of an API key that is valid for an API and stage; undefined for any other. */
export type ApiKeyId = (key: string, api: ApiSnapshot, stage: StageContext) => string | undefined;

export interface AccessControl {
  readonly authorize: AuthorizeCaller;
  readonly apiKeyId: ApiKeyId;
  /** The limits that a usage plan sets for a valid key. */
  readonly keyLimits: (key: string, api: ApiSnapshot, stage: StageContext) => KeyLimits | undefined;
}

/** Refuses every call and key, as AWS refuses an unsigned call of an AWS_IAM method (docs/facts/gateway.md#errors). */
export const REFUSE_ALL: AccessControl = {
  authorize: () => ({ allowed: false, error: missingAuthenticationToken() }),
  apiKeyId: () => undefined,
  keyLimits: () => undefined,
};

/**
 * Returns the identity of an authorized caller.
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
  const apiKeyId = key && accessControl.apiKeyId(key, question.api, question.stage);
  if (!key || !apiKeyId) throw new GatewayError('INVALID_API_KEY', 'Forbidden', 'ForbiddenException');
  return { ...identity, apiKey: key, apiKeyId };
}

/**
 * The error for a call of a method with an authorizer. It is 401 if the call lacks an identity source of the
 * authorizer, which AWS checks before it invokes the authorizer (API Gateway guide, docs/facts/gateway.md#errors),
 * else 501: authorizers are not emulated.
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

/** Whether every identity source of the authorizer has a value, and the token matches the validation expression. */
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
  // `$context` values always exist.
  return place;
}

/** An expression that only Java can read counts as a match; one that takes too long counts as no match. */
function hasForm(token: string, form: string): boolean {
  try {
    return tests(patternOf(form), token);
  } catch (error) {
    return !(error instanceof WorkExceeded);
  }
}

/**
 * The error if no method is found. An Authorization header is then parsed as a signature, and the error reports a
 * malformed one (docs/facts/gateway.md#errors, MISSING_AUTHENTICATION_TOKEN).
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
