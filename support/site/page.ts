import path from 'node:path';

/** A piece of text, as a link where it leads somewhere; hrefs are paths from the site's root. */
export interface Part {
  readonly text: string;
  readonly href?: string;
}

/** One entry of the search. */
export interface Found {
  readonly title: string;
  /** A path from the site's root, with an anchor where it is a part of a page. */
  readonly href: string;
  /** Such as `clause`, `scenario`, `guide`. */
  readonly kind: string;
  readonly text: string;
}

/** A list of pages in the sidebar. */
export interface Neighbours {
  readonly title: string;
  /** Whether the entries, such as ids of clauses, are short enough to stand side by side. */
  readonly isCompact: boolean;
  readonly links: readonly { readonly text: string; readonly href: string; readonly title?: string }[];
}

/** One page of the site: the data for its template. */
export interface Page {
  /** From the site's root: `clauses/PUT-3.html`. */
  readonly path: string;
  /** The name of its template. */
  readonly template: string;
  readonly title: string;
  readonly description: string;
  /** The part of the site that it belongs to, as named in the header of every page; undefined for none. */
  readonly section: string | undefined;
  readonly neighbours: readonly Neighbours[];
  readonly headings: readonly { readonly text: string; readonly href: string; readonly depth: number }[];
  readonly found: readonly Found[];
  readonly view: unknown;
}

/** A relative link between two pages, which works from a file and below any path. */
export function linkFrom(page: string, target: string): string {
  const [to = '', anchor] = target.split('#');
  const hash = anchor === undefined ? '' : `#${anchor}`;
  if (to === page && hash !== '') return hash;
  return path.posix.relative(path.posix.dirname(page), to) + hash;
}

/** The path in the site of a document of the repository. */
export function sitePathOf(file: string): string {
  if (file === 'README.md') return 'readme.html';
  const name = path.posix.dirname(file) === '.' ? file.toLowerCase() : file;
  return name.replace(/(^|\/)README\.md$/, '$1index.html').replace(/\.md$/, '.html');
}

/** The page of a clause, from the site's root. */
export function clausePath(id: string): string {
  return `clauses/${id}.html`;
}
