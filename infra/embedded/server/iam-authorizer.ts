import type { Account } from '../account.ts';
import type { AuthorizeCaller } from '../apigateway/dataplane/authorization.ts';
import { GatewayError, missingAuthenticationToken } from '../apigateway/dataplane/gateway-error.ts';
import type { Sessions } from '../iam/sessions.ts';
import { type SignatureFault, verifySignature } from '../iam/signature/verify.ts';

/**
 * Authorizes callers of methods with AWS_IAM: users and sessions of this account whose policies allow
 * execute-api:Invoke on the method, and the root. The signature is always verified.
 */
export function iamAuthorizer(account: Account, sessions: Sessions): AuthorizeCaller {
  return async ({ api, stage, request }) => {
    const signed = await verifySignature(request, {
      service: 'execute-api',
      regions: [account.region],
      now: account.now(),
      secretsOf: (accessKeyId) => sessions.holderOf(accessKeyId)?.secrets,
    });
    if ('kind' in signed) return { allowed: false, error: refusal(signed) };
    const caller = sessions.holderOf(signed.accessKeyId)?.caller;
    if (caller === undefined)
      throw new TypeError(`${signed.accessKeyId} signed the request, but has no holder`);
    const resource = `${api.restApiId}/${stage.stageName}/${request.method}${request.path}`;
    const arn = (accountId: string) =>
      `arn:${account.partition}:execute-api:${account.region}:${accountId}:${resource}`;
    if (!caller.authorize('execute-api:Invoke', arn(account.id)).allowed) {
      // AWS shows four digits of the account (re:Post api-gateway-troubleshoot-403-forbidden).
      const shown = arn(`********${account.id.slice(-4)}`);
      const message = `User: ${caller.arn} is not authorized to perform: execute-api:Invoke on resource: ${shown}`;
      return { allowed: false, error: new GatewayError('ACCESS_DENIED', message, 'AccessDeniedException') };
    }
    return {
      allowed: true,
      identity: {
        accountId: account.id,
        accessKey: caller.accessKeyId,
        caller: caller.userId,
        user: caller.userId,
        userArn: caller.arn,
      },
    };
  };
}

/** docs/facts/gateway.md#errors. */
function refusal({ kind, message }: SignatureFault): GatewayError {
  switch (kind) {
    case 'missing':
      return missingAuthenticationToken();
    case 'unknown-key':
    case 'invalid-token':
      return new GatewayError('ACCESS_DENIED', message, 'AccessDeniedException');
    case 'expired-token':
      return new GatewayError('EXPIRED_TOKEN', message, 'ExpiredTokenException');
    case 'incomplete':
      return new GatewayError('INVALID_SIGNATURE', message, 'IncompleteSignatureException');
    case 'invalid':
      return new GatewayError('INVALID_SIGNATURE', message, 'InvalidSignatureException');
  }
}
