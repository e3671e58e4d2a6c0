import type { Account } from '../account.ts';
import type { HttpRequest, HttpResponse } from '../http.ts';
import { IamError } from '../iam/errors.ts';
import { iamRefusal, queryService } from '../iam/service.ts';
import type { Sessions } from '../iam/sessions.ts';
import {
  INVALID_TOKEN,
  type SignatureFault,
  sessionFault,
  verifySignature,
} from '../iam/signature/verify.ts';
import type { Caller } from '../iam/types.ts';
import { kinesisResponse } from '../kinesis/service.ts';
import { credentialScope } from './destination.ts';

/** The services that identify their callers by access key. */
export type ServiceName = 'apigateway' | 'kinesis' | 'iam';

/** The caller, or the response that refuses the call. */
export type CallerResult = { readonly caller: Caller } | { readonly refusal: HttpResponse };

/**
 * Identifies the caller of a service. With `isStrict`, the signature must be valid and the key must belong to this
 * account. Otherwise nothing is verified: a user's or a session's valid key identifies that user or session, and a key
 * that this account never issued counts as the account's root.
 */
export function createCallerAuthentication(options: {
  readonly account: Account;
  readonly sessions: Sessions;
  readonly isStrict: boolean;
}): (request: HttpRequest, service: ServiceName) => Promise<CallerResult> {
  const { account, sessions } = options;
  const identify = options.isStrict ? verified : named;
  return async (request, service) => {
    const found = await identify(request, service);
    return 'kind' in found ? { refusal: refusal(request, service, found) } : { caller: found };
  };

  async function verified(request: HttpRequest, service: ServiceName): Promise<Caller | SignatureFault> {
    const answer = await verifySignature(request, {
      service: service === 'iam' ? queryService(request) : service,
      // IAM is one service for all regions and signs for us-east-1; clients of an endpoint sign for their own.
      regions: service === 'iam' ? [account.region, 'us-east-1'] : [account.region],
      now: account.now(),
      secretsOf: (accessKeyId) => sessions.holderOf(accessKeyId)?.secrets,
    });
    if ('kind' in answer) return answer;
    return sessions.holderOf(answer.accessKeyId)?.caller ?? { kind: 'unknown-key', message: INVALID_TOKEN };
  }

  async function named(request: HttpRequest): Promise<Caller | SignatureFault> {
    const query = request.target.split(/\?(.*)/s)[1] ?? '';
    const accessKeyId = credentialScope(request, query)?.accessKeyId ?? '';
    const holder = sessions.holderOf(accessKeyId);
    if (holder !== undefined) return sessionFault(holder.secrets, account.now()) ?? holder.caller;
    if (sessions.isRevoked(accessKeyId)) return { kind: 'unknown-key', message: INVALID_TOKEN };
    return sessions.root(accessKeyId);
  }
}

/** IAM's and STS's codes, "Common Errors"; the other services append `Exception`, except for the first three. */
const QUERY_CODES: Readonly<Record<SignatureFault['kind'], string>> = {
  missing: 'MissingAuthenticationToken',
  incomplete: 'IncompleteSignature',
  'unknown-key': 'InvalidClientTokenId',
  'invalid-token': 'InvalidClientTokenId',
  'expired-token': 'ExpiredToken',
  invalid: 'SignatureDoesNotMatch',
};

const JSON_TYPES: Readonly<Record<SignatureFault['kind'], string>> = {
  missing: 'MissingAuthenticationTokenException',
  incomplete: 'IncompleteSignatureException',
  'unknown-key': 'UnrecognizedClientException',
  'invalid-token': 'UnrecognizedClientException',
  'expired-token': 'ExpiredTokenException',
  invalid: 'InvalidSignatureException',
};

function refusal(
  request: HttpRequest,
  service: ServiceName,
  { kind, message }: SignatureFault,
): HttpResponse {
  switch (service) {
    case 'iam':
      return iamRefusal(request, new IamError(kind === 'incomplete' ? 400 : 403, QUERY_CODES[kind], message));
    case 'kinesis':
      return kinesisResponse(400, JSON.stringify({ __type: JSON_TYPES[kind], message }));
    case 'apigateway':
      return {
        status: 403,
        headers: [
          ['Content-Type', 'application/json'],
          ['x-amzn-ErrorType', JSON_TYPES[kind]],
        ],
        body: JSON.stringify({ message }),
      };
  }
}
