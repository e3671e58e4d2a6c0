import { createHash, type Hash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { MAX_SOURCE_BYTES, readFileBounded } from '../bounds/file.ts';
import { messageOf, UsageError } from '../errors.ts';
import { DefinitionError } from './errors.ts';
import { readDocument } from './text.ts';
import type { JsonObject } from './types.ts';

/** The most files that one template includes. */
const MAX_FILES = 20;
const EXTENSION = /\.(?:ya?ml|json|template)$/i;

/**
 * The files beside a template, which name each other by paths relative to it. A template may come from anybody: it
 * reads no file outside of its folder, none that a link leads out of it, and none that is hidden or has another
 * extension than definitions have, such as `.env` or a key.
 */
export class Beside {
  readonly #folder: string;
  readonly #documents = new Map<string, JsonObject>();
  readonly #hash: Hash;
  #bytes = 0;

  /** @param template the path of the template, and its content. */
  constructor(template: string, content: Buffer) {
    this.#folder = path.dirname(template);
    this.#hash = createHash('sha256').update(content);
  }

  /** The hash of the template, and of what was read beside it in that order; in hexadecimal. */
  get sha256(): string {
    return this.#hash.copy().digest('hex');
  }

  /**
   * Reads the YAML or JSON document at a path.
   * @throws UsageError whose message says what is wrong with the path or the file, and what to do.
   */
  read(location: string): JsonObject {
    const known = this.#documents.get(location);
    if (known !== undefined) return structuredClone(known);
    if (this.#documents.size >= MAX_FILES)
      throw new UsageError(`it is one of more than ${MAX_FILES} files; put some of them into the template`);
    const bytes = this.#content(location);
    this.#bytes += bytes.length;
    if (this.#bytes > MAX_SOURCE_BYTES)
      throw new UsageError('the included files are too large together; leave parts of them out');
    const document = parsed(bytes, location);
    this.#hash.update(bytes);
    this.#documents.set(location, document);
    return structuredClone(document);
  }

  #content(location: string): Buffer {
    // The path as it is written, before anything of the file system is asked.
    if (/^[a-z][\w+.-]*:|[\\\0]/i.test(location) || path.isAbsolute(location))
      throw new UsageError('it is not a path relative to the template; give one, with slashes');
    const base = path.resolve(this.#folder);
    assertInside(path.relative(base, path.resolve(base, location)));
    let bytes: Buffer;
    try {
      const root = realpathSync(base);
      const file = realpathSync(path.join(root, location));
      assertInside(path.relative(root, file));
      bytes = readFileBounded(file, MAX_SOURCE_BYTES);
    } catch (error) {
      if (error instanceof UsageError) throw error;
      const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      const why = isMissing
        ? 'there is no such file beside the template'
        : `it cannot be read: ${messageOf(error)}`;
      throw new UsageError(`${why}; correct the path`);
    }
    return bytes;
  }
}

/** @param relative the path of a file relative to the template's folder. */
function assertInside(relative: string): void {
  const parts = relative.split(path.sep);
  if (relative === '' || path.isAbsolute(relative) || parts[0] === '..')
    throw new UsageError("it leads out of the template's folder; put the file beside the template");
  if (parts.some((part) => part.startsWith('.')) || !EXTENSION.test(relative))
    throw new UsageError(
      'only visible files that end in .yaml, .yml, .json or .template are read; rename it',
    );
}

function parsed(bytes: Buffer, location: string): JsonObject {
  try {
    return readDocument(bytes, location);
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error;
    throw new UsageError(error.reason);
  }
}
