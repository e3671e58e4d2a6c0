/**
 * A number whose text JavaScript would change (`1.0`, `1e3`, integers beyond 2^53). A template passes on the client's
 * text (clause PUT-3).
 */
export class NumberText {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  get text(): string {
    return this.#text;
  }

  get value(): number {
    return Number(this.#text);
  }
}

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | NumberText
  | JsonValue[]
  | { [key: string]: JsonValue };

/** Parses JSON into plain values for schemas, and keeps the text of numbers. Throws SyntaxError. */
export function parseJson(text: string): JsonValue {
  const trimmed = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (!UNUSUAL_NUMBER.test(trimmed)) return JSON.parse(trimmed);
  return JSON.parse(trimmed, (_key, value, context?: { source?: string }) => {
    const source = context?.source;
    return typeof value === 'number' && source !== undefined && String(value) !== source
      ? new NumberText(source)
      : value;
  });
}

/** A cheap check whether some number could need its text: the reviver costs more than the parser itself. */
const UNUSUAL_NUMBER = /-0|\d[.eE]|\d{16}/;
