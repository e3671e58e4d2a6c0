import { badRequest } from '../errors.ts';

export type BasePathMode = 'ignore' | 'prepend' | 'split';
const modes: readonly BasePathMode[] = ['ignore', 'prepend', 'split'];

/** `basepath` of an import; ignore when absent (docs/facts/gateway.md#import). The refusal's text is inferred. */
export function basePathMode(value: string | undefined): BasePathMode {
  const mode = modes.find((candidate) => candidate === (value ?? 'ignore').toLowerCase());
  if (mode === undefined) throw badRequest(`Invalid basepath mode specified: ${value}`);
  return mode;
}

/** The segments of a path; a trailing slash adds none. */
export const segmentsOf = (path: string) => path.split('/').filter((segment) => segment !== '');

/** What an import puts before every path: nothing, the whole base path, or all of it but its first segment. */
export function basePathSegments(basePath: string, mode: BasePathMode): string[] {
  if (mode === 'ignore') return [];
  const segments = segmentsOf(basePath);
  return mode === 'prepend' ? segments : segments.slice(1);
}
