import { asLiteral } from '../../../policy-pattern.ts';
import type { ConditionContext } from '../types.ts';

/**
 * A pattern of a policy with its variables, such as `${aws:username}`, replaced by what the request says; undefined
 * where it has no value for one, so that the pattern fits nothing (IAM User Guide, "Policy variables").
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

/** Condition keys are compared without regard to case. */
export function contextValues(key: string, context: ConditionContext): readonly string[] | undefined {
  const wanted = key.toLowerCase();
  const value = Object.entries(context).find(([name]) => name.toLowerCase() === wanted)?.[1];
  return typeof value === 'string' ? [value] : value;
}
