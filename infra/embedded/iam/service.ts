import { randomUUID } from 'node:crypto';
import type { Account } from '../account.ts';
import type { HttpRequest, HttpResponse } from '../http.ts';
import type { IamAction } from './actions/context.ts';
import * as policies from './actions/policies.ts';
import * as roles from './actions/roles.ts';
import { IamError, invalidAction } from './errors.ts';
import { Parameters } from './parameters.ts';
import { Sessions } from './sessions.ts';
import { IamStore } from './store.ts';
import { element, type XmlValue } from './xml.ts';

/** IAM and STS as HTTP services, and what other services ask of them. */
export interface IamService {
  /** A form-encoded Query protocol request, or its GET form. `accessKeyId` names the caller. */
  handle(request: HttpRequest, accessKeyId: string | undefined): HttpResponse;
  readonly sessions: Sessions;
}

const IAM_NAMESPACE = 'https://iam.amazonaws.com/doc/2010-05-08/';
const STS_NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

/** Keyed by action name: `createRole` performs CreateRole. */
const IAM_ACTIONS: ReadonlyMap<string, IamAction> = new Map(
  Object.entries({ ...roles, ...policies }).map(([name, action]) => [
    `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
    action,
  ]),
);

export function createIam(account: Account): IamService {
  const store = new IamStore(account);
  const sessions = new Sessions(store);
  return {
    sessions,
    handle(request, accessKeyId) {
      const parameters = new Parameters(
        request.body.toString('utf8') || (request.target.split('?')[1] ?? ''),
      );
      const action = parameters.optional('Action') ?? '';
      const isSts = isStsAction(action);
      const namespace = isSts ? STS_NAMESPACE : IAM_NAMESPACE;
      try {
        const result = isSts
          ? STS_ACTIONS[action](sessions, parameters, accessKeyId)
          : iamAction(action)(parameters, store);
        return success(action, result, namespace);
      } catch (error) {
        if (error instanceof IamError) return failure(error, namespace);
        throw error;
      }
    },
  };
}

const STS_ACTIONS = {
  AssumeRole: (sessions: Sessions, parameters: Parameters, accessKeyId: string | undefined) =>
    sessions.assumeRoleAction(parameters, accessKeyId),
  GetCallerIdentity: (sessions: Sessions, _parameters: Parameters, accessKeyId: string | undefined) =>
    sessions.getCallerIdentity(accessKeyId),
};

function isStsAction(action: string): action is keyof typeof STS_ACTIONS {
  return Object.hasOwn(STS_ACTIONS, action);
}

function iamAction(action: string): IamAction {
  const found = IAM_ACTIONS.get(action);
  if (found === undefined) throw invalidAction(`Could not find operation ${action}`);
  return found;
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
