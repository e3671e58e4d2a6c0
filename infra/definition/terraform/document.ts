import { UsageError } from '../../errors.ts';
import { isObject, type Json, type JsonObject, type ReadContext } from '../types.ts';

/** One instance of a module; `count` and `for_each` create several. The root module has the address ''. */
export interface Scope {
  readonly address: string;
  /** The module's configuration; undefined in a state, which has none. */
  readonly config: JsonObject | undefined;
  readonly parent: { readonly scope: Scope; readonly call: JsonObject } | undefined;
  /** The key from the module's own `count` or `for_each`. */
  readonly index: string | number | undefined;
  /** By `TYPE.NAME`; data sources by `data.TYPE.NAME`. */
  readonly instances: Map<string, Instance[]>;
  /** By the name of the module call. */
  readonly children: Map<string, Scope[]>;
}

/** One resource or data source, as planned or as in the state. */
export interface Instance {
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly mode: 'managed' | 'data';
  readonly index: string | number | undefined;
  readonly values: JsonObject;
  /** `true` in place of each value that is known only after apply. */
  readonly unknown: JsonObject;
  /** `true` in place of each sensitive value. */
  readonly sensitive: JsonObject;
  /** The resource block; undefined in a state. */
  readonly config: JsonObject | undefined;
  readonly scope: Scope;
}

/** A plan or a state, with its resources by type. */
export interface TerraformFile {
  readonly kind: 'plan' | 'state';
  readonly root: Scope;
  /** In file order; data sources are under `data.TYPE` only. */
  readonly byType: ReadonlyMap<string, readonly Instance[]>;
  /** The region of the default AWS provider, if the file has it. */
  readonly providerRegion: string | undefined;
  /** The root's variables, each an object with its value. */
  readonly variables: JsonObject;
}

const SHOW = 'terraform show -json';

/** Whether Terraform or OpenTofu wrote the document. Includes raw state files, so that openFile can refuse them. */
export function isTerraform(document: JsonObject): boolean {
  const isShown = typeof document.format_version === 'string' && !('openapi' in document);
  return isShown || ('lineage' in document && 'serial' in document);
}

/** @throws UsageError for another version of the format, a raw state or a failed plan. */
export function openFile(document: JsonObject, { file }: ReadContext): TerraformFile {
  if ('lineage' in document && 'serial' in document)
    throw new UsageError(
      `${file}: it is Terraform's own state file; write ${SHOW} into a file and give that`,
    );
  const version = String(document.format_version ?? '');
  if (!/^1(\.\d+)?$/.test(version))
    throw new UsageError(
      `${file}: format_version ${printable(version)} is not supported, only 1.x is; use a Terraform whose ${SHOW} writes 1.x`,
    );
  if (document.errored === true)
    throw new UsageError(
      `${file}: the plan failed with an error, so it is incomplete; plan again without errors`,
    );
  const planned = objectAt(document, 'planned_values');
  const kind = planned ? 'plan' : 'state';
  const values = planned ?? objectAt(document, 'values') ?? {};
  const configuration = objectAt(document, 'configuration');
  const unknown = new Map<string, JsonObject>();
  // Skip deposed objects, which a replacement has yet to delete.
  for (const change of objectsAt(document, 'resource_changes'))
    if (change.deposed === undefined)
      unknown.set(String(change.address), objectAt(objectAt(change, 'change'), 'after_unknown') ?? {});

  const root = newScope('', objectAt(configuration, 'root_module'), undefined, undefined);
  const byType = new Map<string, Instance[]>();
  const add = (instance: Instance) => {
    const prefix = instance.mode === 'data' ? 'data.' : '';
    push(instance.scope.instances, `${prefix}${instance.type}.${instance.name}`, instance);
    push(byType, `${prefix}${instance.type}`, instance);
  };
  const seen = new Set<string>();
  const take = (module: JsonObject, scope: Scope, wanted: (resource: JsonObject) => boolean) => {
    const blocks = resourceBlocks(scope);
    for (const resource of objectsAt(module, 'resources')) {
      const address = String(resource.address);
      if (!wanted(resource) || seen.has(address) || resource.deposed_key !== undefined) continue;
      seen.add(address);
      add(readInstance(resource, address, scope, blocks, unknown.get(address) ?? {}));
    }
    for (const child of objectsAt(module, 'child_modules')) take(child, childScope(scope, child), wanted);
  };
  take(objectAt(values, 'root_module') ?? {}, root, () => true);
  // Data sources that were read during planning are in the prior state.
  const prior = objectAt(objectAt(objectAt(document, 'prior_state'), 'values'), 'root_module');
  if (prior) take(prior, root, (resource) => resource.mode === 'data');
  return {
    kind,
    root,
    byType,
    providerRegion: providerRegion(configuration, document),
    variables: objectAt(document, 'variables') ?? {},
  };
}

