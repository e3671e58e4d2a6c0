import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import GithubSlugger from 'github-slugger';
import { lexer, type Token, walkTokens } from 'marked';
import { trackedFiles } from './files.ts';

/** The target of a citation: a path from the root, and optionally an anchor. */
interface Pointer {
  readonly line: number;
  readonly text: string;
  readonly file: string;
  readonly anchor?: string;
}

/** A page of this repository, cited by its path from the root in code, comments, data and prose. */
const CITATION = /(?<![\w/.-])(docs\/[\w./-]+\.md)(?:#([\w-]+))?/g;

/** Results of runs are kept unchanged, with the citations that the contract had then. */
const KEPT = /^results\/.*\.json$/;

/** A fact cited by number, which cannot be looked up. */
const WITHOUT_PLACE =
  /\bfacts?,?\s+(?:(?:\*|\/\/|#)\s+)?(?:(?:aws-)?2026\b|emulators \d|localstack \d|\d\.\d|\d+ \[|[GK]\d)/gi;

/**
 * Resolves the repository's references to its documents: citations such as `docs/facts/kinesis.md#errors` anywhere,
 * and the links of Markdown files.
 * @param root the folder of the repository, as a git checkout.
 * @returns a line for each that cannot be resolved, with its file and line.
 */
export function lintCitations(root: string): string[] {
  return trackedFiles(root)
    .filter((name) => name !== 'package-lock.json' && !KEPT.test(name))
    .flatMap((name) => danglingIn(root, name, readFileSync(path.join(root, name), 'utf8')));
}

/** As {@link lintCitations}, for one file. A file with a NUL is binary, and cites nothing. */
export function danglingIn(root: string, name: string, text: string): string[] {
  if (text.includes('\0')) return [];
  const pointers = [...citations(text), ...(name.endsWith('.md') ? links(name, text) : [])];
  const unplaced = [...text.matchAll(WITHOUT_PLACE)].map(
    ({ 0: cited, index }) =>
      `${name}:${lineAt(text, index)}: "${cited.replaceAll(/\s+/g, ' ')}" does not locate the fact: cite its page and heading in docs/facts`,
  );
  const dangling = pointers.flatMap((pointer) => {
    const fault = faultOf(root, pointer);
    return fault ? [`${name}:${pointer.line}: ${pointer.text}: ${fault}`] : [];
  });
  return [...new Set([...unplaced, ...dangling])];
}

function citations(text: string): Pointer[] {
  return [...text.matchAll(CITATION)].map(({ 0: cited, 1: file = '', 2: anchor, index }) => ({
    line: lineAt(text, index),
    text: cited,
    file,
    anchor,
  }));
}

/** The links and images of a Markdown file that point into the repository. */
function links(name: string, text: string): Pointer[] {
  const found: Pointer[] = [];
  let from = 0;
  walkTokens(lexer(text), (token) => {
    if (token.type !== 'link' && token.type !== 'image') return;
    // Tokens are in the order of the text but have no line, so search each one after the previous one.
    const at = text.indexOf(token.raw, from);
    if (at >= 0) from = at;
    if (/^([a-z][a-z\d+.-]*:|\/\/)/i.test(token.href)) return;
    const [to = '', anchor] = decodeURI(token.href).split('#');
    found.push({
      line: lineAt(text, Math.max(at, 0)),
      text: token.href,
      file: to === '' ? name : path.posix.join(path.posix.dirname(name), to),
      anchor,
    });
  });
  return found;
}

function faultOf(root: string, { file, anchor }: Pointer): string | undefined {
  const absolute = path.join(root, file);
  if (!existsSync(absolute)) return 'there is no such file';
  if (anchor === undefined || !file.endsWith('.md')) return undefined;
  if (anchorsOf(absolute).has(anchor)) return undefined;
  return `${file} has no heading for #${anchor}`;
}

const known = new Map<string, ReadonlySet<string>>();

/** The anchors of a Markdown file: those that GitHub derives from headings, and explicit ids. */
function anchorsOf(file: string): ReadonlySet<string> {
  const before = known.get(file);
  if (before) return before;
  const slugger = new GithubSlugger();
  const anchors = new Set<string>();
  walkTokens(lexer(readFileSync(file, 'utf8')), (token) => {
    if (token.type === 'heading') anchors.add(slugger.slug(headingText(token.tokens ?? [])));
    if (token.type === 'html')
      for (const [, id = ''] of token.raw.matchAll(/\bid="([^"]+)"/g)) anchors.add(id);
  });
  known.set(file, anchors);
  return anchors;
}

/** A heading's plain text, from which its anchor is derived. */
export function headingText(tokens: readonly Token[]): string {
  return tokens
    .map((token) =>
      'tokens' in token && token.tokens ? headingText(token.tokens) : 'text' in token ? token.text : '',
    )
    .join('');
}

const lineAt = (text: string, index: number) => text.slice(0, index).split('\n').length;
