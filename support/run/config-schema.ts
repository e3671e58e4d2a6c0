import { TARGET_KINDS } from '../../infra/targets/target.ts';
import { LEVELS, OPTIONS, type OptionSpec } from './option-table.ts';
import { CONFIG_FILE } from './options.ts';

/** The file of the schema, which editors use. */
export const CONFIG_SCHEMA = 'support/run/config.schema.json';

/** Options with a fixed list of values. */
const ENUMS: Readonly<Record<string, readonly string[]>> = { target: TARGET_KINDS, level: LEVELS };

/** The JSON schema of the config file. Editors use it for completion and validation. */
export function configSchema(): object {
  const properties = Object.entries(OPTIONS as Record<string, OptionSpec>).map(([name, spec]) => [
    name,
    { description: spec.help, ...typeOf(name, spec) },
  ]);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: CONFIG_FILE,
    description: 'Options of kinesis-proxy-conformance; flags and environment variables win over them.',
    type: ['object', 'null'],
    additionalProperties: false,
    properties: Object.fromEntries(properties),
  };
}

function typeOf(name: string, { type, multiple, value }: OptionSpec): object {
  if (type === 'boolean') return { type };
  const one = ENUMS[name] ? { enum: ENUMS[name] } : { type: value === 'N' ? 'integer' : 'string' };
  return multiple ? { type: 'array', items: one } : one;
}
