import { allowsEverybody, BY_ENDPOINT, BY_POLICY } from '../callers.ts';
import type { Instance } from './document.ts';
import { expressionAt, isUnknown, valueAt } from './expressions.ts';
import { parseJson, type Reading } from './reading.ts';
import type { ApiResources } from './resources.ts';

/** What of the file may turn callers of an API away, which a run does not deploy. */
export function limitOnCallers(reading: Reading, api: Instance, resources: ApiResources): string | undefined {
  const holders = [api, ...resources.all('aws_api_gateway_rest_api_policy')];
  if (holders.some((holder) => hasLimitingPolicy(reading, holder))) return BY_POLICY;
  const path = ['disable_execute_api_endpoint'] as const;
  return !isUnknown(api, path) && valueAt(api.values, path) === true ? BY_ENDPOINT : undefined;
}

/** Whether a resource has a policy that does not allow everybody, or that is known only after apply. */
function hasLimitingPolicy(reading: Reading, holder: Instance): boolean {
  const path = ['policy'] as const;
  // The provider computes a policy that is not set, so that only the configuration says whether there is one.
  if (isUnknown(holder, path)) return expressionAt(holder, path) !== undefined;
  const source = valueAt(holder.values, path);
  return (
    typeof source === 'string' && source !== '' && !allowsEverybody(parseJson(reading, holder, path, source))
  );
}
