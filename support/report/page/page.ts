import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Eta } from 'eta';
import { visibleAll } from '../../client/untrusted-text.ts';
import type { Results } from '../../run/results.ts';
import { pageView } from './view.ts';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
/** In the order in which they apply. */
const STYLES = ['base', 'verdict', 'clauses', 'lists', 'media']
  .map((name) => readFileSync(new URL(`styles/${name}.css`, import.meta.url), 'utf8'))
  .join('');
/** Every `<%= %>` is escaped, in text and in quoted attributes; a test allows no other kind of output. */
const eta = new Eta({ views: FOLDER, cache: true, autoEscape: true });

/**
 * The HTML report as a self-contained file: no script, no network, and a policy that forbids both.
 * @param results redacted.
 * @param files the names of the run's other files in the same folder, to which the page links.
 */
export function toPage(results: Results, files: readonly string[]): string {
  const hash = createHash('sha256').update(STYLES).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  return eta.render('./report', { ...pageView(visibleAll(results), files), styles: STYLES, policy });
}
