import { CORE_SCHEMA, loadAll, mergeTag, YAMLException } from 'js-yaml';

/** Characters and nodes that a document may come to once its aliases are expanded: far beyond any definition. */
const MAX_EXPANDED = 32 * 1024 * 1024;

const SCHEMA = CORE_SCHEMA.withTags(mergeTag);

/** A text that is neither YAML nor JSON. */
export class YamlError extends Error {
  override readonly name = 'YamlError';
  /** From 1 on; undefined where no single line is at fault. */
  readonly line: number | undefined;

  constructor(reason: string, line: number | undefined) {
    super(reason);
    this.line = line;
  }
}

/**
 * Reads one document of YAML 1.2, with merge keys, or of JSON: plain data without shared parts, `null` for an empty
 * text.
 * @throws YamlError
 */
export function readYaml(text: string): unknown {
  try {
    const [document = null, ...others] = loadAll(text, { schema: SCHEMA });
    if (others.length > 0) throw new YamlError('it holds more than one document', undefined);
    return expand(document, { left: MAX_EXPANDED });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    throw new YamlError(error.reason, error.mark && error.mark.line + 1);
  }
}

/** Aliases are expanded, so that an edit touches one place only; a few of them can stand for gigabytes. */
function expand(value: unknown, room: { left: number }): unknown {
  room.left -= typeof value === 'string' ? value.length + 1 : 1;
  if (room.left < 0) throw new YamlError('its aliases stand for more than 32 MiB', undefined);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((member) => expand(member, room));
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, expand(member, room)]));
}
