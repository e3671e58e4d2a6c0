import { UsageError } from '../../errors.ts';
import { SeveralApis } from '../errors.ts';
import type { Instance } from './document.ts';
import { valueAt } from './expressions.ts';
import { type Reading, requiredText } from './reading.ts';
import { failure, type Wanted } from './references.ts';

const API: Wanted = { aws_api_gateway_rest_api: ['id'] };
const RESOURCE: Wanted = {
  aws_api_gateway_rest_api: ['root_resource_id'],
  aws_api_gateway_resource: ['id'],
  'data.aws_api_gateway_resource': ['id'],
};

/** The only API of the file, or the one that `--api` selects by address, resource name or API name. */
export function chooseApi({ file, context }: Pick<Reading, 'file' | 'context'>): Instance {
  const apis = file.byType.get('aws_api_gateway_rest_api') ?? [];
  const addresses = apis.map(({ address }) => address).join(', ');
  if (apis.length === 0)
    throw new UsageError(
      `${context.file}: the ${file.kind} has no aws_api_gateway_rest_api, so there is nothing to judge; give the ${file.kind} of the configuration that declares the API`,
    );
  const matches =
    context.api === undefined
      ? apis
      : apis.filter(({ address, name, values }) => [address, name, values.name].includes(context.api));
  const [match] = matches;
  if (match && matches.length === 1) return match;
  if (context.api === undefined)
    throw new SeveralApis(
      `${context.file}: the ${file.kind} has ${apis.length} APIs: ${addresses}; choose one with --api NAME`,
      apis.map(({ address }) => address),
    );
  if (match)
    throw new UsageError(
      `${context.file}: --api ${context.api} matches ${matches.length} APIs: ${matches.map(({ address }) => address).join(', ')}; give one of these addresses`,
    );
  throw new UsageError(`${context.file}: --api ${context.api} matches no API; the file has: ${addresses}`);
}

/** The resources that belong to one API, with their paths. */
export class ApiResources {
  readonly #reading: Reading;
  readonly #api: Instance;
  readonly #paths = new Map<Instance, string>();

  constructor(reading: Reading, api: Instance) {
    this.#reading = reading;
    this.#api = api;
  }

  /** The resources of a type that refer to the API. */
  all(type: string): Instance[] {
    const { file } = this.#reading;
    return (file.byType.get(type) ?? []).filter((instance) => this.#belongs(instance));
  }

  #belongs(instance: Instance): boolean {
    const { references, file, context, assumed } = this.#reading;
    const link = references.link(instance, ['rest_api_id'], API);
    if (link.kind === 'origin') return link.origin.instance === this.#api;
    if (link.kind !== 'unclear') return false;
    if ((file.byType.get('aws_api_gateway_rest_api') ?? []).length > 1)
      throw failure(context.file, instance, ['rest_api_id'], link.cause);
    const reading = `read as the id of ${this.#api.address}, the only API of the file`;
    const place = `${instance.address}.rest_api_id`;
    const known = assumed.findIndex((each) => each.reading === reading);
    const before = assumed[known];
    // Report the assumption only once, at its first place.
    if (before === undefined) assumed.push({ place, reading });
    else if (!before.place.endsWith(' and others'))
      assumed[known] = { place: `${before.place} and others`, reading };
    return true;
  }

  /** The path of the resource that an attribute refers to. */
  pathAt(instance: Instance, attribute: 'resource_id' | 'parent_id'): string {
    const { references, context } = this.#reading;
    const link = references.link(instance, [attribute], RESOURCE);
    if (link.kind === 'origin') return this.pathOf(link.origin.instance);
    const cause =
      link.kind === 'unclear'
        ? link.cause
        : link.kind === 'none'
          ? 'it is not set'
          : 'the file does not declare this resource';
    const remedy =
      link.kind === 'unclear' ? undefined : 'give the state of the configuration that declares it';
    throw failure(context.file, instance, [attribute], cause, remedy);
  }

  pathOf(resource: Instance): string {
    if (resource.type === 'aws_api_gateway_rest_api') return '/';
    const known = this.#paths.get(resource);
    if (known === '')
      throw failure(
        this.#reading.context.file,
        resource,
        ['parent_id'],
        'it leads back to itself',
        'correct it',
      );
    if (known !== undefined) return known;
    this.#paths.set(resource, '');
    const path = this.#newPath(resource);
    this.#paths.set(resource, path);
    return path;
  }

  #newPath(resource: Instance): string {
    if (resource.mode === 'data') return requiredText(this.#reading, resource, 'path');
    const link = this.#reading.references.link(resource, ['parent_id'], RESOURCE);
    const path = valueAt(resource.values, ['path']);
    // A state may contain a resource whose parent is declared elsewhere.
    if (link.kind === 'outside' && typeof path === 'string' && path.startsWith('/')) return path;
    const parent = this.pathAt(resource, 'parent_id');
    return `${parent === '/' ? '' : parent}/${requiredText(this.#reading, resource, 'path_part')}`;
  }
}
