import { JsonPathError, PathNotFound } from './jsonpath/error.ts';
import { evaluatePath } from './jsonpath/evaluate.ts';
import { compilePath, isDefinite } from './jsonpath/path.ts';
import { type Value, VtlList } from './vtl/value.ts';

export { JsonPathError };

/**
 * Reads a path as Jayway's library does, which AWS's results match (docs/facts/templates.md#velocity): a definite path
 * gives the value, or undefined where nothing is there; an indefinite one (`*`, `..`, slices, unions, filters) gives a
 * list, maybe empty. Filters and the functions without arguments, such as `.length()`, are the library's; `npm run
 * oracle` holds all of it to the library. A leading `$` may be left out, and names may hold hyphens.
 *
 * @throws JsonPathError
 */
export function readJsonPath(document: Value, path: string): Value {
  if (path === '') throw new JsonPathError('a JSONPath is empty');
  const compiled = compilePath(path);
  try {
    return evaluatePath(compiled, document, document);
  } catch (error) {
    if (!(error instanceof PathNotFound)) throw error;
    return isDefinite(compiled) ? undefined : new VtlList([], 'json');
  }
}
