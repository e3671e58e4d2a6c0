import { patternOf } from '../../embedded/apigateway/dataplane/pattern.ts';

/** A token of a regular expression without flags: an escape, a class, the start of a group, a count, or a character. */
const TOKEN =
  /\\(?:u[\da-fA-F]{4}|x[\da-fA-F]{2}|c[a-zA-Z]|\d{1,3}|[\s\S])|\[(?:\\[\s\S]|[^\]\\])*\]|\((?:\?(?:[:=!]|<[=!]|<\w+>))?|\{\d+(?:,\d*)?\}|[\s\S]/g;
/** Tokens that match no character themselves. */
const EMPTY = /^(?:\(.*|[)|^$*+?]|\{\d+(?:,\d*)?\}|\\[bB])$/s;

/**
 * Whether a text that a pattern accepts may contain a character. Exact for patterns of classes, groups and repetitions;
 * true where it is not sure: a pattern that is not anchored at both ends, or that cannot be read.
 */
export function mayContain(pattern: string, character: string): boolean {
  const tokens = pattern.match(TOKEN) ?? [];
  if (!isAnchored(tokens) || !isReadable(pattern)) return true;
  return tokens.some((token) => !EMPTY.test(token) && new RegExp(`^${token}$`).test(character));
}

function isReadable(pattern: string): boolean {
  try {
    patternOf(pattern);
    return true;
  } catch {
    return false;
  }
}

/** Whether each alternative has to match a text from its start to its end. */
function isAnchored(tokens: readonly string[]): boolean {
  const alternatives: string[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.startsWith('(')) depth += 1;
    if (token === ')') depth -= 1;
    if (depth === 0 && token === '|') alternatives.push([]);
    else alternatives.at(-1)?.push(token);
  }
  return depth === 0 && alternatives.every((own) => own[0] === '^' && own.length > 1 && own.at(-1) === '$');
}
