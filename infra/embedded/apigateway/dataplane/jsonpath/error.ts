/** An invalid path, or one that Jayway's library or this project does not support. */
export class JsonPathError extends Error {}

/** A definite path finds nothing. */
export class PathNotFound extends JsonPathError {}

/** Jayway's InvalidPathException; inside a filter it makes the filter false. */
export class InvalidPath extends JsonPathError {}

/** An index is out of bounds; an earlier index in the path catches this. */
export class OutOfBounds extends JsonPathError {}
