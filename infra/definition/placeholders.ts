import { DefinitionError } from './errors.ts';
import { pseudoParameter } from './pseudo-parameters.ts';
import type { ReadContext } from './types.ts';

const REGION =
  /^(var\.|local\.|data\.aws_region\.\w+\.)?(aws_?)?region(\.(name|id|region))?$|^data\.aws_region\.\w+\.(name|id)$/i;
const ACCOUNT =
  /^(var\.|local\.)?(aws_?)?account_?(id|number)?$|^data\.aws_caller_identity\.\w+\.account_id$/i;
const PARTITION = /^(var\.|local\.)?(aws_?)?partition$|^data\.aws_partition\.\w+\.partition$/i;

/**
 * Resolves the placeholders of a URI or an ARN, where `${name}` can be nothing else: mapping templates, where Velocity
 * writes its references like that, have to be kept from here. Region, account and partition are told by their name, or
 * by their position in an ARN.
 * @throws DefinitionError for a name that is not known.
 */
export function withoutPlaceholders(text: string, place: string, context: ReadContext): string {
  return text
    .replace(/(:apigateway:)(\$\{[^}]*\}|\{region\}):/, `$1${context.region}:`)
    .replace(/^(arn:)\$\{[^}]*\}:(apigateway|iam):/, `$1${context.partition}:$2:`)
    .replace(/^(arn:[^:]*:iam::)\$\{[^}]*\}:/, `$1${context.accountId}:`)
    .replace(/\$\{([^}]*)\}/g, (shown, written: string) => {
      const name = written.trim();
      // Stage variables stand in a URI as they are: API Gateway resolves them.
      if (name.startsWith('stageVariables.')) return shown;
      const value = context.parameters.get(name) ?? pseudoParameter(name, context);
      if (typeof value === 'string') return value;
      if (REGION.test(name)) return context.region;
      if (ACCOUNT.test(name)) return context.accountId;
      if (PARTITION.test(name)) return context.partition;
      throw new DefinitionError(
        context.file,
        place,
        `${shown} is not defined; give it with --parameter ${name}=VALUE`,
      );
    });
}
