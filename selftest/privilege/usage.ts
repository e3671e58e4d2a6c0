import { type PolicyDocument, parsePolicy } from '../../infra/embedded/iam/policy/document.ts';
import { evaluate } from '../../infra/embedded/iam/policy/evaluate.ts';
import type { DecidedCall } from '../../infra/embedded/iam/types.ts';

/** What a run shows about its policy, one line each. */
export interface PolicyUsage {
  /** The denied calls: `kinesis:SplitShard on arn:…`. */
  readonly missing: readonly string[];
  /**
   * Actions and resources that the run did not need; attacks show what each Deny is for
   * (selftest/hostile/runner/runner.test.ts).
   */
  readonly unused: readonly string[];
}

interface Written {
  readonly Statement: readonly WrittenStatement[];
}

interface WrittenStatement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

/** @param text a policy document of statements with Sid, Action and Resource. */
export function policyUsage(text: string, calls: readonly DecidedCall[]): PolicyUsage {
  const policy = JSON.parse(text) as Written;
  const allowed = calls.filter(({ decision }) => decision.allowed);
  const missing = calls.filter(({ decision }) => !decision.allowed).map(nameOf);
  const unused = policy.Statement.flatMap((statement, at) =>
    (statement.Effect === 'Deny' ? [] : (['Action', 'Resource'] as const)).flatMap((member) =>
      [statement[member]].flat().flatMap((value) => {
        const without = parsePolicy(JSON.stringify(omit(policy, at, member, value)), 'inline');
        return allowed.some((call) => !isAllowed(call, without))
          ? []
          : [`${member} ${value} of ${statement.Sid}`];
      }),
    ),
  );
  return { missing: [...new Set(missing)], unused };
}

function omit(policy: Written, at: number, member: 'Action' | 'Resource', value: string): Written {
  const others = [policy.Statement[at]?.[member] ?? []].flat().filter((one) => one !== value);
  const Statement = policy.Statement.flatMap((statement, index) => {
    if (index !== at) return [statement];
    return others.length === 0 ? [] : [{ ...statement, [member]: others }];
  });
  return { ...policy, Statement };
}

function isAllowed({ action, resource, context }: DecidedCall, policy: PolicyDocument): boolean {
  return evaluate({ action, resource, context }, [policy], undefined).allowed;
}

/** Shortens names that differ from run to run, so that a list of them is readable. */
function nameOf({ action, resource }: DecidedCall): string {
  return `${action} on ${resource.replace(/kpc-\w+-[\w.-]+/g, 'kpc-…').replace(/(restapis(?:%2F|\/))\w+/, '$1…')}`;
}
