import MiniSearch from 'minisearch';
import './browser/search-options.js';
import type { Found } from './page.ts';

/**
 * The index of all pages, as a script that assigns it, since a page opened from a file cannot load other data.
 * @returns JavaScript; the same entries give the same text.
 */
export function searchScript(found: readonly Found[]): string {
  const index = new MiniSearch<Found & { id: number }>(globalThis.searchOptions);
  index.addAll(found.map((one, id) => ({ id, ...one })));
  // As a string, which is parsed faster than an object literal, and in which `</script>` is harmless.
  const json = JSON.stringify(JSON.stringify(index)).replaceAll('<', '\\u003c');
  return `globalThis.searchIndex = ${json};\n`;
}
