import type { ApiView } from './api.ts';
import { byNoun, type ClauseView, type DivergenceView } from './clauses.ts';
import type { Document } from './documents.ts';
import { type FeatureView, type StepView, textOf } from './features.ts';
import type { Kept } from './kept-results.ts';
import { toTables } from './matrix.ts';
import {
  neighboursOf,
  neighboursOfApis,
  neighboursOfClauses,
  neighboursOfFeatures,
  neighboursOfMatrix,
  TITLES_OF_APIS,
} from './neighbours.ts';
import type { Found, Page } from './page.ts';

/** All that the site shows. */
export interface Content {
  readonly clauses: readonly ClauseView[];
  readonly features: readonly FeatureView[];
  readonly scenarios: number;
  readonly defects: number;
  readonly apis: readonly ApiView[];
  readonly kept: Kept;
  readonly divergences: readonly DivergenceView[];
  readonly documents: readonly Document[];
}

/** The parts of the site, in the order of the header of each page. */
export const SECTIONS = [
  { title: 'Clauses', href: 'clauses/index.html' },
  { title: 'Features', href: 'features/index.html' },
  { title: 'API', href: 'api/tutorial.html' },
  { title: 'Matrix', href: 'matrix.html' },
  { title: 'Guides', href: 'docs/index.html' },
  { title: 'Facts', href: 'docs/facts/index.html' },
  { title: 'Decisions', href: 'docs/decisions/index.html' },
] as const;

