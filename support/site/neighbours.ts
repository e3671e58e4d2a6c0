import { byNoun, type ClauseView } from './clauses.ts';
import type { Document } from './documents.ts';
import type { FeatureView } from './features.ts';
import type { Kept } from './kept-results.ts';
import type { Neighbours } from './page.ts';

/** The sidebar of a page: the pages of the same part of the site. */

export const TITLES_OF_APIS: Readonly<Record<string, string>> = {
  tutorial: 'The tutorial’s API',
  hardened: 'The hardened API',
};

/** @param noun lists the clauses of this noun, if the page is about one of them. */
export function neighboursOfClauses(clauses: readonly ClauseView[], noun?: string): Neighbours[] {
  const nouns = byNoun(clauses);
  const own = nouns.find(({ name }) => name === noun);
  return [
    ...(own === undefined
      ? []
      : [
          {
            title: own.name,
            isCompact: true,
            links: own.clauses.map(({ id, path, statement }) => ({ text: id, href: path, title: statement })),
          },
        ]),
    {
      title: 'All clauses',
      isCompact: false,
      links: nouns.map(({ name, anchor }) => ({ text: name, href: `clauses/index.html#${anchor}` })),
    },
  ];
}

export function neighboursOfFeatures(features: readonly FeatureView[]): Neighbours[] {
  return [...Map.groupBy(features, ({ folder }) => folder)].map(([folder, own]) => ({
    title: folder.charAt(0).toUpperCase() + folder.slice(1),
    isCompact: false,
    links: own.map(({ name, path }) => ({ text: name, href: path })),
  }));
}

export function neighboursOf(kind: Document['kind'], documents: readonly Document[]): Neighbours[] {
  const list = (title: string, own: readonly Document[]): Neighbours => ({
    title,
    isCompact: false,
    links: own.map((document) => ({ text: document.title, href: document.path })),
  });
  const of = (wanted: Document['kind']) => documents.filter((document) => document.kind === wanted);
  if (kind === 'fact') return [list('Facts', of('fact'))];
  if (kind === 'decision') return [list('Decisions', of('decision'))];
  return [list('The project', of('project')), list('Guides', of('guide'))];
}

export function neighboursOfApis(names: readonly string[]): Neighbours[] {
  const links = names.map((name) => ({ text: TITLES_OF_APIS[name] ?? name, href: `api/${name}.html` }));
  return [{ title: 'APIs under test', isCompact: false, links }];
}

export function neighboursOfMatrix({ runs, version }: Kept): Neighbours[] {
  return [
    {
      title: 'Matrix',
      isCompact: false,
      links: [
        { text: 'Clause by target', href: 'matrix.html' },
        { text: 'Known divergences', href: 'divergences.html' },
        { text: 'How the runs were made', href: `results/${version}/index.html` },
      ],
    },
    ...[false, true].map((isProduction): Neighbours => {
      const own = runs.filter((run) => run.isProduction === isProduction);
      return {
        title: isProduction ? 'Runs at level production' : 'Runs of the tutorial’s API',
        isCompact: false,
        links: own.map(({ target, folder, results }) => ({
          text: isProduction ? `${target}, ${results.definition.name}` : target,
          href: `${folder}/index.html`,
        })),
      };
    }),
  ];
}
