import type { Assumption, Json, JsonObject, LeftOut, ReadContext } from '../types.ts';
import { isObject } from '../types.ts';
import type { Instance, TerraformFile } from './document.ts';
import { isUnknown, type Path, valueAt } from './expressions.ts';
import type { Names } from './names.ts';
import { failure, type References } from './references.ts';

/** The state of reading one file: its inputs, and what it reports in addition to the API. */
export interface Reading {
  readonly file: TerraformFile;
  readonly context: ReadContext;
  readonly references: References;
  readonly names: Names;
  readonly leftOut: LeftOut[];
  /** Role to the services that what is left out calls under it. */
  readonly otherServices: Map<Instance, Set<string>>;
  readonly assumed: Assumption[];
  readonly secrets: Set<string>;
}

/** A string attribute; numbers and Booleans are converted as by Terraform. Undefined if not set. */
export function text(reading: Reading, instance: Instance, ...path: Path): string | undefined {
  const value = known(reading, instance, path);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

/** @throws UsageError if the attribute is not set. */
export function requiredText(reading: Reading, instance: Instance, ...path: Path): string {
  const value = text(reading, instance, ...path);
  if (value !== undefined && value !== '') return value;
  throw failure(reading.context.file, instance, path, 'it is not set', 'set it');
}

/** A string attribute that AWS may fill in: undefined if not set or known only after apply. */
export function optionalText(reading: Reading, instance: Instance, ...path: Path): string | undefined {
  return isUnknown(instance, path) ? undefined : text(reading, instance, ...path);
}

export function number(reading: Reading, instance: Instance, ...path: Path): number | undefined {
  const value = isUnknown(instance, path) ? undefined : known(reading, instance, path);
  const asNumber = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof asNumber === 'number' && Number.isFinite(asNumber) ? asNumber : undefined;
}

/** A map of strings; undefined if empty. */
export function texts(
  reading: Reading,
  instance: Instance,
  ...path: Path
): Record<string, string> | undefined {
  const value = known(reading, instance, path);
  if (!isObject(value)) return undefined;
  const entries = Object.keys(value).flatMap((key) => {
    const each = text(reading, instance, ...path, key);
    return each === undefined ? [] : [[key, each] as const];
  });
  // Keys whose values are known only after apply are missing from the values.
  const unknown = valueAt(instance.unknown, path);
  for (const key of isObject(unknown) ? Object.keys(unknown) : []) known(reading, instance, [...path, key]);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

/** The indexes of a list of blocks. */
export function blocks(instance: Instance, ...path: Path): number[] {
  const value = valueAt(instance.values, path);
  return Array.isArray(value) ? [...value.keys()] : [];
}

export function isSensitive(instance: Instance, path: readonly (string | number)[]): boolean {
  return path.some((_, at) => valueAt(instance.sensitive, path.slice(0, at + 1)) === true);
}

function known(reading: Reading, instance: Instance, path: Path): Json | undefined {
  if (isUnknown(instance, path)) {
    throw failure(reading.context.file, instance, path, unknownCause(reading, instance, path));
  }
  return valueAt(instance.values, path);
}

export function unknownCause({ references }: Reading, instance: Instance, path: Path): string {
  const names = references.namesAt(instance, path).slice(0, 3);
  const since = names.length > 0 ? `, since it depends on ${names.join(', ')}` : '';
  return `it is known only after apply${since}`;
}

/** The strings that the file marks as sensitive in the resources that are read here. */
export function secretsOf(file: TerraformFile): Set<string> {
  const secrets = new Set<string>();
  for (const [type, instances] of file.byType)
    if (/^(data\.)?aws_(api_gateway|kinesis|iam)_/.test(type))
      for (const { values, sensitive } of instances) collectMarked(values, sensitive, secrets);
  return secrets;
}

function collectMarked(value: Json | undefined, marks: Json | undefined, secrets: Set<string>): void {
  if (marks === true) collect(value, secrets);
  else if (Array.isArray(marks) && Array.isArray(value))
    for (const [at, mark] of marks.entries()) collectMarked(value[at], mark, secrets);
  else if (isObject(marks) && isObject(value))
    for (const [key, mark] of Object.entries(marks)) collectMarked(value[key], mark, secrets);
}

function collect(value: Json | undefined, secrets: Set<string>): void {
  if (typeof value === 'string' && value !== '') secrets.add(value);
  else if (Array.isArray(value)) for (const each of value) collect(each, secrets);
  else if (isObject(value)) for (const each of Object.values(value)) collect(each, secrets);
}

/** @throws UsageError that never shows the text. */
export function parseJson(reading: Reading, instance: Instance, path: Path, source: string): JsonObject {
  try {
    const value: unknown = JSON.parse(source);
    if (isObject(value as Json)) return value as JsonObject;
  } catch {
    // Fall through: invalid JSON gets the same message as JSON that is not an object.
  }
  throw failure(reading.context.file, instance, path, 'it is not a JSON object', 'correct it');
}
