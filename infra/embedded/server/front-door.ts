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

/** The services that know their callers by access key. */
export type Door = 'apigateway' | 'kinesis' | 'iam';

/** Who calls, or the answer that refuses them. */
export type Admission = { readonly caller: Caller } | { readonly refusal: HttpResponse };

/**
 * Finds out who calls a service. Strict, the signature has to be right and its key of this account. Otherwise nothing
 * is verified, and a key that this account never issued counts as the account's own: but a user's or a session's key
 * stands for that user or session, as long as it is in force.
 */
export function createFrontDoor(options: {
  readonly account: Account;
  readonly sessions: Sessions;
  readonly isStrict: boolean;
}): (request: HttpRequest, door: Door) => Promise<Admission> {
  const { account, sessions } = options;
  const identify = options.isStrict ? verified : named;
  return async (request, door) => {
    const found = await identify(request, door);
    return 'kind' in found ? { refusal: refusal(request, door, found) } : { caller: found };
  };

  async function verified(request: HttpRequest, door: Door): Promise<Caller | SignatureFault> {
    const answer = await verifySignature(request, {
      service: door === 'iam' ? queryService(request) : door,
      // IAM is one service for all regions and signs for us-east-1; clients of an endpoint sign for their own.
      regions: door === 'iam' ? [account.region, 'us-east-1'] : [account.region],
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

/** IAM's and STS's codes, "Common Errors"; the other services' are theirs with `Exception`, but for the first three. */
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

function refusal(request: HttpRequest, door: Door, { kind, message }: SignatureFault): HttpResponse {
  switch (door) {
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
