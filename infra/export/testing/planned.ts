import { type Described, planOf } from '../../definition/terraform/testing/plan.ts';
import { isObject, type Json, type JsonObject } from '../../definition/types.ts';

/** Values that come from the provider and the user rather than the configuration. */
const GIVEN: Readonly<Record<string, Json>> = {
  'data.aws_region.current.id': 'us-east-1',
  'data.aws_partition.current.partition': 'aws',
  'data.aws_caller_identity.current.account_id': '000000000000',
};

/** A value, or the references because of which it is known only after apply. */
type Evaluated = { readonly value: Json } | { readonly unknown: readonly string[] };

/**
 * For tests: the output of `terraform show -json` for a plan of an exported configuration. It evaluates the few forms
 * of expressions that exports use, and replaces Terraform with its provider, which no package registry offers.
 */
export function planned(
  configuration: JsonObject,
  variables: Readonly<Record<string, Json>> = {},
): JsonObject {
  const described: Described[] = [];
  for (const [type, resources] of Object.entries(configuration.resource as JsonObject))
    for (const [name, { count, depends_on: _, lifecycle: __, ...attributes }] of Object.entries(
      resources as Record<string, JsonObject>,
    )) {
      const all = Object.entries(attributes).map(([key, value]) => [key, evaluate(value as Json)] as const);
      if (count !== undefined && known(evaluate(count)) !== 1) continue;
      described.push({
        address: `${type}.${name}`,
        ...(count !== undefined && { index: 0, count: ['var.set_log_role'] }),
        values: Object.fromEntries(
          all.flatMap(([key, each]) => ('value' in each ? [[key, each.value]] : [])),
        ),
        unknown: Object.fromEntries(
          all.flatMap(([key, each]) => ('unknown' in each ? [[key, each.unknown]] : [])),
        ),
      });
    }
  return planOf(described);

  function evaluate(value: Json): Evaluated {
    if (Array.isArray(value)) return combined(value.map(evaluate), (items) => items);
    if (isObject(value)) {
      const names = Object.keys(value).map((name) => String(known(evaluate(name))));
      return combined(Object.values(value).map(evaluate), (members) =>
        Object.fromEntries(members.map((member, at) => [names[at], member])),
      );
    }
    return typeof value === 'string' ? template(value) : { value };
  }

  function template(text: string): Evaluated {
    const whole = /^\$\{((?:[^{}"]|"[^"]*")*)\}$/.exec(text)?.[1];
    if (whole !== undefined) return expression(whole);
    const parts = text.split(/((?:\$\$|%%)\{|\$\{[^}]*\})/);
    const values = parts.map((part): Evaluated => {
      if (part.startsWith('$${') || part.startsWith('%%{')) return { value: part.slice(1) };
      return part.startsWith('${') ? expression(part.slice(2, -1)) : { value: part };
    });
    return combined(values, (all) => all.join(''));
  }

  function expression(text: string): Evaluated {
    const encoded = /^jsonencode\((.*)\)$/.exec(text)?.[1];
    if (encoded !== undefined) return combined([expression(encoded)], ([value]) => JSON.stringify(value));
    const [kind, name = ''] = text.split('.');
    if (kind === 'local') return evaluate((configuration.locals as JsonObject)[name] as Json);
    const condition = /^var\.(\w+) \? 1 : 0$/.exec(text)?.[1];
    if (condition !== undefined) return { value: variable(condition) === true ? 1 : 0 };
    if (kind === 'var') return { value: variable(name) };
    const given = GIVEN[text];
    return given === undefined ? { unknown: referencesOf(text) } : { value: given };
  }

  function variable(name: string): Json {
    const { default: value } = (configuration.variable as JsonObject)[name] as JsonObject;
    const chosen = variables[name] ?? value;
    if (chosen === undefined) throw new Error(`the variable ${name} is not given`);
    return chosen;
  }
}

function combined(parts: readonly Evaluated[], make: (values: Json[]) => Json): Evaluated {
  const unknown = parts.flatMap((part) => ('unknown' in part ? part.unknown : []));
  return unknown.length > 0 ? { unknown } : { value: make(parts.map(known)) };
}

function known(evaluated: Evaluated): Json {
  if ('value' in evaluated) return evaluated.value;
  throw new Error(`${evaluated.unknown.join(', ')} is known only after apply`);
}

/** As Terraform lists them: the attribute, then its object. */
function referencesOf(expression: string): string[] {
  const [, resource = expression, index = ''] = /^(\w+\.\w+)(\[\d+\])?/.exec(expression) ?? [];
  return [...new Set([expression, resource + index, resource])];
}
