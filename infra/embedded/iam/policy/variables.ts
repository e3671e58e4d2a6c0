import { asLiteral } from '../../../policy-pattern.ts';
import type { ConditionContext } from '../types.ts';

/**
 * Replaces the variables of a policy's pattern, such as `${aws:username}`, by the request's values; undefined if the
 * request lacks a value, so that the pattern matches nothing (IAM User Guide, "Policy variables").
 */
export function withVariables(pattern: string, context: ConditionContext): string | undefined {
  if (!pattern.includes('${')) return pattern;
  let isWhole = true;
  const replaced = pattern.replace(/\$\{([^}]*)\}/g, (_all, inside: string) => {
    if (/^[*?$]$/.test(inside)) return asLiteral(inside);
    const [, name = '', fallback] = /^([^,]+?)\s*(?:,\s*'([^']*)')?\s*$/.exec(inside) ?? [];
    const value = contextValues(name, context)?.[0] ?? fallback;
    if (value === undefined) isWhole = false;
    return asLiteral(value ?? '');
  });
  return isWhole ? replaced : undefined;
}

/** Condition keys are case-insensitive. */
export function contextValues(key: string, context: ConditionContext): readonly string[] | undefined {
  const wanted = key.toLowerCase();
  const value = Object.entries(context).find(([name]) => name.toLowerCase() === wanted)?.[1];
  return typeof value === 'string' ? [value] : value;
}
