import { badRequest, checkAll, notFound, notInEnum, type Violation } from './errors.ts';
import { type Body, isObject, text } from './wire.ts';

const operations = ['add', 'remove', 'move', 'test', 'replace', 'copy'] as const;
type Op = (typeof operations)[number];

/** One operation of a PATCH; `path` is null if the caller omitted it, which is how the service prints it. */
export interface PatchOperation {
  readonly op: Op;
  readonly path: string | null;
  readonly value: string | undefined;
}

/**
 * Reads `patchOperations`; `input` is the shape's name in AWS's validation errors, such as `updateStageInput`. Unknown
 * operations are refused before unknown ids, together with all other violations (recorded on AWS).
 */
export function readPatch(body: Body, input: string, others: readonly Violation[] = []): PatchOperation[] {
  const listed = Array.isArray(body.patchOperations) ? body.patchOperations.filter(isObject) : [];
  const unknown = listed.flatMap((operation, index) => {
    const op = text(operation, 'op') ?? 'null';
    const known = operations.some((candidate) => candidate === op);
    return known ? [] : [notInEnum(op, `${input}.patchOperations.${index + 1}.member.op`, operations)];
  });
  checkAll([...unknown, ...others]);
  return listed.map((operation) => ({
    op: operations.find((op) => op === operation.op) ?? 'test',
    path: text(operation, 'path') ?? null,
    value: text(operation, 'value'),
  }));
}

/** The parts of a patch path, with RFC 6901's `~1` decoded to `/` and `~0` to `~`. */
export const pathParts = (path: string): string[] =>
  path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

/** The operations on one path: `/name` for a plain field, `/name/{key}` for a keyed one. */
export interface Field {
  readonly keyed: boolean;
  readonly ops: readonly Op[];
  apply(operation: PatchOperation, key: string): void;
}

/** A field that can only be replaced; a missing value becomes the empty string. */
export const scalar = (set: (value: string) => void): Field => ({
  keyed: false,
  ops: ['replace'],
  apply: ({ value }) => set(value ?? ''),
});

/** A field that can also be removed, which passes undefined. */
export const optional = (set: (value: string | undefined) => void): Field => ({
  keyed: false,
  ops: ['add', 'remove', 'replace'],
  apply: ({ op, value }) => set(op === 'remove' ? undefined : (value ?? '')),
});

/**
 * A map whose entries are patched one by one. Replacing or removing a missing entry is refused with `missing`; a map
 * that becomes empty is removed (recorded on AWS for UpdateMethod and UpdateMethodResponse).
 */
export function entries<K extends string, V>(
  owner: { [key in K]?: Record<string, NoInfer<V>> },
  name: K,
  missing: string,
  parse: (value: string | undefined, key: string) => V,
): Field {
  return {
    keyed: true,
    ops: ['add', 'remove', 'replace'],
    apply({ op, value }, key) {
      const current: Record<string, V> = { ...owner[name] };
      if (op !== 'add' && !(key in current)) throw notFound(missing);
      if (op === 'remove') delete current[key];
      else current[key] = parse(value, key);
      if (Object.keys(current).length > 0) owner[name] = current;
      else delete owner[name];
    },
  };
}

/** A list whose items are patched as if they were keys: `/binaryMediaTypes/image~1png` (recorded on AWS). */
export const items = (get: () => string[], set: (list: string[]) => void): Field => ({
  keyed: true,
  ops: ['add', 'remove', 'replace'],
  apply({ op, value }, key) {
    const rest = get().filter((item) => item !== key);
    set(op === 'remove' ? rest : [...rest, op === 'replace' ? (value ?? key) : key]);
  },
});

/** Applies a patch as RestApi, Method, Integration and GatewayResponse do; their messages are recorded. */
export function applyPatch(patch: readonly PatchOperation[], fields: Readonly<Record<string, Field>>): void {
  for (const operation of patch) {
    const [name = '', key, ...rest] = pathParts(operation.path ?? '');
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const shaped = field?.keyed ? key !== undefined && key !== '' : key === undefined;
    if (field === undefined || !shaped || rest.length > 0) {
      throw badRequest(`Invalid patch path ${operation.path}`);
    }
    if (!field.ops.includes(operation.op)) {
      throw badRequest(`Invalid patch operation specified. Must be one of: [${field.ops.join(', ')}]`);
    }
    field.apply(operation, key ?? '');
  }
}

/** Applies a patch as Resource, Model and RequestValidator do: they only allow replace, and have other messages. */
export function replaceFields(
  patch: readonly PatchOperation[],
  fields: Readonly<Record<string, (value: string) => void>>,
): void {
  for (const { op, path, value } of patch) {
    if (op !== 'replace') {
      throw badRequest(
        `Invalid patch path  '${path}' specified for op '${op}'. Please choose supported operations`,
      );
    }
    const set = path !== null && Object.hasOwn(fields, path) ? fields[path] : undefined;
    if (set === undefined) {
      const known = Object.keys(fields).join(', ');
      throw badRequest(
        `Invalid patch path  '${path}' specified for op 'replace'. Must be one of: [${known}]`,
      );
    }
    set(value ?? '');
  }
}
