import type { Attached, Target } from '../targets/target.ts';
import type { Deployment } from './deployment.ts';
import { describeTarget } from './provision.ts';

/** Describes an existing API as a Deployment. It creates nothing, so nothing has to be undone. */
export function attach(target: Target, attached: Attached, runId: string): Deployment {
  const prefix = `kpc-${runId}-`;
  return {
    runId,
    prefix,
    definition: { ...attached.definition, path: '', choices: {} },
    target: describeTarget(target),
    capabilities: target.capabilities,
    region: target.access.region,
    access: target.access,
    proxy: attached.api,
    underRole: {},
    permittedStream: `${prefix}permitted`,
    ...(attached.offered && { interface: attached.offered }),
    ...(attached.stageVariables && { stageVariables: attached.stageVariables }),
    ...(attached.authentication && { authentication: attached.authentication }),
    ...(attached.limits && { limits: attached.limits }),
  };
}
