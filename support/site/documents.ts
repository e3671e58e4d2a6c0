import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import GithubSlugger from 'github-slugger';
import { Marked, type Token, type Tokens } from 'marked';
import { headingText } from '../lint/citations.ts';
import { toPosix } from '../run/plan.ts';
import { clausePath, type Found, linkFrom, type Page, sitePathOf } from './page.ts';

/** The documents about the whole project, outside docs/ and results/. */
const OWN = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md'];
/** Text of one section that the search keeps, in characters. */
const MAX_TEXT = 1_200;

export interface Document {
  /** From the repository's root. */
  readonly file: string;
  /** From the site's root. */
  readonly path: string;
  readonly kind: 'guide' | 'fact' | 'decision' | 'result' | 'project';
  readonly title: string;
  /** The first paragraph as plain text. */
  readonly lead: string;
  readonly html: string;
  readonly headings: Page['headings'];
  readonly found: readonly Found[];
  /** The pictures that it shows, from the repository's root. */
  readonly pictures: readonly string[];
}

/** @param results the folder of the results that the site shows. @param clauses the ids of all clauses. */
export function readDocuments(root: string, results: string, clauses: ReadonlySet<string>): Document[] {
  const below = globSync(['docs/**/*.md', `${results}/**/*.md`], { cwd: root }).map(toPosix);
  const files = new Set([...OWN, ...below.sort()]);
  return [...files].map((file) =>
    toDocument(file, readFileSync(path.join(root, file), 'utf8'), files, clauses),
  );
}

/**
 * Like {@link readDocuments}, for one file with this path and text.
 * @param files every document that has a page.
 */
export function toDocument(
  file: string,
  text: string,
  files: ReadonlySet<string>,
  clauses: ReadonlySet<string>,
): Document {
  const marked = new Marked();
  const tokens = marked.lexer(text);
  const own = sitePathOf(file);
  const anchors = anchorsOf(tokens);
  const pictures: string[] = [];
  const silent = withoutLinks(marked, tokens);
  const link = (href: string) => linkTo(href, file, own, files);
  marked.use({
    renderer: {
      heading(token) {
        const anchor = anchors.get(token) ?? '';
        const words = this.parser.parseInline(token.tokens);
        if (token.depth === 1) return `<h1 id="${anchor}">${words}</h1>\n`;
        return `<h${token.depth} id="${anchor}"><a class="anchor" href="#${anchor}">${words}</a></h${token.depth}>\n`;
      },
      link({ href, tokens: inner }) {
        const words = this.parser.parseInline(inner);
        const to = link(href);
        return to === undefined
          ? words
          : `<a href="${escaped(to)}"${/^https?:/.test(to) ? ' rel="noreferrer noopener"' : ''}>${words}</a>`;
      },
      image({ href, text: alternative }) {
        const picture = path.posix.join(path.posix.dirname(file), href);
        pictures.push(picture);
        return `<img src="${escaped(linkFrom(own, picture))}" alt="${escaped(alternative)}" loading="lazy">`;
      },
      codespan(token) {
        const code = `<code>${escaped(token.text)}</code>`;
        if (silent.has(token)) return code;
        const to = clauses.has(token.text)
          ? linkFrom(own, clausePath(token.text))
          : linkOfCode(token.text, own, files);
        return to === undefined ? code : `<a href="${escaped(to)}">${code}</a>`;
      },
      text(token) {
        if ('tokens' in token && token.tokens) return this.parser.parseInline(token.tokens);
        const words = 'escaped' in token && token.escaped ? token.text : escaped(token.text);
        return silent.has(token) ? words : withClauses(words, own, clauses);
      },
      code({ text: code, lang }) {
        const block = `<pre tabindex="0"${lang ? ` data-language="${escaped(lang)}"` : ''}><code>${escaped(code)}\n</code></pre>\n`;
        if (lang !== 'mermaid') return block;
        // Mermaid's library is larger than the whole site, so the source is shown.
        return `<figure><figcaption>A diagram, in Mermaid’s notation</figcaption>\n${block}</figure>\n`;
      },
      table(token) {
        const row = (cells: readonly Tokens.TableCell[], tag: string) =>
          `<tr>${cells.map((cell) => `<${tag}${tag === 'th' ? ' scope="col"' : ''}>${this.parser.parseInline(cell.tokens)}</${tag}>`).join('')}</tr>`;
        const body = token.rows.map((cells) => row(cells, 'td')).join('\n');
        return `<div class="scroll" tabindex="0" role="group" aria-label="Table"><table><thead>${row(token.header, 'th')}</thead><tbody>\n${body}\n</tbody></table></div>\n`;
      },
    },
  });
  const html = marked.parser(tokens);
  const title = tokens.find((token): token is Tokens.Heading => token.type === 'heading');
  const first = tokens.find(({ type }) => type === 'paragraph');
  const kind = kindOf(file);
  const name = title === undefined ? file : headingText(title.tokens);
  return {
    file,
    path: own,
    kind,
    title: name,
    lead: first === undefined ? '' : wordsOf([first]),
    html,
    headings: [...anchors].flatMap(([{ depth, tokens: inner }, anchor]) =>
      depth === 2 || depth === 3 ? [{ text: headingText(inner), href: `${own}#${anchor}`, depth }] : [],
    ),
    found: sectionsOf(tokens, anchors, own, kind, name),
    pictures,
  };
}