function newScope(
  address: string,
  config: JsonObject | undefined,
  parent: Scope['parent'],
  index: Scope['index'],
): Scope {
  return { address, config, parent, index, instances: new Map(), children: new Map() };
}

/** The scope of a child module, such as `module.tenant["red"]`; created once, although a file may list it twice. */
function childScope(parent: Scope, module: JsonObject): Scope {
  const address = String(module.address);
  const own = parent.address === '' ? address : address.slice(parent.address.length + 1);
  const parts = /^module\.([\w-]+)(?:\[(.+)\])?$/s.exec(own);
  const name = parts?.[1] ?? own;
  const known = parent.children.get(name)?.find((scope) => scope.address === address);
  if (known) return known;
  const call = objectAt(objectAt(parent.config, 'module_calls'), name) ?? {};
  const scope = newScope(address, objectAt(call, 'module'), { scope: parent, call }, indexOf(parts?.[2]));
  push(parent.children, name, scope);
  return scope;
}

/** Parses the index between the brackets of an address, such as `0` or `"red"`. */
export function indexOf(text: string | undefined): string | number | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'number' ? value : String(value);
  } catch {
    return text;
  }
}

function resourceBlocks(scope: Scope): Map<string, JsonObject> {
  return new Map(objectsAt(scope.config, 'resources').map((block) => [String(block.address), block]));
}

function readInstance(
  resource: JsonObject,
  address: string,
  scope: Scope,
  blocks: ReadonlyMap<string, JsonObject>,
  unknown: JsonObject,
): Instance {
  const type = String(resource.type);
  const name = String(resource.name);
  const mode = resource.mode === 'data' ? 'data' : 'managed';
  const { index } = resource;
  return {
    address,
    type,
    name,
    mode,
    index: typeof index === 'number' || typeof index === 'string' ? index : undefined,
    values: objectAt(resource, 'values') ?? {},
    unknown,
    sensitive: objectAt(resource, 'sensitive_values') ?? {},
    config: blocks.get(`${mode === 'data' ? 'data.' : ''}${type}.${name}`),
    scope,
  };
}

function providerRegion(configuration: JsonObject | undefined, document: JsonObject): string | undefined {
  const provider = objectAt(objectAt(configuration, 'provider_config'), 'aws');
  const region = objectAt(objectAt(provider, 'expressions'), 'region');
  if (typeof region?.constant_value === 'string') return region.constant_value;
  const [reference] = Array.isArray(region?.references) ? region.references : [];
  const variable = /^var\.(\w+)$/.exec(String(reference))?.[1];
  const value = objectAt(objectAt(document, 'variables'), variable ?? '')?.value;
  return typeof value === 'string' ? value : undefined;
}

/** Shortens untrusted text and puts it on one line. */
const printable = (text: string) => JSON.stringify(text.slice(0, 20));

export function objectAt(node: JsonObject | undefined, key: string): JsonObject | undefined {
  const value = node && Object.hasOwn(node, key) ? node[key] : undefined;
  return isObject(value) ? value : undefined;
}

export function objectsAt(node: JsonObject | undefined, key: string): JsonObject[] {
  const value = node && Object.hasOwn(node, key) ? node[key] : undefined;
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function listAt(node: JsonObject | undefined, key: string): Json[] {
  const value = node?.[key];
  return Array.isArray(value) ? value : [];
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
