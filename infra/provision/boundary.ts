import { UsageError } from '../errors.ts';
import { partitionOf } from '../partitions.ts';
import type { Target } from '../targets/target.ts';

/** The environment variable with the permissions boundary for the run's roles: the ARN or the name of a policy. */
export const BOUNDARY_VARIABLE = 'KPC_PERMISSIONS_BOUNDARY';

/**
 * The ARN of the managed policy that bounds every role of a run; undefined if none is configured.
 * @throws UsageError if the value is not a policy, or is a name and the target's account is unknown.
 */
export function boundaryOf(
  { access: { region }, account }: Pick<Target, 'access' | 'account'>,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const given = environment[BOUNDARY_VARIABLE];
  if (given === undefined || given === '') return undefined;
  if (/^arn:[^:]+:iam::(\d{12}|aws):policy\/./.test(given)) return given;
  if (!/^[\w+=,.@-]{1,128}$/.test(given))
    throw new UsageError(`${BOUNDARY_VARIABLE} is not an ARN or name of a managed policy: ${given}`);
  if (account === undefined)
    throw new UsageError(`${BOUNDARY_VARIABLE} names the policy ${given}; on this target give its full ARN`);
  return `arn:${partitionOf(region).name}:iam::${account}:policy/${given}`;
}
