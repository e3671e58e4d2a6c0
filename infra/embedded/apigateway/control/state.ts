import type { Account } from '../../account.ts';
import type { DataPlane } from '../dataplane/types.ts';
import type { ApiKey, Method, Resource, RestApi, UsagePlan } from '../model.ts';
import { checkAll, notFound, unknownApi, type Violation } from './errors.ts';
import { type Call, param } from './wire.ts';

/** The control plane's state and dependencies. */
export interface ControlState {
  readonly account: Account;
  readonly restApis: Map<string, RestApi>;
  readonly apiKeys: Map<string, ApiKey>;
  readonly usagePlans: Map<string, UsagePlan>;
  readonly testInvoke: DataPlane['testInvoke'];
}

/** Now, in whole seconds since the epoch, as on the wire. */
export const seconds = (state: ControlState) => Math.floor(state.account.now() / 1000);

/** The API in a path; throws AWS's error if it is unknown. */
export function restApiOf(state: ControlState, call: Call): RestApi {
  const id = param(call, 'restApiId');
  const api = state.restApis.get(id);
  if (api === undefined) throw unknownApi(state.account, id);
  return api;
}

/** For paths below a resource, AWS reports an unknown API as an unknown resource (recorded). */
export function resourceOf(state: ControlState, call: Call): { api: RestApi; resource: Resource } {
  const api = state.restApis.get(param(call, 'restApiId'));
  const resource = api?.resources.get(param(call, 'resourceId'));
  if (api === undefined || resource === undefined) throw notFound('Invalid Resource identifier specified');
  return { api, resource };
}

export function methodOf(
  state: ControlState,
  call: Call,
  missing = 'Invalid Method identifier specified',
): { api: RestApi; resource: Resource; method: Method } {
  const { api, resource } = resourceOf(state, call);
  const method = resource.resourceMethods?.[param(call, 'httpMethod')];
  if (method === undefined) throw notFound(missing);
  return { api, resource, method };
}

export function integrationOf(state: ControlState, call: Call, missingMethod?: string) {
  const found = methodOf(state, call, missingMethod);
  const integration = found.method.methodIntegration;
  if (integration === undefined) throw notFound('Invalid Integration identifier specified');
  return { ...found, integration };
}

export function statusCodeViolations(call: Call): Violation[] {
  const value = param(call, 'statusCode');
  if (/^[1-5]\d\d$/.test(value)) return [];
  const constraint = 'Member must satisfy regular expression pattern: [1-5]\\d\\d';
  return [{ value, at: 'statusCode', constraint }];
}

export function statusCodeOf(call: Call): string {
  checkAll(statusCodeViolations(call));
  return param(call, 'statusCode');
}
