import type { Call, Interface } from '../../infra/definition/interface/types.ts';
import type { ProxyRequest } from './requests.ts';

/** The calls that match a request: of several matching paths, API Gateway chooses the most literal one. */
export function callsOf(
  { calls }: Interface,
  { method, path }: Pick<ProxyRequest, 'method' | 'path'>,
): readonly Call[] {
  const matching = calls
    .filter((call) => (call.method === method || call.anyMethod === true) && patternOf(call.path).test(path))
    .map((call) => ({ call, literal: literalLength(call.path) }));
  const longest = Math.max(...matching.map(({ literal }) => literal));
  return matching.filter(({ literal }) => literal === longest).map(({ call }) => call);
}

/** A cache: an API has few paths, and every call of a run is compared with all of them. */
const patterns = new Map<string, RegExp>();

function patternOf(path: string): RegExp {
  const known = patterns.get(path);
  if (known) return known;
  const pattern = newPattern(path);
  patterns.set(path, pattern);
  return pattern;
}

/** A parameter matches one segment; one with a plus matches all that follow. */
function newPattern(path: string): RegExp {
  const source = path
    .split(/(\{[^}]+\})/)
    .map((part) =>
      /^\{.*\+\}$/.test(part)
        ? '.+'
        : /^\{.*\}$/.test(part)
          ? '[^/]+'
          : part.replaceAll(/[.*+?^$|()[\]\\{}]/g, '\\$&'),
    )
    .join('');
  return new RegExp(`^${source}/?$`);
}

function literalLength(path: string): number {
  return path.replaceAll(/\{[^}]+\}/g, '').length;
}
