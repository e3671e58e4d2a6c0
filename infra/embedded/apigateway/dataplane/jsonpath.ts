import { JsonPathError, PathNotFound } from './jsonpath/error.ts';
import { evaluatePath } from './jsonpath/evaluate.ts';
import { compilePath, isDefinite } from './jsonpath/path.ts';
import { type Value, VtlList } from './vtl/value.ts';

export { JsonPathError };

/**
 * Evaluates a path as Jayway's library does, which matches AWS's results (docs/facts/templates.md#velocity): a
 * definite path returns the value, or undefined if there is none; an indefinite path (`*`, `..`, slices, unions,
 * filters) returns a list, which may be empty. Filters and functions without arguments, such as `.length()`, are
 * supported; `npm run oracle` compares all of it with the library. A leading `$` is optional, and names may contain
 * hyphens.
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
