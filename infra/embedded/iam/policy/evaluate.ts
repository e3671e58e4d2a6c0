import { matchesPattern } from '../../../policy-pattern.ts';
import type { Decision } from '../types.ts';
import { type ConditionContext, conditionsHold } from './conditions.ts';
import type { Matchers, PolicyDocument, Statement } from './document.ts';
import { withVariables } from './variables.ts';

export interface AccessRequest {
  /** `kinesis:PutRecord`. */
  readonly action: string;
  /** An ARN, or `*` for an action without a resource. */
  readonly resource: string;
  readonly context: ConditionContext;
}

export interface Caller {
  /** `Service` or `AWS`. */
  readonly kind: string;
  /** Every name by which a policy may refer to it. */
  readonly names: readonly string[];
}

/**
 * IAM's evaluation: an explicit deny anywhere wins; otherwise an identity policy must allow, and so must the
 * permissions boundary, if there is one.
 */
export function evaluate(
  request: AccessRequest,
  policies: readonly PolicyDocument[],
  boundary: PolicyDocument | undefined,
): Decision {
  const all = boundary === undefined ? policies : [...policies, boundary];
  if (all.some((policy) => says('Deny', policy, request))) return { allowed: false, reason: 'explicit-deny' };
  const allowed =
    policies.some((policy) => says('Allow', policy, request)) &&
    (boundary === undefined || says('Allow', boundary, request));
  return allowed ? { allowed: true } : { allowed: false, reason: 'implicit-deny' };
}

/** Whether a trust policy lets a caller assume its role. */
export function trusts(policy: PolicyDocument, caller: Caller, context: ConditionContext): boolean {
  const applies = (effect: Statement['effect']) =>
    policy.statements.some(
      (statement) =>
        statement.effect === effect &&
        namesCaller(statement, caller) &&
        matchesAction(statement.actions, 'sts:AssumeRole') &&
        conditionsHold(statement.conditions, context, policy.hasVariables),
    );
  return applies('Allow') && !applies('Deny');
}

function says(effect: Statement['effect'], policy: PolicyDocument, request: AccessRequest): boolean {
  return policy.statements.some(
    (statement) =>
      statement.effect === effect &&
      matchesAction(statement.actions, request.action) &&
      matches(statement.resources, (pattern) => matchesResource(request, pattern, policy.hasVariables)) &&
      conditionsHold(statement.conditions, request.context, policy.hasVariables),
  );
}

function matchesResource(request: AccessRequest, written: string, hasVariables: boolean): boolean {
  const pattern = hasVariables ? withVariables(written, request.context) : written;
  return pattern !== undefined && matchesPattern(request.resource, pattern);
}

function namesCaller({ principals }: Statement, caller: Caller): boolean {
  if (principals === undefined) return false;
  if (principals === 'any') return true;
  const names = principals[caller.kind] ?? [];
  return names.some((name) => (name === '*' && caller.kind === 'AWS') || caller.names.includes(name));
}

/** Actions are case-insensitive. */
function matchesAction(actions: Matchers, action: string): boolean {
  return matches(actions, (pattern) => matchesPattern(action.toLowerCase(), pattern.toLowerCase()));
}

function matches(matchers: Matchers | undefined, test: (pattern: string) => boolean): boolean {
  return matchers !== undefined && matchers.patterns.some(test) !== matchers.negated;
}
