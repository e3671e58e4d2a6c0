import { type Header, headerValue } from '../../http.ts';
import type { ApiSnapshot } from '../model.ts';
import type { InvokeRequest, StageContext } from './contract.ts';
import { GatewayError, missingAuthenticationToken } from './gateway-error.ts';
import type { Route } from './routing.ts';

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

export interface Gatekeepers {
  readonly authorize: AuthorizeCaller;
  readonly apiKeyKnown: ApiKeyKnown;
}

/** Nobody is known: what an unsigned call of an AWS_IAM method gets (facts 3.7). */
export const REFUSE_ALL: Gatekeepers = {
  authorize: () => ({ allowed: false, error: missingAuthenticationToken() }),
  apiKeyKnown: () => false,
};

/**
 * The identity of a caller that may go on.
 *
 * @throws GatewayError 401 or 403.
 */
export async function admit(
  gatekeepers: Gatekeepers,
  question: CallerQuestion,
): Promise<Readonly<Record<string, string>>> {
  const { method } = question.route;
  let identity: Readonly<Record<string, string>> = {};
  if (method.authorizationType === 'AWS_IAM') {
    const answer = await gatekeepers.authorize(question);
    if (!answer.allowed) throw answer.error;
    identity = answer.identity;
  } else if (method.authorizationType !== 'NONE') {
    // Authorizers are not part of the embedded AWS: nobody passes one.
    throw new GatewayError('UNAUTHORIZED', 'Unauthorized', 'UnauthorizedException');
  }
  if (!method.apiKeyRequired) return identity;
  const key = headerValue(question.request.headers, 'x-api-key');
  if (key === undefined || !gatekeepers.apiKeyKnown(key, question.api, question.stage)) {
    throw new GatewayError('INVALID_API_KEY', 'Forbidden', 'ForbiddenException');
  }
  return { ...identity, apiKey: key };
}

/**
 * The answer where no method is found. An Authorization header is then read as a signature, and complained about
 * if it cannot be one (facts 3.7, MISSING_AUTHENTICATION_TOKEN).
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
