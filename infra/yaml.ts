import { CORE_SCHEMA, loadAll, mergeTag, type TagDefinition, YAMLException } from 'js-yaml';

/** The maximum number of characters and nodes after aliases are expanded: far beyond any definition. */
const MAX_EXPANDED = 32 * 1024 * 1024;

/** Deeper than any definition; much deeper ones would overflow the stack of any reader. */
const MAX_DEPTH = 200;

const SCHEMA = CORE_SCHEMA.withTags(mergeTag);

/** The text is neither YAML nor JSON. */
export class YamlError extends Error {
  override readonly name = 'YamlError';
  /** Starts at 1; undefined if no single line is at fault. */
  readonly line: number | undefined;

  constructor(reason: string, line: number | undefined) {
    super(reason);
    this.line = line;
  }
}

/**
 * Reads one document of YAML 1.2, with merge keys, or of JSON: returns plain data without shared parts, and `null` for
 * an empty text.
 * @param tags additional tags that the text may use.
 * @throws YamlError
 */
export function readYaml(text: string, tags: readonly TagDefinition[] = []): unknown {
  try {
    const [document = null, ...others] = loadAll(text, { schema: SCHEMA.withTags(tags) });
    if (others.length > 0) throw new YamlError('it contains more than one document', undefined);
    if (expandedSize(document) > MAX_EXPANDED)
      throw new YamlError('its aliases expand to more than 32 MiB', undefined);
    return expand(document);
  } catch (error) {
    // js-yaml recurses.
    if (error instanceof RangeError) throw tooDeep();
    if (!(error instanceof YAMLException)) throw error;
    throw new YamlError(error.reason, error.mark && error.mark.line + 1);
  }
}

function tooDeep(): YamlError {
  return new YamlError(`it nests deeper than ${MAX_DEPTH}`, undefined);
}

/**
 * Computes the size of the result of `expand` in advance: a few aliases can expand to gigabytes, or contain
 * themselves.
 */
function expandedSize(value: unknown, known = new Map<object, number>()): number {
  if (typeof value === 'string') return value.length + 1;
  if (typeof value !== 'object' || value === null) return 1;
  const counted = known.get(value);
  if (counted !== undefined) return counted;
  // A node that is met again before it is counted contains itself.
  known.set(value, Number.POSITIVE_INFINITY);
  const size = Object.values(value).reduce((sum: number, member) => sum + expandedSize(member, known), 1);
  known.set(value, size);
  return size;
}

/** Aliases become copies, so that an edit changes only one place. */
function expand(value: unknown, depth = 0): unknown {
  if (depth > MAX_DEPTH) throw tooDeep();
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((member) => expand(member, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, expand(member, depth + 1)]));
}
