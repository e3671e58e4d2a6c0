import { copyFileSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Eleventy from '@11ty/eleventy';
import { Eta } from 'eta';
import { makeFolder } from '../../infra/files.ts';
import { allTrials } from '../../selftest/trials/trial.ts';
import { loadCatalogue } from '../run/catalogue.ts';
import { loadDivergences } from '../run/divergences.ts';
import { readScenarios, toPosix } from '../run/plan.ts';
import { suiteVersion } from '../run/suite.ts';
import { readApi } from './api.ts';
import { type Known, placesOf, toClauses, toDivergence } from './clauses.ts';
import { readDocuments } from './documents.ts';
import { readFeatures } from './features.ts';
import { readKept } from './kept-results.ts';
import { linkFrom, type Page } from './page.ts';
import { type Content, SECTIONS, toPages } from './pages.ts';
import { searchScript } from './search.ts';

const OWN = import.meta.dirname;
const REPORT_STYLES = path.resolve(OWN, '../report/page/styles');
const require = createRequire(import.meta.url);

/**
 * Reads all that the site shows from a checkout.
 * @throws UsageError for anything that is missing or unreadable.
 */
export function readContent(root: string): Content {
  const catalogue = loadCatalogue(path.join(root, 'features/catalogue.yaml'));
  const ids = new Set(catalogue.clauses.map(({ id }) => id));
  const kept = readKept(root);
  const scenarios = readScenarios(root);
  const scenarioIds = new Set(scenarios.map(({ id }) => id));
  const features = readFeatures(root);
  const defects = allTrials().flatMap(({ kind, name, why, base, mustFail }) =>
    kind === 'variant' || mustFail.length === 0 ? [] : [{ kind, name, why, base, mustFail }],
  );
  const divergences = globSync('infra/targets/*.divergences.yaml', { cwd: root })
    .map(toPosix)
    .sort()
    .flatMap((file) => {
      const kind = path.posix.basename(file, '.divergences.yaml');
      const target = kept.runs.find(({ results }) => results.target.kind === kind)?.target ?? kind;
      return loadDivergences(path.join(root, file), catalogue, scenarioIds).map((entry) => ({
        ...entry,
        target,
      }));
    });
  const known: Known = {
    clauses: catalogue.clauses,
    scenarios,
    features,
    runs: kept.runs,
    defects,
    divergences,
  };
  return {
    clauses: toClauses(known),
    features,
    scenarios: scenarios.length,
    defects: defects.length,
    apis: ['tutorial', 'hardened'].map(readApi),
    kept,
    divergences: divergences.map((entry) => toDivergence(entry, scenarios, placesOf(features))),
    documents: readDocuments(root, `results/${kept.version}`, ids),
  };
}

/**
 * Writes the site. The same content gives the same bytes.
 * @param out a folder that is empty, or holds an earlier site.
 * @returns the paths of the pages, from the site's root.
 * @throws the file system's errors.
 */
export async function writeSite(content: Content, root: string, out: string): Promise<string[]> {
  const pages = toPages(content);
  const assets = path.join(out, 'assets');
  makeFolder(assets);
  writeFileSync(path.join(assets, 'style.css'), styles());
  for (const name of ['search.js', 'search-options.js'])
    copyFileSync(path.join(OWN, 'browser', name), path.join(assets, name));
  const library = readFileSync(
    require.resolve('minisearch').replace(/cjs.index\.cjs$/, 'umd/index.js'),
    'utf8',
  );
  writeFileSync(path.join(assets, 'minisearch.js'), library.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'));
  writeFileSync(path.join(assets, 'search-index.js'), searchScript(pages.flatMap(({ found }) => found)));
  for (const picture of new Set(content.documents.flatMap(({ pictures }) => pictures))) {
    makeFolder(path.dirname(path.join(out, picture)));
    copyFileSync(path.join(root, picture), path.join(out, picture));
  }
  // Without this file GitHub Pages leaves out files that its own generator ignores.
  writeFileSync(path.join(out, '.nojekyll'), '');
  await render(pages, out);
  return pages.map(({ path: own }) => own);
}

function styles(): string {
  const files = [
    path.join(REPORT_STYLES, 'base.css'),
    ...['layout', 'text', 'features', 'pages', 'media'].map((name) =>
      path.join(OWN, 'styles', `${name}.css`),
    ),
  ];
  return files.map((file) => readFileSync(file, 'utf8')).join('');
}

/** Eleventy applies the layout and writes the pages; Eta, as in the report, renders each. */
async function render(pages: readonly Page[], out: string): Promise<void> {
  const eta = new Eta({ views: path.join(OWN, 'pages'), cache: true, autoEscape: true });
  const suite = `kinesis-proxy-conformance ${suiteVersion()}`;
  // Eleventy reads an empty folder, so that no other file becomes a page.
  const input = mkdtempSync(path.join(tmpdir(), 'kpc-site-'));
  try {
    const eleventy = new Eleventy(input, out, {
      quietMode: true,
      configPath: null,
      config: (config) => {
        config.setQuietMode(true);
        config.setUseGitIgnore(false);
        config.addTemplateFormats('eta');
        config.addExtension('eta', {
          compile: () => (data) => {
            const { shown } = data as { shown: Page };
            return eta.render('./layout', {
              ...shown,
              sections: SECTIONS,
              suite,
              to: (target: string) => linkFrom(shown.path, target),
            });
          },
        });
        config.addGlobalData('pages', pages);
        config.addTemplate('pages.eta', '', {
          pagination: { data: 'pages', size: 1, alias: 'shown' },
          permalink: ({ shown }: { shown: Page }) => shown.path,
        });
      },
    });
    eleventy.disableLogger();
    await eleventy.write();
  } finally {
    rmSync(input, { recursive: true });
  }
}
