import type { ConditionContext } from '../contract.ts';
import type { Condition } from './document.ts';
import { matchesArn, matchesPattern } from './match.ts';

export type { ConditionContext } from '../contract.ts';

type Test = (value: string, wanted: string) => boolean;

const TESTS: Readonly<Record<string, Test>> = {
  StringEquals: (value, wanted) => value === wanted,
  StringEqualsIgnoreCase: (value, wanted) => value.toLowerCase() === wanted.toLowerCase(),
  StringLike: matchesPattern,
  ArnEquals: matchesArn,
  ArnLike: matchesArn,
  Bool: (value, wanted) => value.toLowerCase() === wanted.toLowerCase(),
};

/**
 * Whether every condition holds. A key without a value fails a plain operator and satisfies a negated one and
 * `…IfExists`, as IAM documents. Numeric, date, address and binary operators have no key with a value here and so
 * follow the same rule.
 */
export function conditionsHold(conditions: readonly Condition[], context: ConditionContext): boolean {
  return conditions.every((condition) => holds(condition, context));
}

/** `ForAllValues` wants every value of the key to pass and `ForAnyValue`, or no prefix, one of them. */
function holds({ operator, key, values: wanted }: Condition, context: ConditionContext): boolean {
  const values = contextValues(key, context);
  const [, quantifier, bare = ''] = /^(?:For(All|Any)Values:)?(.*)$/.exec(operator) ?? [];
  if (bare === 'Null')
    return wanted.some((text) => (text.toLowerCase() === 'true') === (values === undefined));
  const name = bare.replace(/IfExists$/, '');
  const isNegated = name.includes('Not');
  if (quantifier === 'Any' && values === undefined) return name !== bare;
  if (values === undefined) return isNegated || name !== bare || quantifier === 'All';
  const test = TESTS[name.replace('Not', '')];
  if (test === undefined) return false;
  const passes = (value: string) => isNegated !== wanted.some((text) => test(value, text));
  return quantifier === 'All' ? values.every(passes) : values.some(passes);
}

/** Condition keys are compared without regard to case. */
function contextValues(key: string, context: ConditionContext): readonly string[] | undefined {
  const wanted = key.toLowerCase();
  const value = Object.entries(context).find(([name]) => name.toLowerCase() === wanted)?.[1];
  return typeof value === 'string' ? [value] : value;
}
