import { randomUUID } from 'node:crypto';
import type { Account } from '../account.ts';
import type { HttpRequest, HttpResponse } from '../http.ts';
import * as accessKeys from './actions/access-keys.ts';
import type { IamAction } from './actions/context.ts';
import * as policies from './actions/policies.ts';
import * as roles from './actions/roles.ts';
import * as users from './actions/users.ts';
import { accessDenied, IamError, invalidAction } from './errors.ts';
import { Parameters } from './parameters.ts';
import { iamNeeds } from './permissions.ts';
import { Sessions } from './sessions.ts';
import { IamStore } from './store.ts';
import { type Caller, type DecidedCall, denialText } from './types.ts';
import { element, type XmlValue } from './xml.ts';

/** IAM and STS as HTTP services, and the lookups that other services need. */
export interface IamService {
  /** Handles a form-encoded Query protocol request, or its GET form, whose signature was already checked. */
  handle(request: HttpRequest, caller: Caller): HttpResponse;
  readonly sessions: Sessions;
}

const IAM_NAMESPACE = 'https://iam.amazonaws.com/doc/2010-05-08/';
const STS_NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

/** Keyed by action name: `createRole` performs CreateRole. */
const IAM_ACTIONS: ReadonlyMap<string, IamAction> = new Map(
  Object.entries({ ...roles, ...policies, ...users, ...accessKeys }).map(([name, action]) => [
    `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
    action,
  ]),
);

export function createIam(
  account: Account,
  own: { readonly accessKeyId: string; readonly secretAccessKey: string },
  onDecision?: (call: DecidedCall) => void,
): IamService {
  const store = new IamStore(account);
  const sessions = new Sessions(store, own, onDecision);
  return {
    sessions,
    handle(request, caller) {
      const parameters = queryParameters(request);
      const action = parameters.optional('Action') ?? '';
      const namespace = isStsAction(action) ? STS_NAMESPACE : IAM_NAMESPACE;
      try {
        const result = isStsAction(action)
          ? STS_ACTIONS[action](sessions, parameters, caller)
          : perform(action, parameters, caller);
        return success(action, result, namespace);
      } catch (error) {
        if (error instanceof IamError) return failure(error, namespace);
        throw error;
      }
    },
  };

  function perform(action: string, parameters: Parameters, caller: Caller): XmlValue {
    const run = IAM_ACTIONS.get(action);
    if (run === undefined) throw invalidAction(`Could not find operation ${action}`);
    const user = sessions.holderOf(caller.accessKeyId)?.user;
    for (const need of iamNeeds(action, parameters, store, user)) {
      const decision = caller.authorize(need.action, need.resource, need.context);
      if (!decision.allowed) throw accessDenied(denialText(caller.arn, need, decision.reason));
    }
    return run(parameters, store, user, caller.isRoot);
  }
}

/** The answer to a caller whose authentication failed. Status and codes are from IAM's "Common Errors". */
export function iamRefusal(request: HttpRequest, error: IamError): HttpResponse {
  const action = queryParameters(request).optional('Action') ?? '';
  return failure(error, isStsAction(action) ? STS_NAMESPACE : IAM_NAMESPACE);
}

/** The service of an action, as a credential scope names it. */
export function queryService(request: HttpRequest): 'iam' | 'sts' {
  return isStsAction(queryParameters(request).optional('Action') ?? '') ? 'sts' : 'iam';
}

function queryParameters(request: HttpRequest): Parameters {
  return new Parameters(request.body.toString('utf8') || (request.target.split('?')[1] ?? ''));
}

const STS_ACTIONS = {
  AssumeRole: (sessions: Sessions, parameters: Parameters, caller: Caller) =>
    sessions.assumeRoleAction(parameters, caller),
  GetSessionToken: (sessions: Sessions, parameters: Parameters, caller: Caller) =>
    sessions.getSessionToken(parameters, caller),
  /** Needs no permission, and no policy can deny it (STS API reference). */
  GetCallerIdentity: (sessions: Sessions, _parameters: Parameters, caller: Caller) =>
    sessions.getCallerIdentity(caller),
};

function isStsAction(action: string): action is keyof typeof STS_ACTIONS {
  return Object.hasOwn(STS_ACTIONS, action);
}

function success(action: string, result: XmlValue, namespace: string): HttpResponse {
  const requestId = randomUUID();
  return xml(200, requestId, `${action}Response`, namespace, {
    [`${action}Result`]: result,
    ResponseMetadata: { RequestId: requestId },
  });
}

function failure(error: IamError, namespace: string): HttpResponse {
  const requestId = randomUUID();
  return xml(error.status, requestId, 'ErrorResponse', namespace, {
    Error: { Type: 'Sender', Code: error.code, Message: error.message },
    RequestId: requestId,
  });
}

function xml(
  status: number,
  requestId: string,
  name: string,
  namespace: string,
  value: XmlValue,
): HttpResponse {
  return {
    status,
    headers: [
      ['x-amzn-RequestId', requestId],
      ['Content-Type', 'text/xml'],
    ],
    body: element(name, value, ` xmlns="${namespace}"`),
  };
}
