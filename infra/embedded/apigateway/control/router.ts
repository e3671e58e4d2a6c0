/** Matches a method and a path against patterns such as `GET /restapis/{restApiId}`. */

interface Route<T> {
  readonly method: string;
  readonly segments: readonly string[];
  readonly target: T;
}

export interface Match<T> {
  readonly target: T;
  /** Path parameters, percent-decoded. */
  readonly params: Readonly<Record<string, string>>;
}

/** Thrown for a path whose percent-encoding is broken. */
export class MalformedPath extends Error {}

const segmentsOf = (path: string) => path.split('/').filter((segment) => segment !== '');

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new MalformedPath(segment);
  }
}

/** `match` takes the raw path; undefined if no pattern matches. */
export function createRouter<T>(table: Readonly<Record<string, T>>) {
  const routes: Route<T>[] = Object.entries(table).map(([pattern, target]) => {
    const [method = '', path = ''] = pattern.split(' ');
    return { method, segments: segmentsOf(path), target };
  });
  return {
    match(method: string, path: string): Match<T> | undefined {
      const segments = segmentsOf(path);
      const fits = (route: Route<T>) =>
        route.method === method &&
        route.segments.length === segments.length &&
        route.segments.every((part, index) => part.startsWith('{') || part === segments[index]);
      const route = routes.find(fits);
      if (route === undefined) return undefined;
      const params = route.segments.flatMap((part, index) =>
        part.startsWith('{') ? [[part.slice(1, -1), decoded(segments[index] ?? '')]] : [],
      );
      return { target: route.target, params: Object.fromEntries(params) };
    },
  };
}
