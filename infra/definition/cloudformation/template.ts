import { createHash } from 'node:crypto';
import { partitionOf } from '../../partitions.ts';
import { Resolver, type Scope, textOf } from '../functions.ts';
import { pseudoParameter } from '../pseudo-parameters.ts';
import { isObject, type Json, type JsonObject, type LeftOut, type ReadContext } from '../types.ts';
import { Conditions } from './conditions.ts';
import { includedFile, isIncluded } from './included.ts';
import { withoutLoops } from './loops.ts';
import { Parameters } from './parameters.ts';
import { describe, isDeployed, type Kind, kindOf } from './physical.ts';

/** A resource of a template whose condition is true. */
export interface Resource {
  /** The logical id. */
  readonly id: string;
  readonly type: string;
  /** As written. */
  readonly properties: JsonObject;
  /** As written, including what is beside the properties. */
  readonly declaration: JsonObject;
  /** `Resources.Api.Properties` */
  readonly place: string;
}

/** A template: its resources, and the names that its functions refer to. */
export class Template implements Scope {
  readonly context: ReadContext;
  readonly resolver: Resolver;
  readonly foreign = new Map<string, LeftOut>();
  resources: ReadonlyMap<string, Resource> = new Map();
  readonly document: JsonObject;
  readonly #parameters: Parameters;
  /** Cached values of resource names, so that nested names are resolved only once. */
  readonly #values = new Map<string, Json>();
  #conditions: Conditions;
  /** The `--parameter` keys that are not parameters of the template but were used as values. */
  readonly #used = new Set<string>();

  constructor(document: JsonObject, context: ReadContext) {
    this.context = context;
    this.resolver = new Resolver(this);
    this.#parameters = new Parameters(section(document, 'Parameters'), context.parameters, this.resolver);
    this.#parameters.check();
    // The lists of loops may depend on parameters, mappings and conditions, so set these before expanding the loops.
    this.document = document;
    this.#conditions = new Conditions(section(document, 'Conditions'), this.resolver);
    this.document = withoutLoops(document, this.resolver);
    this.#conditions = new Conditions(section(this.document, 'Conditions'), this.resolver);
    this.resources = this.#resources();
  }

  get file(): string {
    return this.context.file;
  }

  get region(): string {
    return this.context.region;
  }

  ofType(...types: string[]): Resource[] {
    return [...this.resources.values()].filter(({ type }) => types.includes(type));
  }

  /** Resolves a property of a resource; undefined if absent. */
  property(resource: Resource, name: string): Json | undefined {
    return this.resolver.resolve(resource.properties[name], `${resource.place}.${name}`);
  }

  textProperty(resource: Resource, name: string): string | undefined {
    return textOf(this.property(resource, name));
  }

  ref(name: string, place: string): Json | undefined {
    if (name === 'AWS::NoValue') return undefined;
    const pseudo = pseudoParameter(name, this.context);
    if (pseudo !== undefined) return pseudo;
    if (this.#parameters.has(name)) return this.#parameters.value(name, place);
    const resource = this.resources.get(name) ?? this.#generated(name);
    if (typeof resource === 'string') return resource;
    if (resource === undefined) return this.#unknown(name, place);
    const kind = kindOf(resource.type);
    const given = this.#given(name);
    if (given !== undefined) return given;
    if (kind === undefined) return this.#onlyAws(resource, name, place);
    this.#note(resource, place);
    return this.#once(name, () => this.#fill(kind.ref ?? '{name}', resource, kind));
  }

  attribute(id: string, attribute: string, place: string): Json {
    const given = this.#given(`${id}.${attribute}`);
    if (given !== undefined) return given;
    // SAM allows this form for a stage in Ref and Fn::Sub.
    const resource = this.resources.get(id);
    if (resource === undefined) return this.#unknown(id, place);
    if (attribute === 'Stage' && resource.type === 'AWS::Serverless::Api')
      return this.property(resource, 'StageName') ?? '';
    const kind = kindOf(resource.type);
    const pattern = attribute === 'Arn' ? kind?.arn : kind?.attributes?.[attribute];
    if (resource.type === 'AWS::SSM::Parameter' && attribute === 'Value')
      return this.#once(`${id}.Value`, () => this.property(resource, 'Value') ?? '');
    if (kind === undefined || pattern === undefined)
      return this.#onlyAws(resource, `${id}.${attribute}`, place);
    this.#note(resource, place);
    return this.#once(`${id}.${attribute}`, () => this.#fill(pattern, resource, kind));
  }

  condition(name: string, place: string): boolean {
    return this.#conditions.holds(name, place);
  }

  mapping(map: string, top: string, second: string): Json | undefined {
    const found = [map, top, second].reduce<Json | undefined>(
      (node, key) => (isObject(node) && Object.hasOwn(node, key) ? node[key] : undefined),
      section(this.document, 'Mappings'),
    );
    return found;
  }

  external(name: string, what: string, place: string): string {
    const given = this.#given(name);
    if (given !== undefined) return given;
    return this.resolver.fail(place, `${what} is known to AWS only; give it with --parameter ${name}=VALUE`);
  }

  include(location: string, place: string): JsonObject {
    return includedFile(this, location, place);
  }

  /** The name of a resource: the given one, or a generated one. */
  nameOf(resource: Resource): string {
    const kind = kindOf(resource.type) ?? {};
    const given = kind.name === undefined ? undefined : this.textProperty(resource, kind.name);
    return given ?? shorten(`${this.context.stackName}-${resource.id}`, kind.maxName);
  }

  /** Fails for a `--parameter` that is neither declared nor used. */
  checkParameters(): void {
    for (const name of this.context.parameters.keys()) {
      if (this.#parameters.has(name) || this.#used.has(name) || /[.:/]/.test(name)) continue;
      const names = this.#parameters.names();
      const known = names.length > 0 ? `declares ${names.join(', ')}` : 'declares none';
      this.resolver.fail(
        'Parameters',
        `--parameter ${name} is not used: the template ${known}; correct the name`,
      );
    }
  }

  #once(key: string, find: () => Json): Json {
    const value = this.#values.get(key) ?? find();
    this.#values.set(key, value);
    return value;
  }

  #given(key: string): string | undefined {
    const value = this.context.parameters.get(key);
    if (value !== undefined) this.#used.add(key);
    return value;
  }

