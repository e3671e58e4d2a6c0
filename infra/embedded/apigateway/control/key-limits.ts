import type { KeyLimits } from '../dataplane/metering.ts';
import type { ControlState } from './state.ts';

/** What the usage plan of a stage allows a key; undefined where no plan of the stage has the key. */
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
