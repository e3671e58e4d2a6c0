import { asWritten, matchesArn, matchesPattern } from '../../../policy-pattern.ts';
import type { ConditionContext } from '../types.ts';
import type { Condition } from './document.ts';
import { contextValues, withVariables } from './variables.ts';

export type { ConditionContext } from '../types.ts';

type Test = (value: string, wanted: string) => boolean;

const TESTS: Readonly<Record<string, Test>> = {
  StringEquals: (value, wanted) => value === asWritten(wanted),
  StringEqualsIgnoreCase: (value, wanted) => value.toLowerCase() === asWritten(wanted).toLowerCase(),
  StringLike: matchesPattern,
  ArnEquals: matchesArn,
  ArnLike: matchesArn,
  Bool: (value, wanted) => value.toLowerCase() === wanted.toLowerCase(),
};

/**
 * Whether every condition holds. A key without a value fails a plain operator and satisfies a negated one and
 * `…IfExists`, as IAM documents. No key that numeric, date, address or binary operators compare has a value here, so
 * they follow the same rule.
 */
export function conditionsHold(
  conditions: readonly Condition[],
  context: ConditionContext,
  hasVariables: boolean,
): boolean {
  return conditions.every((condition) => holds(condition, context, hasVariables));
}

/** `ForAllValues` requires that every value of the key passes; `ForAnyValue`, or no prefix, requires one. */
function holds(
  { operator, key, values: written }: Condition,
  context: ConditionContext,
  hasVariables: boolean,
): boolean {
  const wanted = hasVariables ? written.flatMap((text) => withVariables(text, context) ?? []) : written;
  const values = contextValues(key, context);
  const [, quantifier, bare = ''] = /^(?:For(All|Any)Values?:)?(.*)$/.exec(operator) ?? [];
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