function kindOf(file: string): Document['kind'] {
  if (file.startsWith('docs/facts/')) return 'fact';
  if (file.startsWith('docs/decisions/')) return 'decision';
  if (file.startsWith('docs/')) return 'guide';
  return file.startsWith('results/') ? 'result' : 'project';
}

/** Anchors as on GitHub, so that links work in both places. */
function anchorsOf(tokens: readonly Token[]): Map<Tokens.Heading, string> {
  const slugger = new GithubSlugger();
  const headings = tokens.filter((token): token is Tokens.Heading => token.type === 'heading');
  return new Map(headings.map((token) => [token, slugger.slug(headingText(token.tokens))]));
}

/** Links are not added inside a link or a heading. */
function withoutLinks(marked: Marked, tokens: Token[]): ReadonlySet<object> {
  const silent = new Set<object>();
  const hush = (inner: readonly Token[]): void => {
    for (const token of inner) {
      silent.add(token);
      if ('tokens' in token && token.tokens) hush(token.tokens);
    }
  };
  marked.walkTokens(tokens, (token) => {
    if (token.type === 'link' || token.type === 'heading') hush(token.tokens ?? []);
  });
  return silent;
}

/** @returns undefined for a file that the site does not have. */
function linkTo(href: string, file: string, own: string, files: ReadonlySet<string>): string | undefined {
  if (/^[a-z][a-z\d+.-]*:/i.test(href)) return href;
  const [to = '', anchor] = href.split('#');
  const target = to === '' ? file : path.posix.join(path.posix.dirname(file), to);
  const hash = anchor === undefined ? '' : `#${anchor}`;
  return files.has(target) ? linkFrom(own, sitePathOf(target) + hash) : undefined;
}

/** Documents and features are often named as code: `docs/hardened.md`. */
function linkOfCode(code: string, own: string, files: ReadonlySet<string>): string | undefined {
  const [file = '', anchor] = code.split('#');
  if (files.has(file)) return linkFrom(own, sitePathOf(file) + (anchor === undefined ? '' : `#${anchor}`));
  return undefined;
}

function withClauses(html: string, own: string, clauses: ReadonlySet<string>): string {
  return html.replace(/(?<![\w#&/-])[A-Z]+-\d+[a-z]?\b/g, (id) =>
    clauses.has(id) ? `<a href="${linkFrom(own, clausePath(id))}">${id}</a>` : id,
  );
}

function sectionsOf(
  tokens: readonly Token[],
  anchors: ReadonlyMap<Tokens.Heading, string>,
  own: string,
  kind: Found['kind'],
  title: string,
): Found[] {
  const found: { title: string; href: string; kind: string; tokens: Token[] }[] = [
    { title, href: own, kind, tokens: [] },
  ];
  for (const token of tokens) {
    const anchor = token.type === 'heading' ? anchors.get(token as Tokens.Heading) : undefined;
    if (token.type === 'heading' && (token as Tokens.Heading).depth > 1)
      found.push({
        title: `${headingText((token as Tokens.Heading).tokens)} – ${title}`,
        href: `${own}#${anchor}`,
        kind,
        tokens: [],
      });
    else if (token.type !== 'heading') found.at(-1)?.tokens.push(token);
  }
  return found.map(({ tokens: inner, ...rest }) => ({ ...rest, text: wordsOf(inner).slice(0, MAX_TEXT) }));
}

/** The words of Markdown without its markup. */
function wordsOf(tokens: readonly Token[]): string {
  const words: string[] = [];
  const part = (inner: readonly Token[]): void => {
    inner.forEach(visit);
    words.push(' ');
  };
  const visit = (token: Token): void => {
    if (token.type === 'table') {
      const { header, rows } = token as Tokens.Table;
      for (const cell of [header, ...rows].flat()) part(cell.tokens);
    } else if (token.type === 'list') for (const item of (token as Tokens.List).items) part(item.tokens);
    else if (token.type === 'paragraph' || token.type === 'blockquote') part(token.tokens ?? []);
    else if ('tokens' in token && token.tokens) token.tokens.forEach(visit);
    else if (token.type === 'code') words.push(`${token.text} `);
    else if (token.type !== 'html' && 'text' in token) words.push(String(token.text));
  };
  tokens.forEach(visit);
  return words.join('').replace(/\s+/g, ' ').trim();
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
