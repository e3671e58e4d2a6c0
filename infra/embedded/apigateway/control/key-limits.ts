import type { KeyLimits } from '../dataplane/metering.ts';
import type { ControlState } from './state.ts';

/** A key's limits by the usage plan of a stage; undefined if no plan of the stage contains the key. */
export function keyLimits(
  state: ControlState,
  value: string,
  apiId: string,
  stageName: string,
): KeyLimits | undefined {
  for (const { id: planId, apiStages, keyIds, throttle, quota } of state.usagePlans.values()) {
    const served = apiStages.find(({ apiId: served, stage }) => served === apiId && stage === stageName);
    const keyId = served && [...keyIds].find((id) => state.apiKeys.get(id)?.value === value);
    if (keyId !== undefined) return { planId, keyId, throttle, methods: served?.throttle, quota };
  }
  return undefined;
}
