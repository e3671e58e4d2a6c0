import type { Options } from 'minisearch';

declare global {
  /** How texts are split into words, in the generator and in browsers. */
  var searchOptions: Options;
}
