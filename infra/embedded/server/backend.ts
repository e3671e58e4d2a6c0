import type { Account } from '../account.ts';
import type { Backend, BackendAnswer, BackendRequest } from '../apigateway/dataplane/types.ts';
import { type HttpResponse, headerValue } from '../http.ts';
import type { Authorize, Caller, RoleAuthority, RoleSession } from '../iam/types.ts';
import { AnswersTooLate } from '../kinesis/conditions.ts';
import { undetermined } from '../kinesis/direct.ts';
import type { KinesisService } from '../kinesis/types.ts';

const GATEWAY_PRINCIPAL = 'apigateway.amazonaws.com';
/** docs/facts/gateway.md#integration-request: the name that LocalStack uses; inferred for AWS. */
const SESSION_NAME = 'BackplaneAssumeRoleSession';

/** The services behind API Gateway's integrations: Kinesis of this account and region, and nothing else. */
export function createBackend({
  account,
  authority,
  callerOfKey,
  kinesis,
}: {
  readonly account: Account;
  readonly authority: RoleAuthority;
  readonly callerOfKey: (accessKeyId: string) => Caller | undefined;
  readonly kinesis: KinesisService;
}): Backend {
  return async (request) => {
    const isHere = request.service === 'kinesis' && request.region === account.region;
    const unreachable = {
      kind: 'unreachable',
      reason: `no ${request.service} in ${request.region}`,
    } as const;
    // Only Lambda functions are called without a role (docs/facts/gateway.md#role), and Lambda is not emulated.
    if (request.credentials === undefined && !isHere) return unreachable;
    const caller = callerOf(request, authority, callerOfKey);
    if (caller === undefined) return { kind: 'role-not-assumable' };
    if (!isHere) return unreachable;
    if (request.method !== 'POST') return answered(undetermined());
    const call = kinesis.call({
      action: actionOf(request),
      headers: request.headers,
      body: Buffer.from(request.body),
      ...caller,
    });
    return call.then(answered, (error: Error) =>
      error instanceof AnswersTooLate ? { kind: 'too-late' } : { kind: 'unreachable', reason: error.message },
    );
  };
}

/** The credentials value that means the identity of the API's caller (docs/facts/gateway.md#role). */
const CALLERS_OWN = /^arn:[^:]+:iam::\*:user\/\*$/;

/**
 * Undefined if the role cannot be assumed. An unsigned call has no identity to pass on, which has the same result
 * (inferred).
 */
function callerOf(
  { credentials = '', callerAccessKey }: BackendRequest,
  authority: RoleAuthority,
  callerOfKey: (accessKeyId: string) => Caller | undefined,
): { session: RoleSession; authorize: Authorize } | undefined {
  if (CALLERS_OWN.test(credentials)) {
    const caller = callerOfKey(callerAccessKey ?? '');
    return caller && { session: { roleArn: '', sessionArn: caller.arn }, authorize: caller.authorize };
  }
  const session = authority.assumeRole(credentials, GATEWAY_PRINCIPAL, SESSION_NAME);
  if (session === undefined) return undefined;
  return {
    session,
    authorize: (action, resource, context) => authority.authorize(session, action, resource, context),
  };
}

function actionOf({ query, headers }: BackendRequest): string | undefined {
  return headerValue(query, 'Action') ?? headerValue(headers, 'x-amz-target')?.split('.')[1];
}

function answered({ status, headers, body }: HttpResponse): BackendAnswer {
  return { kind: 'answer', status, headers, body: Buffer.from(body) };
}
