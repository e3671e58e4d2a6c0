import type { Schema } from '../../changes/definition.ts';
import { type CallShape, type DataShape, isClients } from './proxy.ts';

/** The members of the body that the template reads, all required except the optional ones. */
export function modelOf({ members, record, list, extra, demandsNothing, takesObjects }: CallShape): Schema {
  if (demandsNothing) return {};
  const root: Tree = { members: new Map() };
  for (const value of Object.values(members))
    if (isClients(value) && value.from === 'body')
      grow(root, value.at, value.isNumber ? 'integer' : 'string', value.otherwise === undefined);
  if (extra !== undefined) grow(root, [extra], 'integer', true);
  if (record && list === undefined) growRecord(root, record, 'body', takesObjects);
  if (record && list) {
    const element: Tree = { members: new Map() };
    growRecord(element, record, 'element', takesObjects);
    const items = { type: 'array', minItems: 1, items: schemaOf(element) };
    if (list.length === 0) return items;
    grow(root, list, items, true);
  }
  return schemaOf(root);
}

interface Tree {
  members: Map<string, Tree>;
  leaf?: string | Schema;
  required?: boolean;
}

function growRecord(
  root: Tree,
  { data, key }: NonNullable<CallShape['record']>,
  place: string,
  takesObjects = false,
): void {
  const leaf = takesObjects ? {} : leafOf(data);
  if (data.from === 'value') {
    if (data.at.length === 0) {
      if (data.as !== 'json') root.leaf = leaf;
    } else grow(root, data.at, leaf, true);
  }
  if (isClients(key) && key.from === place) grow(root, key.at, 'string', key.otherwise === undefined);
}

function leafOf({ as, isUnchecked }: DataShape): string | Schema {
  if (as === 'json') return {};
  return as === 'text' || isUnchecked ? 'string' : { type: 'string', pattern: '^[A-Za-z0-9+/]*={0,2}$' };
}

function grow(root: Tree, at: readonly string[], leaf: string | Schema, required: boolean): void {
  let tree = root;
  for (const step of at) {
    const next: Tree = tree.members.get(step) ?? { members: new Map() };
    tree.members.set(step, next);
    next.required = next.required === true || required;
    tree = next;
  }
  tree.leaf = leaf;
}

function schemaOf({ members, leaf }: Tree): Schema {
  if (leaf !== undefined && members.size === 0) return typeof leaf === 'string' ? { type: leaf } : leaf;
  const required = [...members].filter(([, { required }]) => required).map(([name]) => name);
  return {
    type: 'object',
    ...(required.length > 0 && { required }),
    properties: Object.fromEntries([...members].map(([name, tree]) => [name, schemaOf(tree)])),
  };
}
