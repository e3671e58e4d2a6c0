import { UsageError } from '../errors.ts';
import { partitionOf } from '../partitions.ts';
import type { Target } from '../targets/target.ts';

/** The environment variable with the permissions boundary that a run's roles get: a policy's ARN, or its name. */
export const BOUNDARY_VARIABLE = 'KPC_PERMISSIONS_BOUNDARY';

/**
 * The ARN of the managed policy that bounds every role of a run; undefined where none is configured.
 * @throws UsageError for what is not a policy, and for a name on a target whose account is not known.
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
    throw new UsageError(`${BOUNDARY_VARIABLE} names the policy ${given}; give its whole ARN on this target`);
  return `arn:${partitionOf(region).name}:iam::${account}:policy/${given}`;
}
