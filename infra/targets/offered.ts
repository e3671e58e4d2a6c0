import type { Call, Interface } from '../definition/interface/types.ts';
import { TargetError } from '../errors.ts';

/** The three ways to say what a deployed API offers. */
export const THREE_WAYS =
  'say what it offers: AWS credentials of its account, --definition FILE (what it was deployed from), or --interface FILE (docs/interface.md)';

/** Actions of Kinesis that change nothing. */
const READING = /^(?:List|Describe|Get)/;

export function isReading(action: string): boolean {
  return READING.test(action);
}

/** A path of an API with what a probe names in the place of its parameters. */
export function probePathOf({ path }: Pick<Call, 'path'>): string {
  return path.replaceAll(/\{[^}]+\}/g, 'kpc-probe');
}

/** @throws TargetError where a file names a call that the deployed API does not have. */
export function assertOffers(deployed: Interface, given: Interface): void {
  const missing = given.calls.find(
    ({ action, method, path }) =>
      !deployed.calls.some(
        (call) => call.action === action && call.path === path && (call.method === method || call.anyMethod),
      ),
  );
  if (missing)
    throw new TargetError(
      `the API has no ${missing.action} at ${missing.method} ${missing.path}, which ${given.source} names; correct that file, or leave it out: the credentials show what the API offers`,
    );
}
