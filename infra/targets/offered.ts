import type { Call, Interface } from '../definition/interface/types.ts';
import { TargetError } from '../errors.ts';

/** Ends a message: the three ways to describe a deployed API. */
export const HOW_TO_DESCRIBE_THE_API =
  'say what it offers: AWS credentials of its account, --definition FILE (what it was deployed from), or --interface FILE (docs/interface.md)';

/** Kinesis actions that change nothing. */
const READING = /^(?:List|Describe|Get)/;

export function isReading(action: string): boolean {
  return READING.test(action);
}

/** An API path whose parameters are replaced by the names that a probe uses. */
export function probePathOf({ path }: Pick<Call, 'path'>): string {
  return path.replaceAll(/\{[^}]+\}/g, 'kpc-probe');
}

/** @throws TargetError when the given interface has a call that the deployed API lacks. */
export function assertOffers(deployed: Interface, given: Interface): void {
  const missing = given.calls.find(
    ({ action, method, path }) =>
      !deployed.calls.some(
        (call) => call.action === action && call.path === path && (call.method === method || call.anyMethod),
      ),
  );
  if (missing)
    throw new TargetError(
      `the API has no ${missing.action} at ${missing.method} ${missing.path}, which ${given.source} lists; correct that file, or leave it out: the run reads what the API offers with your credentials`,
    );
}
