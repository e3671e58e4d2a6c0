/** A path that is not JSONPath, or one that Jayway's library, or this project, does not evaluate. */
export class JsonPathError extends Error {}

/** A definite path leads nowhere. */
export class PathNotFound extends JsonPathError {}

/** What Jayway's library calls an invalid path; inside of a filter it makes the filter false. */
export class InvalidPath extends JsonPathError {}

/** An index beyond a list, which an index before it in the path catches. */
export class OutOfBounds extends JsonPathError {}
