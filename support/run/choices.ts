import { type Choices, type Definition, loadDefinition } from '../../infra/definition/definition.ts';
import { readInterfaceFile } from '../../infra/definition/interface/file.ts';
import { UsageError } from '../../infra/errors.ts';

/**
 * Parses the user's choices for a definition: parameters as `KEY=VALUE`, and which API to use.
 * @throws UsageError for a parameter without a key or a value.
 */
export function choicesOf(parameters: readonly string[], api: string | undefined): Choices {
  const pairs = parameters.map((text) => {
    const at = text.indexOf('=');
    if (at < 1) throw new UsageError(`--parameter takes KEY=VALUE, such as StreamName=clicks, not ${text}`);
    return [text.slice(0, at), text.slice(at + 1)] as const;
  });
  return {
    ...(pairs.length > 0 && { parameters: Object.fromEntries(pairs) }),
    ...(api !== undefined && { api }),
  };
}

/**
 * The definition that a run deploys, or that describes a deployed API.
 * @throws UsageError if the definition, or the interface file given for it, cannot be read.
 */
export function definitionOf(options: {
  readonly definition: string;
  readonly choices: Choices;
  readonly interface: string | undefined;
  readonly target?: string;
}): Definition {
  const given = options.interface === undefined ? undefined : readInterfaceFile(options.interface);
  const isDeployed = options.target === 'url';
  return loadDefinition(options.definition, { ...options.choices, ...(isDeployed && { isDeployed }) }, given);
}