  #resources(): Map<string, Resource> {
    const resources = new Map<string, Resource>();
    for (const [id, written, place] of this.#declarations()) {
      const declaration = this.#withIncluded(written, place);
      if (!isObject(declaration) || typeof declaration.Type !== 'string')
        return this.resolver.fail(place, 'it has no Type; add it');
      const { Condition: condition } = declaration;
      if (typeof condition === 'string' && !this.condition(condition, `${place}.Condition`)) continue;
      const properties = this.#withIncluded(declaration.Properties, `${place}.Properties`);
      const resource = {
        id,
        type: declaration.Type,
        properties: isObject(properties) ? properties : {},
        declaration,
        place: `${place}.Properties`,
      };
      resources.set(id, resource);
    }
    return resources;
  }

  /** An object as written, with what a file contains that `AWS::Include` names there. */
  #withIncluded(value: Json | undefined, place: string): Json | undefined {
    return isObject(value) && isIncluded(value) ? this.resolver.included(value, place).value : value;
  }

  /** The resources as written, with those of a file that `AWS::Include` names. */
  #declarations(): (readonly [id: string, declaration: Json, place: string])[] {
    const resources = section(this.document, 'Resources');
    if (isIncluded(resources)) return this.resolver.entries(resources, 'Resources') ?? [];
    for (const [id, one] of Object.entries(resources))
      if (id.startsWith('Fn::')) this.resolver.resolve({ [id]: one }, 'Resources');
    return Object.entries(resources).map(([id, one]) => [id, one, `Resources.${id}`] as const);
  }

  /** Names of the resources that SAM generates: `ApiStage`, `ApiDeployment`, `FunctionRole`. */
  #generated(name: string): Resource | string | undefined {
    for (const api of this.ofType('AWS::Serverless::Api'))
      if (name === `${api.id}.Stage` || new RegExp(`^${api.id}\\w*Stage$`).test(name))
        return this.textProperty(api, 'StageName');
    if (name === 'ServerlessRestApi' && this.ofType('AWS::Serverless::Function').length > 0)
      return idOf(name);
    return undefined;
  }

  #unknown(name: string, place: string): never {
    const isSkipped = Object.hasOwn(section(this.document, 'Resources'), name);
    const why = isSkipped ? 'is a resource whose condition is false' : 'is not defined';
    const remedy = isSkipped ? 'choose other parameters' : `add it, or correct the name`;
    return this.resolver.fail(place, `${name} ${why}; ${remedy}`);
  }

  #onlyAws({ type, id }: Resource, name: string, place: string): never {
    const what = describe(type, id);
    return this.resolver.fail(
      place,
      `${name} is known only when AWS has made ${what}; give it with --parameter ${name}=VALUE`,
    );
  }

  #note({ id, type }: Resource, place: string): void {
    if (isDeployed(type) || this.foreign.has(id)) return;
    this.foreign.set(id, { what: describe(type, id), place, why: 'the run does not deploy it' });
  }

  #fill(pattern: string, resource: Resource, kind: Kind): string {
    const { region, accountId, partition } = this.context;
    const fill = (text: string): string =>
      text.replace(/\{(\w+)\}/g, (_, key: string) => {
        switch (key) {
          case 'name':
            return this.nameOf(resource);
          case 'arn':
            return fill(kind.arn ?? '');
          case 'path':
            return this.textProperty(resource, 'Path') ?? '/';
          case 'id':
            return idOf(resource.id);
          case 'root':
            return rootIdOf(resource.id);
          case 'hash':
            return idOf(resource.id);
          case 'region':
            return region;
          case 'account':
            return accountId;
          case 'partition':
            return partition;
          default:
            return partitionOf(region).dnsSuffix;
        }
      });
    return fill(pattern);
  }
}

function section(document: JsonObject, name: string): JsonObject {
  const value = document[name];
  return isObject(value) ? value : {};
}

/** Generates an id of ten characters, like API Gateway's; the same logical id always gives the same id. */
export function idOf(logicalId: string): string {
  return BigInt(`0x${createHash('sha256').update(logicalId).digest('hex')}`)
    .toString(36)
    .slice(0, 10);
}

export function rootIdOf(logicalId: string): string {
  return idOf(`${logicalId}/`);
}

/** Cuts long names, as CloudFormation does, and appends a hash to keep them distinct. */
function shorten(name: string, max: number | undefined): string {
  if (max === undefined || name.length <= max) return name;
  return `${name.slice(0, max - 9)}-${createHash('sha256').update(name).digest('hex').slice(0, 8)}`;
}
