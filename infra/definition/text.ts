import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import { readYaml, YamlError } from '../yaml.ts';
import { DefinitionError } from './errors.ts';
import { SHORT_TAGS } from './short-tags.ts';
import { isObject, type Json, type JsonObject } from './types.ts';

/** The maximum nesting depth. Functions walk documents recursively, and no real API comes near it. */
const MAX_DEPTH = 300;

/** Decodes the bytes as UTF-8, or as their byte order mark says. */
function decode(bytes: Buffer, file: string): string {
  const isLittle = bytes[0] === 0xff && bytes[1] === 0xfe;
  const isBig = bytes[0] === 0xfe && bytes[1] === 0xff;
  const encoding = isLittle ? 'utf-16le' : isBig ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new DefinitionError(file, '', `it is not ${encoding.toUpperCase()} text; save it as UTF-8`);
  }
}

/**
 * Parses one document: JSON, with or without comments and trailing commas, or YAML, with or without CloudFormation's
 * short tags.
 * @throws UsageError if it is neither, or is not an object.
 */
export function readDocument(bytes: Buffer, file: string): JsonObject {
  const text = decode(bytes, file);
  const value = /^\s*[{/]/.test(text) ? readJson(text, file) : readYamlText(text, file);
  if (!isObject(value))
    throw new DefinitionError(
      file,
      '',
      text.trim() === ''
        ? 'it is empty; give an API definition'
        : 'it does not contain an object; give an API definition',
    );
  checkDepth(value, file);
  return value;
}

/** Parses text that begins with a brace, which may be a YAML flow mapping rather than JSON. */
function readJson(text: string, file: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    const errors: ParseError[] = [];
    const value = parse(text, errors, { allowTrailingComma: true }) as Json;
    const [first] = errors;
    if (first === undefined) return value;
    try {
      return readYaml(text, SHORT_TAGS) as Json;
    } catch (error) {
      if (!(error instanceof YamlError)) throw error;
      const line = text.slice(0, first.offset).split('\n').length;
      throw unreadable(file, line, printParseErrorCode(first.error));
    }
  }
}

function readYamlText(text: string, file: string): Json {
  try {
    return readYaml(text, SHORT_TAGS) as Json;
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw unreadable(file, error.line, error.message);
  }
}

function unreadable(file: string, line: number | undefined, why: string): DefinitionError {
  const where = line === undefined ? '' : ` (line ${line})`;
  return new DefinitionError(
    file,
    '',
    `it is neither YAML nor JSON${where}: ${why}; check the file with a linter`,
  );
}

function checkDepth(document: JsonObject, file: string): void {
  let level: Json[] = [document];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH)
      throw new DefinitionError(file, '', `it is nested more than ${MAX_DEPTH} levels deep; flatten it`);
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
  }
}
