/**
 * Makes untrusted text safe for display. Everything that is printed or written passes one of these functions, and the
 * redaction (redact.ts); verdicts never use them.
 */

/**
 * Characters that control a terminal or are invisible: C0 and C1 except tab and line feed, direction marks and
 * overrides, zero-width characters (except joiners, which emoji and scripts need), line separators, tag characters,
 * lone surrogates.
 */
const UNSAFE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these characters must be matched.
  /[\0-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]|[\u{e0000}-\u{e007f}]|\p{Cs}/gu;

/** Shows each such character as `\uXXXX`, as JSON does, so JSON text keeps its meaning. Tabs and line feeds stay. */
export function visible(text: string): string {
  return text.replace(UNSAFE, escaped);
}

/** As `visible`, with tabs and line feeds shown as well: for a value within one of the suite's lines. */
export function oneLine(text: string): string {
  return visible(text).replace(/[\t\n]/g, escaped);
}

/** What JSON writes for the other characters that `visible` shows; a backslash before such a letter looks the same. */
const ESCAPED = /\\[bfru]/;

/**
 * `visible` for every text in a value of JSON; most hold nothing to show, which their JSON tells at once.
 * @param json the value's JSON.
 * @returns the value itself if there is nothing to show.
 */
export function visibleAll<T>(value: T, json = JSON.stringify(value) ?? ''): T {
  return json.search(UNSAFE) < 0 && !ESCAPED.test(json) ? value : visibleEach(value);
}

function visibleEach<T>(value: T): T {
  if (typeof value === 'string') return visible(value) as T;
  if (Array.isArray(value)) return value.map(visibleEach) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [visible(key), visibleEach(inner)]),
  ) as T;
}

/**
 * Text for a log that machines parse: GitHub executes `::command::` at the beginning of a line (after any white space)
 * and `##[command]` anywhere, Azure `##vso[…]`, TeamCity `##teamcity[…]`.
 * @param atLineStart whether the text begins a line.
 */
export function withoutCommands(text: string, atLineStart = true): string {
  const lines = atLineStart ? /^([^\S\n]*):(?=:)/gm : /(?<=\n)([^\S\n]*):(?=:)/g;
  return text.replace(lines, '$1\\u003a').replace(/#(?=#[a-z]*\[)/gi, '\\u0023');
}

/** Text without special meaning in Markdown at any position. */
const PLAIN = /^[\p{L}\p{N}"'(](?:[\p{L}\p{N}\p{M} .,;:'"()=%→≤≥…/+-]*)$/u;
const LINKS = /:\/\/|\bwww\.|\bmailto:|\bGH-\d/i;

/**
 * Text for a line or a table cell of Markdown: unchanged if it has no special meaning, else a code span, in which
 * markup, HTML, mentions, references and links have no effect.
 */
export function markdown(text: string): string {
  const line = oneLine(text);
  if (line === '' || (PLAIN.test(line) && !LINKS.test(line))) return line;
  // A bar ends a table cell even within code.
  const cell = line.replaceAll('|', '\\u007c');
  const fence = longerThanAny(cell, 1);
  const pad = /^[` ]|[` ]$/.test(cell) ? ' ' : '';
  return `${fence}${pad}${cell}${pad}${fence}`;
}

/** Multi-line text as a Markdown block that its content cannot terminate. */
export function markdownBlock(text: string): string {
  const fence = longerThanAny(text, 3);
  return `${fence}\n${visible(text)}\n${fence}`;
}

function longerThanAny(text: string, least: number): string {
  return '`'.repeat(Math.max(least, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
}

function escaped(character: string): string {
  let text = '';
  for (let unit = 0; unit < character.length; unit++)
    text += `\\u${character.charCodeAt(unit).toString(16).padStart(4, '0')}`;
  return text;
}
