import { badRequest } from '../errors.ts';

export type BasePathMode = 'ignore' | 'prepend' | 'split';
const modes: readonly BasePathMode[] = ['ignore', 'prepend', 'split'];

/**
 * An import's `basepath` mode; `ignore` by default (docs/facts/gateway.md#import). The error's message is inferred.
 */
export function basePathMode(value: string | undefined): BasePathMode {
  const mode = modes.find((candidate) => candidate === (value ?? 'ignore').toLowerCase());
  if (mode === undefined) throw badRequest(`Invalid basepath mode specified: ${value}`);
  return mode;
}

/** The segments of a path; a trailing slash is ignored. */
export const segmentsOf = (path: string) => path.split('/').filter((segment) => segment !== '');

/** The prefix of every imported path: nothing, the base path, or the base path without its first segment. */
export function basePathSegments(basePath: string, mode: BasePathMode): string[] {
  if (mode === 'ignore') return [];
  const segments = segmentsOf(basePath);
  return mode === 'prepend' ? segments : segments.slice(1);
}
