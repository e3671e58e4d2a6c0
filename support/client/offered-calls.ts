import type { Call, Interface } from '../../infra/definition/interface/types.ts';
import type { ProxyRequest } from './requests.ts';

/** The calls that a request may be one of: of several paths that match, API Gateway takes the most literal one. */
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

/** An API has few paths, and each call of a run is held to all of them. */
const patterns = new Map<string, RegExp>();

function patternOf(path: string): RegExp {
  const known = patterns.get(path);
  if (known) return known;
  const pattern = newPattern(path);
  patterns.set(path, pattern);
  return pattern;
}

/** A parameter is a step of its own; one with a plus takes all that follows. */
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
