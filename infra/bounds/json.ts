/** No answer of Kinesis or API Gateway, and nothing that a run writes, is nested so deep. */
const MAX_DEPTH = 200;
/** Up to the end of the text where its own is missing, so that no part is looked at twice. */
const TEXT_OR_BRACKET = /"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?$)|[[\]{}]/gs;

/**
 * JSON of strangers: what is nested deeper than any takes memory and stack out of proportion.
 * @param reviver as `JSON.parse` takes it.
 * @throws Error for what is not JSON, or nested deeper than 200 levels.
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
