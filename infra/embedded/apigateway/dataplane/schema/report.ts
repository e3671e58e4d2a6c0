/** What a validation found: errors, which fail it, and warnings, which are told all the same. */
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
   * `[text, text]`, each text once and in the order of a Java HashSet, as the outputs of deployed APIs have them
   * (docs/facts/gateway.md#validation; pagopa's e2e tests of PN-17459: a warning before one error and after another).
   */
  toString(): string {
    return `[${hashOrder([...this.#texts]).join(', ')}]`;
  }
}

/** The order in which a Java HashSet, or the keys of a HashMap, gives texts that were added one after the other. */
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
