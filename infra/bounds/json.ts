/** The maximum nesting depth, far above that of answers of Kinesis and API Gateway and of a run's files. */
const MAX_DEPTH = 200;
/** Matches an unterminated string up to the end of the text, so that no part is scanned twice. */
const TEXT_OR_BRACKET = /"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?$)|[[\]{}]/gs;

/**
 * Parses untrusted JSON. Deep nesting is refused, since it uses a disproportionate amount of memory and stack.
 * @param reviver as for `JSON.parse`.
 * @throws Error if the text is not JSON, or is nested deeper than 200 levels.
 */
export function parseJsonBounded(text: string, reviver?: (key: string, value: unknown) => unknown): unknown {
  let depth = 0;
  for (const [part = ''] of text.matchAll(TEXT_OR_BRACKET)) {
    if (part === '[' || part === '{') depth += 1;
    else if (part === ']' || part === '}') depth -= 1;
    if (depth > MAX_DEPTH) throw new Error(`it nests deeper than ${MAX_DEPTH}`);
  }
  return JSON.parse(text, reviver);
}
