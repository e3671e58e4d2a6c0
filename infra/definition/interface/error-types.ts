/** One word, with or without a namespace, or a URI, as in RFC 9457. */
const TYPE = /^(?:[A-Za-z][\w.#-]*|(?:https?|urn|tag|about):\S+)$/;
/** A value that differs in every call, such as a request id, is not a type. */
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
/** A word that only says that something failed, as the status does, is no type, unless its member is called so. */
const VAGUE = /^(?:errors?|fail(?:ed|ure|ing)?|exception|fault|unsuccessful|nok|false|true|null|none)$/i;
const NAMED_AS_TYPE = /(?:type|code)$/i;
/** An error within the list of errors of a document. */
const MAX_DEPTH = 4;

interface Word {
  /** The pointer of the member that has it, with `*` for any element of a list. */
  readonly at: string;
  readonly word: string;
}

/** The words of an error that may be its type: no sentences, numbers or ids. */
function wordsIn(json: unknown): readonly Word[] {
  const found: Word[] = [];
  const walk = (value: unknown, at: string, depth: number): void => {
    if (typeof value === 'string' && TYPE.test(value) && value.length > 2 && !UUID.test(value))
      found.push({ at, word: value });
    if (typeof value !== 'object' || value === null || depth === 0) return;
    for (const [name, member] of Object.entries(value))
      walk(member, `${at}/${Array.isArray(value) ? '*' : name}`, depth - 1);
  };
  if (typeof json === 'object') walk(json, '', MAX_DEPTH);
  return found;
}

function isClear({ at, word }: Word): boolean {
  return NAMED_AS_TYPE.test(at) || !VAGUE.test(word);
}

/** Whether an error has its type in a separate member. */
export function hasType(json: unknown): boolean {
  return wordsIn(json).some(isClear);
}

/**
 * The errors of different kinds, of one call, whose type does not tell them from the others: by its place and its word.
 * A vague word counts where another error has its type.
 * @param errors the bodies of the errors, by their kinds.
 */
export function untold(errors: ReadonlyMap<string, unknown>): string[] {
  const words = [...errors].map(([kind, json]) => ({ kind, found: wordsIn(json) }));
  return words.flatMap(({ kind, found }) => {
    const others = words.filter((other) => other.kind !== kind).flatMap((other) => other.found);
    const isTold = found.some(({ at, word }) => {
      if (others.some((other) => other.at === at && other.word === word)) return false;
      return isClear({ at, word }) || others.some((other) => other.at === at && isClear(other));
    });
    return isTold ? [] : [kind];
  });
}
