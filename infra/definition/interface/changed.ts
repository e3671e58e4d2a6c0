import { parseDocument } from '../../embedded/apigateway/dataplane/document.ts';
import { jsonText, type Value, type VtlMap } from '../../embedded/apigateway/dataplane/vtl/value.ts';
import { nodesOf, pointerTo, stepsOf } from './sample.ts';
import { OTHER } from './shape.ts';

/**
 * What a template changed in an object of the client before it printed the object as JSON
 * (docs/facts/templates.md#live-document: all looks at a body share one document).
 */
export interface Changes<T> {
  /** The members that it put there, by JSON pointers into the object. */
  readonly put: ReadonlyMap<string, T>;
  /** JSON pointers to the members that it removed. */
  readonly removed: readonly string[];
}

/** A changed object in a text. */
export interface ChangedObject extends Changes<Value> {
  /** The JSON pointer to the object in the client's body. */
  readonly at: string;
  readonly from: number;
  readonly to: number;
}

/** Finds the first object of a sample's body that a text has as JSON, with changes. */
export function changedObjectIn(text: string, body: Value): ChangedObject | undefined {
  if (!text.includes(OTHER)) return undefined;
  for (const { from, to } of objectsIn(text)) {
    const printed = parsed(text.slice(from, to));
    // What a template writes itself is not printed as the gateway does.
    if (!(printed instanceof Map) || jsonText(printed) !== text.slice(from, to)) continue;
    const marker = printed.get(OTHER);
    const source = [...nodesOf(body)].flatMap(([at, object]) =>
      object instanceof Map && object.get(OTHER) === marker ? [{ at, object }] : [],
    )[0];
    if (marker === undefined || source === undefined) continue;
    const { at, object } = source;
    const changes = changesBetween(object, printed);
    if (changes.put.size > 0 || changes.removed.length > 0) return { at, from, to, ...changes };
  }
  return undefined;
}

/** The JSON object that begins at an index of a text; undefined if none does. */
export function objectAt(text: string, from: number): Value {
  const found = objectsIn(text, from).find((object) => object.from === from);
  return found && parsed(text.slice(from, found.to));
}

/** The members that differ, for an object and what was printed of it. */
export function changesBetween(before: VtlMap, after: VtlMap): Changes<Value> {
  const put = new Map<string, Value>();
  const removed: string[] = [];
  for (const name of before.keys()) if (!after.has(name)) removed.push(pointerTo('', String(name)));
  for (const [name, value] of after) {
    const at = pointerTo('', String(name));
    const own = before.get(name);
    if (own !== undefined && jsonText(own) === jsonText(value)) continue;
    // It is the same object if it still has what no template knows of.
    if (own instanceof Map && value instanceof Map && own.get(OTHER) === value.get(OTHER)) {
      const inner = changesBetween(own, value);
      for (const [pointer, member] of inner.put) put.set(at + pointer, member);
      removed.push(...inner.removed.map((pointer) => at + pointer));
    } else put.set(at, value);
  }
  return { put, removed };
}

/** The object with the changes; the client's own stays as it is. */
export function withChanges(object: Value, { put, removed }: Changes<Value>): Value {
  if (!(object instanceof Map)) return object;
  const copy = parseDocument(jsonText(object)) as VtlMap;
  for (const at of removed) {
    const { parent, name } = memberAt(copy, at);
    parent?.delete(name);
  }
  for (const [at, value] of put) {
    const { parent, name } = memberAt(copy, at);
    parent?.set(name, value);
  }
  return copy;
}

function memberAt(object: Value, pointer: string): { parent: VtlMap | undefined; name: string } {
  const steps = [...stepsOf(pointer)];
  const name = steps.pop() ?? '';
  const parent = steps.reduce<Value>((at, step) => (at instanceof Map ? at.get(step) : undefined), object);
  return { parent: parent instanceof Map ? parent : undefined, name };
}

/** The pairs of braces in a text that hold the name of a member that no template knows, outermost first. */
function objectsIn(text: string, start = 0): { readonly from: number; readonly to: number }[] {
  const found: { from: number; to: number }[] = [];
  const open: number[] = [];
  let isString = false;
  for (let index = start; index < text.length; index += 1) {
    const character = text[index];
    if (isString) {
      if (character === '\\') index += 1;
      else if (character === '"') isString = false;
    } else if (character === '"') isString = open.length > 0;
    else if (character === '{') open.push(index);
    else if (character === '}') {
      const from = open.pop();
      if (from !== undefined) found.push({ from, to: index + 1 });
    }
  }
  const others = [...text.matchAll(new RegExp(`"${OTHER}"`, 'g'))].map(({ index }) => index);
  return found
    .filter(({ from, to }) => others.some((at) => from < at && at < to))
    .sort((one, other) => one.from - other.from)
    .slice(0, MAX_OBJECTS);
}

/** Each is parsed, so that a template of many braces must not take long. */
const MAX_OBJECTS = 50;

function parsed(text: string): Value {
  try {
    return parseDocument(text);
  } catch {
    return undefined;
  }
}
