import { clausePath, type Part, sitePathOf } from './page.ts';

/** The things with a page that texts may name. */
const NAMED = /((?<![\w/.-])docs\/[\w./-]+\.md(?:#[\w-]+)?|\b[A-Z]+-\d+[a-z]?\b)/;

/** A text with links to the documents and clauses that it names. @param clauses the ids of all clauses. */
export function linkedText(text: string, clauses: ReadonlySet<string>): Part[] {
  return text
    .split(NAMED)
    .filter((part) => part !== '')
    .map((part): Part => {
      if (clauses.has(part)) return { text: part, href: clausePath(part) };
      if (!/^docs\/.*\.md(#|$)/.test(part)) return { text: part };
      const [file = '', anchor] = part.split('#');
      return { text: part, href: sitePathOf(file) + (anchor === undefined ? '' : `#${anchor}`) };
    });
}