/** Every page, in an order that depends on the content only. */
export function toPages(content: Content): Page[] {
  const { clauses, features, apis, kept, divergences, documents } = content;
  const nouns = byNoun(clauses);
  const tables = toTables(kept);
  const ofFeatures = neighboursOfFeatures(features);
  const folders = [...Map.groupBy(features, ({ folder }) => folder)].map(([name, own]) => ({
    name,
    features: own,
  }));
  const statements = new Map(clauses.map(({ id, statement }) => [id, statement]));
  const guides = documents.filter(({ kind }) => kind === 'guide');
  const ofApis = neighboursOfApis(apis.map(({ name }) => name));
  const ofMatrix = neighboursOfMatrix(kept);
  return [
    page('index.html', 'start', {
      title: 'The contract of a Kinesis proxy',
      description:
        'What a REST API in front of Kinesis has to do, clause by clause, and which targets comply.',
      view: {
        tables,
        nouns,
        counts: {
          clauses: clauses.length,
          features: features.length,
          scenarios: content.scenarios,
          defects: content.defects,
        },
        version: kept.version,
      },
    }),
    page('clauses/index.html', 'clauses', {
      title: 'Clauses',
      description: 'Every clause of the contract, by subject.',
      section: 'Clauses',
      neighbours: neighboursOfClauses(clauses),
      view: { nouns, levels: levelsOf(clauses) },
    }),
    ...clauses.map((clause, at) =>
      page(clause.path, 'clause', {
        title: `${clause.id}: ${clause.statement}`,
        description: clause.statement,
        section: 'Clauses',
        neighbours: neighboursOfClauses(clauses, clause.noun),
        found: [
          {
            title: `${clause.id} ${clause.statement}`,
            href: clause.path,
            kind: 'clause',
            text: [clause.noun, clause.remedy, ...clause.scenarios.map(({ name }) => textOf(name))]
              .filter(Boolean)
              .join('. '),
          },
        ],
        view: { ...clause, previous: clauses[at - 1], next: clauses[at + 1], version: kept.version },
      }),
    ),
    page('features/index.html', 'features', {
      title: 'Features',
      description: 'The contract as executable examples.',
      section: 'Features',
      neighbours: ofFeatures,
      view: { folders },
    }),
    ...features.map((feature) =>
      page(feature.path, 'feature', {
        title: feature.name,
        description: feature.description.join(' '),
        section: 'Features',
        neighbours: ofFeatures,
        headings: feature.rules.flatMap(({ name, anchor }) =>
          name === '' ? [] : [{ text: name, href: `${feature.path}#${anchor}`, depth: 2 }],
        ),
        found: foundIn(feature),
        view: { ...feature, statements },
      }),
    ),
    ...apis.map((api) =>
      page(`api/${api.name}.html`, 'api', {
        title: TITLES_OF_APIS[api.name] ?? api.name,
        description: api.description,
        section: 'API',
        neighbours: ofApis,
        headings: api.resources.flatMap(({ methods }) =>
          methods.flatMap(({ action, anchor }) =>
            action ? [{ text: action, href: `api/${api.name}.html#${anchor}`, depth: 2 }] : [],
          ),
        ),
        found: api.resources.flatMap(({ path, methods }) =>
          methods.flatMap(({ action, anchor, verb, call }) =>
            action && call
              ? [
                  {
                    title: `${action}: ${verb} ${path}, ${api.name}`,
                    href: `api/${api.name}.html#${anchor}`,
                    kind: 'API',
                    text: call.origins.map((origin) => origin.join(' ')).join('; '),
                  },
                ]
              : [],
          ),
        ),
        view: api,
      }),
    ),
    page('matrix.html', 'matrix', {
      title: 'Clause by target',
      description: `Targets judged by kinesis-proxy-conformance ${kept.version}.`,
      section: 'Matrix',
      neighbours: ofMatrix,
      view: { tables, version: kept.version },
      found: [
        {
          title: 'Matrix: clause by target',
          href: 'matrix.html',
          kind: 'matrix',
          text: kept.runs.map(({ target }) => target).join(', '),
        },
      ],
    }),
    page('divergences.html', 'divergences', {
      title: 'Known divergences',
      description: 'Where targets depart from AWS, and why.',
      section: 'Matrix',
      neighbours: ofMatrix,
      view: {
        groups: [...Map.groupBy(divergences, ({ target }) => target)].map(([target, rows]) => ({
          target,
          rows,
        })),
      },
      found: divergences.map(({ target, subject, reason }) => ({
        title: `${subject} – ${target}`,
        href: 'divergences.html',
        kind: 'divergence',
        text: reason,
      })),
    }),
    page('docs/index.html', 'guides', {
      title: 'Guides',
      description: 'How to use the suite, task by task, and how it works.',
      section: 'Guides',
      neighbours: neighboursOf('guide', documents),
      view: { guides, project: documents.filter(({ kind }) => kind === 'project') },
    }),
    ...documents.map((document) =>
      page(document.path, 'document', {
        title: document.title,
        description: document.lead,
        section: {
          guide: 'Guides',
          fact: 'Facts',
          decision: 'Decisions',
          result: 'Matrix',
          project: 'Guides',
        }[document.kind],
        neighbours: document.kind === 'result' ? ofMatrix : neighboursOf(document.kind, documents),
        headings: document.headings,
        found: document.found,
        view: document,
      }),
    ),
    page('search.html', 'search', { title: 'Search', description: 'Search the specification.', view: {} }),
  ];
}

type Given = Pick<Page, 'title' | 'description' | 'view'> & Partial<Page>;

function page(path: string, template: string, given: Given): Page {
  return { path, template, section: undefined, neighbours: [], headings: [], found: [], ...given };
}

function levelsOf(clauses: readonly ClauseView[]) {
  return [...Map.groupBy(clauses, ({ level }) => level)].map(([name, own]) => ({ name, count: own.length }));
}

function foundIn({ name, path, description, rules }: FeatureView): Found[] {
  return [
    { title: name, href: path, kind: 'feature', text: description.join(' ') },
    ...rules.flatMap((rule) =>
      rule.scenarios.map((scenario) => ({
        title: textOf(scenario.name),
        href: `${path}#${scenario.anchor}`,
        kind: 'scenario',
        text: [...rule.clauses, ...scenario.clauses, rule.name, scenario.steps.map(stepText).join('; ')]
          .filter(Boolean)
          .join(' '),
      })),
    ),
  ];
}

function stepText({ keyword, parts }: StepView): string {
  return `${keyword} ${textOf(parts)}`;
}
