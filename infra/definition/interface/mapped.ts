import { route } from '../../embedded/apigateway/dataplane/routing.ts';
import type { Method, Resource } from '../../embedded/apigateway/model.ts';
import type { Definition } from '../definition.ts';
import { kinesisMethods } from './methods.ts';
import { Budget, isBroken, renderRequest } from './rendering.ts';
import { sampleOfTexts } from './sample.ts';

/**
 * The request to Kinesis that the mapping engine renders from the definition. It is computed, not observed on a target;
 * `$context`, which only the gateway knows, has made-up values.
 */
export interface MappedRequest {
  /** Such as `PutRecord`; absent if the integration does not contain the action. */
  readonly action?: string;
  /** Absent if the template could not be rendered. */
  readonly body?: string;
  /** Why Kinesis would not understand the body, or why there is none. */
  readonly broken?: string;
}

interface ClientRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The maximum length in characters, since longer bodies take long to render. */
const MAX_BODY = 10_000;
const ANY_ACCOUNT = '123456789012';

/** Renders requests with the templates of an API's methods; created once per run, and only after a failure. */
export class RequestMapper {
  readonly #resources: readonly Resource[];
  readonly #stageVariables: Readonly<Record<string, string>>;
  readonly #binaryMediaTypes: readonly string[];
  readonly #baseUrls: readonly string[];
  readonly #budget = new Budget();

  /** @param baseUrls the base URLs of all stages that the run called. */
  constructor(
    definition: Definition,
    run: { readonly region: string; readonly stackName: string; readonly baseUrls: readonly string[] },
  ) {
    const { openapi, stage } = definition.declare({ ...run, accountId: ANY_ACCOUNT });
    const resources = new Map<string, Record<string, Method>>();
    const { methods, binaryMediaTypes } = kinesisMethods(openapi);
    for (const method of methods) {
      if (!('integration' in method)) continue;
      const verb = method.anyMethod ? 'ANY' : method.verb;
      resources.set(method.path, { ...resources.get(method.path), [verb]: method.method });
    }
    this.#resources = [...resources].map(([path, resourceMethods]) => ({ id: path, path, resourceMethods }));
    this.#stageVariables = stage?.variables ?? {};
    this.#binaryMediaTypes = binaryMediaTypes;
    this.#baseUrls = run.baseUrls;
  }

  /** @returns undefined if the call reaches no method that integrates with Kinesis, or if its body is too long. */
  map(request: ClientRequest): MappedRequest | undefined {
    const base = this.#baseUrls.find((url) => request.url.startsWith(url));
    if (base === undefined || (request.body?.length ?? 0) > MAX_BODY) return undefined;
    const [path = '', query = ''] = request.url.slice(base.length).split(/\?(.*)/s);
    const found = route(this.#resources, request.method, path);
    const integration = found?.method.methodIntegration;
    if (found === undefined || integration === undefined) return undefined;
    const named = (place: string, pairs: Iterable<readonly [string, string]>) =>
      [...pairs].map(([name, value]) => [`${place}:${name}`, value] as const);
    const params = new Map([
      ...named('path', found.pathParameters),
      ...named('query', new URLSearchParams(query)),
      ...named('header', Object.entries(request.headers)),
    ]);
    const contentType = Object.entries(request.headers).find(
      ([name]) => name.toLowerCase() === 'content-type',
    )?.[1];
    const rendered = renderRequest(
      {
        integration,
        method: request.method,
        contentType: contentType || 'application/json',
        binaryMediaTypes: this.#binaryMediaTypes,
        budget: this.#budget,
      },
      sampleOfTexts(params, request.body ?? '', this.#stageVariables),
      true,
    );
    const { action, text: body } = rendered;
    return {
      ...(action && { action }),
      ...(body !== undefined && { body }),
      ...(isBroken(rendered) && { broken: rendered.broken }),
    };
  }
}
