/** The findings of a validation: errors, which fail it, and warnings, which are only reported. */
export class Report {
  readonly #texts = new Set<string>();
  #failed = false;

  get failed(): boolean {
    return this.#failed;
  }

  error(text: string): void {
    this.#failed = true;
    this.#texts.add(text);
  }

  warn(text: string): void {
    this.#texts.add(text);
  }

  /**
   * `[text, text]`, without duplicates and in the order of a Java HashSet, as in the outputs of deployed APIs
   * (docs/facts/gateway.md#validation; pagopa's e2e tests of PN-17459: a warning before one error and after another).
   */
  toString(): string {
    return `[${hashOrder([...this.#texts]).join(', ')}]`;
  }
}

/** The iteration order of a Java HashSet, or of a HashMap's keys, for strings added in the given order. */
export function hashOrder(texts: readonly string[]): readonly string[] {
  let capacity = 16;
  while (texts.length > capacity * 0.75) capacity *= 2;
  const buckets: string[][] = Array.from({ length: capacity }, () => []);
  for (const text of texts) buckets[bucketOf(text, capacity)]?.push(text);
  return buckets.flat();
}

function bucketOf(text: string, capacity: number): number {
  let hash = 0;
  for (let at = 0; at < text.length; at += 1) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return (hash ^ (hash >>> 16)) & (capacity - 1);
}
