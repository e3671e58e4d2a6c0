import { DefinitionError } from './errors.ts';
import { pseudoParameter } from './pseudo-parameters.ts';
import type { ReadContext } from './types.ts';

const REGION =
  /^(var\.|local\.|data\.aws_region\.\w+\.)?(aws_?)?region(\.(name|id|region))?$|^data\.aws_region\.\w+\.(name|id)$/i;
const ACCOUNT =
  /^(var\.|local\.)?(aws_?)?account_?(id|number)?$|^data\.aws_caller_identity\.\w+\.account_id$/i;
const PARTITION = /^(var\.|local\.)?(aws_?)?partition$|^data\.aws_partition\.\w+\.partition$/i;

/** The variables that a mapping template can use without setting them. */
const OF_VELOCITY = [
  'input',
  'util',
  'context',
  'stageVariables',
  'foreach',
  'velocityCount',
  'velocityHasNext',
];

/**
 * Resolves the placeholders of a mapping template: references in braces that neither Velocity nor the template itself
 * sets. An unresolved one would render as nothing once deployed and leave, say, a stream without a name.
 * @throws DefinitionError if the user gives no value for a name.
 */
export function withoutForeignReferences(template: string, place: string, context: ReadContext): string {
  const set = template.matchAll(/#(?:set|foreach|macro)\s*\(([^)=]*?)(?:=|\bin\b|\))/g);
  const own = new Set([
    ...OF_VELOCITY,
    ...[...set].flatMap(([, names = '']) => names.match(/[A-Za-z_][\w-]*/g) ?? []),
  ]);
  return template.replace(
    /(?<![\\$])\$\{\s*([A-Za-z_][\w-]*)([\w.\-[\]]*)\s*\}/g,
    (shown, root: string, rest: string) => {
      if (own.has(root)) return shown;
      const name = `${root}${rest}`;
      const value = known(name, context);
      if (value !== undefined) return value;
      throw new DefinitionError(
        context.file,
        place,
        `nothing in the template sets ${shown}; give it with --parameter ${name}=VALUE`,
      );
    },
  );
}

/** The user's value for a name, or the value that the name itself implies, such as that of `region`. */
function known(name: string, context: ReadContext): string | undefined {
  const value = context.parameters.get(name) ?? pseudoParameter(name, context);
  if (typeof value === 'string') return value;
  if (REGION.test(name)) return context.region;
  if (ACCOUNT.test(name)) return context.accountId;
  return PARTITION.test(name) ? context.partition : undefined;
}

/**
 * Resolves the placeholders of a URI or an ARN, in which every `${name}` is one. Do not pass mapping templates:
 * Velocity writes references in the same form. Region, account and partition are recognised by name, or by position in
 * an ARN.
 * @throws DefinitionError for an unknown name.
 */
export function withoutPlaceholders(text: string, place: string, context: ReadContext): string {
  // Mark all names as used: the user may also give those that the position implies.
  for (const [, name = ''] of text.matchAll(/\$\{([^}]*)\}/g)) context.parameters.has(name.trim());
  return text
    .replace(/(:apigateway:)(\$\{[^}]*\}|\{region\}):/, `$1${context.region}:`)
    .replace(/^(arn:)\$\{[^}]*\}:(apigateway|iam):/, `$1${context.partition}:$2:`)
    .replace(/^(arn:[^:]*:iam::)\$\{[^}]*\}:/, `$1${context.accountId}:`)
    .replace(/\$\{([^}]*)\}/g, (shown, written: string) => {
      const name = written.trim();
      // Keep stage variables: API Gateway resolves them.
      if (name.startsWith('stageVariables.')) return shown;
      const value = known(name, context);
      if (value !== undefined) return value;
      throw new DefinitionError(
        context.file,
        place,
        `${shown} is not defined; give it with --parameter ${name}=VALUE`,
      );
    });
}
