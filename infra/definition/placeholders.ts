import { DefinitionError } from './errors.ts';
import { pseudoParameter } from './pseudo-parameters.ts';
import type { ReadContext } from './types.ts';

const REGION =
  /^(var\.|local\.|data\.aws_region\.\w+\.)?(aws_?)?region(\.(name|id|region))?$|^data\.aws_region\.\w+\.(name|id)$/i;
const ACCOUNT =
  /^(var\.|local\.)?(aws_?)?account_?(id|number)?$|^data\.aws_caller_identity\.\w+\.account_id$/i;
const PARTITION = /^(var\.|local\.)?(aws_?)?partition$|^data\.aws_partition\.\w+\.partition$/i;

/** What a mapping template may refer to without setting it. */
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
 * Resolves the placeholders of a mapping template: references in braces to what neither Velocity nor the template itself
 * sets. One that is left would be nothing at all where the API is deployed, such as a stream without a name.
 * @throws DefinitionError for a name that is not given.
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

/** What is given for a name, or what the name itself says. */
function known(name: string, context: ReadContext): string | undefined {
  const value = context.parameters.get(name) ?? pseudoParameter(name, context);
  if (typeof value === 'string') return value;
  if (REGION.test(name)) return context.region;
  if (ACCOUNT.test(name)) return context.accountId;
  return PARTITION.test(name) ? context.partition : undefined;
}

/**
 * Resolves the placeholders of a URI or an ARN, where `${name}` can be nothing else: mapping templates, where Velocity
 * writes its references like that, have to be kept from here. Region, account and partition are told by their name, or
 * by their position in an ARN.
 * @throws DefinitionError for a name that is not known.
 */
export function withoutPlaceholders(text: string, place: string, context: ReadContext): string {
  // What is told by its position may be given all the same.
  for (const [, name = ''] of text.matchAll(/\$\{([^}]*)\}/g)) context.parameters.has(name.trim());
  return text
    .replace(/(:apigateway:)(\$\{[^}]*\}|\{region\}):/, `$1${context.region}:`)
    .replace(/^(arn:)\$\{[^}]*\}:(apigateway|iam):/, `$1${context.partition}:$2:`)
    .replace(/^(arn:[^:]*:iam::)\$\{[^}]*\}:/, `$1${context.accountId}:`)
    .replace(/\$\{([^}]*)\}/g, (shown, written: string) => {
      const name = written.trim();
      // Stage variables stand in a URI as they are: API Gateway resolves them.
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
