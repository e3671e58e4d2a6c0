import { readFileSync } from 'node:fs';
import { readYaml } from '../../infra/yaml.ts';
import { CALL_NAMES, type CallName } from '../../support/client/requests.ts';
import type { Change } from './change.ts';

/** The parts of an OpenAPI document that changes edit. */
export interface Document {
  info: { title: string; description?: string; version?: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema>; securitySchemes?: Record<string, unknown> };
  [extension: string]: unknown;
}

export interface Operation {
  parameters?: { name: string; in: string; required?: boolean; schema: unknown }[];
  requestBody?: unknown;
  responses: Record<string, { description: string; headers?: Record<string, unknown> }>;
  'x-amazon-apigateway-integration': Integration;
  [extension: string]: unknown;
}

export interface Integration {
  type: string;
  httpMethod?: string;
  uri?: string;
  credentials?: string;
  passthroughBehavior?: string;
  requestParameters?: Record<string, string>;
  requestTemplates?: Record<string, string>;
  responses: Record<string, IntegrationResponse>;
  [more: string]: unknown;
}

export interface IntegrationResponse {
  statusCode: string;
  responseParameters?: Record<string, string>;
  responseTemplates?: Record<string, string>;
  contentHandling?: string;
}

export interface Schema {
  [keyword: string]: unknown;
}

export const JSON_TYPE = 'application/json';

const STREAM = '/streams/{stream-name}';
/** The path and method of each of the eight calls in the document. */
export const PLACES: Readonly<Record<CallName, readonly [path: string, verb: string]>> = {
  'list streams': ['/streams', 'get'],
  'create a stream': [STREAM, 'post'],
  'describe a stream': [STREAM, 'get'],
  'delete a stream': [STREAM, 'delete'],
  'put a record': [`${STREAM}/record`, 'put'],
  'put records': [`${STREAM}/records`, 'put'],
  'get a shard iterator': [`${STREAM}/sharditerator`, 'get'],
  'get records': [`${STREAM}/records`, 'get'],
};

/** A copy of the tutorial's definition in which no two parts share an object. */
export function tutorial(): Document {
  const text = readFileSync(new URL('../../infra/proxy/tutorial.yaml', import.meta.url), 'utf8');
  return JSON.parse(JSON.stringify(readYaml(text))) as Document;
}

/** Edits a copy of the definition. */
export function document(edit: (copy: Document) => void): Change {
  return {
    definition(original) {
      const copy = structuredClone(original);
      edit(copy);
      return copy;
    },
  };
}

export function operationOf({ paths }: Document, call: CallName): Operation {
  const [path, verb] = PLACES[call];
  const operation = paths[path]?.[verb];
  if (operation === undefined) throw new Error(`the definition has no method to ${call}`);
  return operation;
}

export function integrationOf(copy: Document, call: CallName): Integration {
  return operationOf(copy, call)['x-amazon-apigateway-integration'];
}

export function operation(call: CallName, edit: (operation: Operation) => void): Change {
  return document((copy) => edit(operationOf(copy, call)));
}

export function integration(call: CallName, edit: (integration: Integration) => void): Change {
  return document((copy) => edit(integrationOf(copy, call)));
}

export function everyIntegration(edit: (integration: Integration, call: CallName) => void): Change {
  return document((copy) => {
    for (const call of CALL_NAMES) edit(integrationOf(copy, call), call);
  });
}

/** Replaces every occurrence of a part of a call's mapping template. @throws when the template lacks it. */
export function inTemplate(call: CallName, part: string, replacement: string): Change {
  return integration(call, (integration) => {
    const templates = integration.requestTemplates ?? {};
    const before = templates[JSON_TYPE] ?? '';
    if (!before.includes(part)) throw new Error(`the template to ${call} has no ${part}`);
    templates[JSON_TYPE] = before.replaceAll(part, () => replacement);
  });
}

/** Replaces the mapping template of a call. */
export function template(call: CallName, text: string): Change {
  return integration(call, (integration) => {
    integration.requestTemplates = { [JSON_TYPE]: text };
  });
}

/** Replaces a part of every template that contains it. */
export function inEveryTemplate(part: string, replacement: string): Change {
  return everyIntegration(({ requestTemplates = {} }) => {
    requestTemplates[JSON_TYPE] = (requestTemplates[JSON_TYPE] ?? '').replaceAll(part, () => replacement);
  });
}

/** Rewrites Kinesis's answer to a call by a mapping template. */
export function answerTemplate(call: CallName, text: string): Change {
  return integration(call, ({ responses }) => {
    (responses.default as IntegrationResponse).responseTemplates = { [JSON_TYPE]: text };
  });
}

/** Adds a header to every call's answer. @param value a mapping expression. */
export function answerHeader(name: string, value: string): Change {
  return document((copy) => {
    for (const call of CALL_NAMES) {
      const { responses, 'x-amazon-apigateway-integration': own } = operationOf(copy, call);
      for (const response of Object.values(responses))
        response.headers = { [name]: { schema: { type: 'string' } } };
      for (const response of Object.values(own.responses))
        response.responseParameters = { [`method.response.header.${name}`]: value };
    }
  });
}

/** A method that answers without calling a service. */
export function mockOperation(body: string, status = '200'): Operation {
  return {
    responses: { [status]: { description: 'made up' } },
    'x-amazon-apigateway-integration': {
      type: 'mock',
      passthroughBehavior: 'when_no_templates',
      requestTemplates: { [JSON_TYPE]: `{"statusCode": ${status}}` },
      responses: { default: { statusCode: status, responseTemplates: { [JSON_TYPE]: body } } },
    },
  };
}
