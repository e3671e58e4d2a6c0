import type { Options } from 'minisearch';

declare global {
  /** How texts are taken apart, in the generator and in browsers. */
  var searchOptions: Options;
}
