import type { Condition } from './document.ts';
import { matchesArn, matchesPattern } from './match.ts';

/** Condition keys with their values; a key that is not there has no value in this request. */
export type ConditionContext = Readonly<Record<string, string>>;

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

function holds({ operator, key, values }: Condition, context: ConditionContext): boolean {
  const value = contextValue(key, context);
  const bare = operator.replace(/^For(All|Any)Values:/, '');
  if (bare === 'Null')
    return values.some((wanted) => (wanted.toLowerCase() === 'true') === (value === undefined));
  const name = bare.replace(/IfExists$/, '');
  const isNegated = name.includes('Not');
  if (value === undefined) return isNegated || name !== bare || operator.startsWith('ForAllValues:');
  const test = TESTS[name.replace('Not', '')];
  if (test === undefined) return false;
  return isNegated !== values.some((wanted) => test(value, wanted));
}

/** Condition keys are compared without regard to case. */
function contextValue(key: string, context: ConditionContext): string | undefined {
  const wanted = key.toLowerCase();
  return Object.entries(context).find(([name]) => name.toLowerCase() === wanted)?.[1];
}
