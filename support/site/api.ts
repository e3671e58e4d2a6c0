import { loadDefinition } from '../../infra/definition/definition.ts';
import { HEAD, rowOf } from '../../infra/definition/interface/describe.ts';
import { RequestMapper } from '../../infra/definition/interface/mapped.ts';
import { type KinesisMethod, kinesisMethods } from '../../infra/definition/interface/methods.ts';
import type { Call } from '../../infra/definition/interface/types.ts';
import { isObject } from '../../infra/definition/types.ts';
import { requestOf } from '../client/by-interface.ts';
import type { ProxyRequest } from '../client/requests.ts';
import { formatted } from '../report/page/failure-view.ts';

/** An API under test as its page shows it, read or rendered from the definition. */
export interface ApiView {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly resources: readonly ResourceView[];
  readonly weak: readonly {
    readonly what: string;
    readonly where: string;
    readonly why: string;
    readonly clauses: readonly string[];
  }[];
}

export interface ResourceView {
  readonly path: string;
  /** The part that it adds to its parent, and the number of its ancestors. */
  readonly part: string;
  readonly depth: number;
  readonly methods: readonly MethodView[];
}

export interface MethodView {
  readonly anchor: string;
  readonly verb: string;
  /** Kinesis's action; undefined if the gateway answers itself. */
  readonly action: string | undefined;
  readonly auth: string | undefined;
  readonly call: CallView | undefined;
}

export interface CallView {
  /** The client's request. */
  readonly request: string;
  /** The request to Kinesis. */
  readonly mapped: string;
  readonly mediaType: string;
  readonly template: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly answers: readonly {
    readonly pattern: string;
    readonly status: string;
    readonly template: string | undefined;
  }[];
  /** The client's status by the type of Kinesis's error. */
  readonly statuses: readonly (readonly [status: string, types: readonly string[]])[];
  /** Where the values in the request to Kinesis come from, as `npm run inspect` lists them. */
  readonly origins: readonly (readonly [what: string, where: string])[];
}

/** The columns of an interface that show where values come from, and how they are used. */
const ORIGINS = ['stream', 'values', 'key', 'stored'];
/** Values that the examples use. */
const STREAM = 'orders';
const ITERATOR = 'AAAAAAAAAAE8…';
const BASE = 'https://api.example';
const RUN = { region: 'us-east-1', stackName: 'kpc', baseUrls: [BASE] };
const ACCOUNT = '123456789012';

/** @param name the name of one of the project's definitions: `tutorial`, `hardened`. */
export function readApi(name: string): ApiView {
  const definition = loadDefinition(name);
  const { openapi } = definition.declare({ ...RUN, accountId: ACCOUNT });
  const { calls, weak } = definition.interface();
  const mapper = new RequestMapper(definition, RUN);
  const methods = kinesisMethods(openapi).methods.flatMap((method) =>
    'integration' in method ? [method] : [],
  );
  const { title = '', description = '' } = isObject(openapi.info) ? openapi.info : {};
  const declared = isObject(openapi.paths) ? openapi.paths : {};
  return {
    name,
    title: String(title),
    description: String(description),
    resources: withParents(Object.keys(declared)).map((path): ResourceView => {
      const verbs = isObject(declared[path]) ? Object.keys(declared[path]) : [];
      return {
        path,
        part: path === '/' ? '/' : path.slice(path.lastIndexOf('/')),
        depth: path === '/' ? 0 : path.split('/').length - 1,
        methods: verbs
          .filter((verb) =>
            /^(get|put|post|delete|options|head|patch|x-amazon-apigateway-any-method)$/.test(verb),
          )
          .map((verb) => {
            const upper = verb.startsWith('x-') ? 'ANY' : verb.toUpperCase();
            const call = calls.find((one) => one.path === path && one.method === upper);
            const method = methods.find((one) => one.path === path && one.verb === upper);
            return {
              anchor: call?.action ?? `${upper}-${path.replace(/[^a-z]+/g, '-')}`,
              verb: upper,
              action: call?.action,
              auth: call?.auth,
              call: call && method && toCall(call, method, mapper),
            };
          }),
      };
    }),
    weak: weak.map(({ what, where, why, clauses = [] }) => ({ what, where, why, clauses })),
  };
}

/** Every resource, including intermediate ones without methods, in the order of the tree. */
export function withParents(paths: readonly string[]): string[] {
  const all = new Set<string>(['/']);
  for (const path of paths) {
    const parts = path.split('/').slice(1);
    for (let count = 1; count <= parts.length; count++) all.add(`/${parts.slice(0, count).join('/')}`);
  }
  return [...all].sort();
}

function toCall(call: Call, { integration }: KinesisMethod, mapper: RequestMapper): CallView {
  const request = requestOf(call, {
    stream: STREAM,
    iterator: ITERATOR,
    shardId: 'shardId-000000000000',
    shardCount: '2',
    records: [
      { data: 'first', partitionKey: 'a' },
      { data: 'second', partitionKey: 'b' },
    ],
    data: 'some data',
  });
  const query = new URLSearchParams(
    request.query.map(([name, value]): [string, string] => [name, value]),
  ).toString();
  const path = `${request.path}${query === '' ? '' : `?${query}`}`;
  const mapped = mapper.map({ ...request, url: BASE + path });
  const templates = Object.entries(integration.requestTemplates ?? {});
  const [mediaType, template] = templates.find(([type]) => type === call.contentType) ??
    templates[0] ?? ['', ''];
  const statuses = Map.groupBy(Object.entries(call.statuses), ([, status]) => String(status));
  return {
    request: written(request, path),
    mapped: mapped?.body === undefined ? (mapped?.broken ?? '') : formatted(mapped.body),
    mediaType,
    template: String(template),
    headers: Object.entries(integration.requestParameters ?? {}).map(([name, value]) => [
      name,
      String(value),
    ]),
    answers: Object.values(integration.integrationResponses ?? {}).map(
      ({ selectionPattern, statusCode, responseTemplates }) => ({
        pattern: selectionPattern || 'any other answer',
        status: String(statusCode),
        template: Object.values(responseTemplates ?? {})[0] ?? undefined,
      }),
    ),
    statuses: [...statuses].map(([status, types]) => [status, types.map(([type]) => type)] as const),
    origins: rowOf(call)
      .map((where, at) => [HEAD[at] ?? '', where] as const)
      .filter(([what, where]) => ORIGINS.includes(what) && where !== '-'),
  };
}

/** A request as sent over HTTP, without the host. */
function written({ method, headers, body }: ProxyRequest, path: string): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${path}`, ...lines, ...(body === undefined ? [] : ['', formatted(body)])].join('\n');
}
