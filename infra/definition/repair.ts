import { loadDefinition } from './definition.ts';
import { INTEGRATION, isKinesis } from './left-out.ts';
import { isObject, type JsonObject } from './types.ts';

/** One line, such as `GET /streams: passthroughBehavior is never`. */
export type Repair = string;

const CONTENT_TYPE = 'integration.request.header.Content-Type';
const STATUSES = ['400', '403', '404', '409', '429', '502'];
/** A JSON string that consists of one reference: to an input of the client, or to a member of a loop's element. */
const ALONE = /(:\s*)"\$!?\{?(input\.(?:params|path)\('[^'"]*'\)|([a-zA-Z]\w*)\.[\w.-]+)\}?"(?=\s*[,}\]])/g;

/**
 * Makes the mechanical repairs of an OpenAPI document, in place: error mappings, pass-through, content type, escaping.
 * It leaves uncertain cases alone; the weak points of the result show them.
 */
export function repair(openapi: JsonObject): Repair[] {
  const done: Repair[] = [];
  for (const [path, item] of Object.entries(isObject(openapi.paths) ? openapi.paths : {}))
    for (const [verb, operation] of Object.entries(isObject(item) ? item : {})) {
      if (!isObject(operation)) continue;
      const integration = operation[INTEGRATION];
      if (!isObject(integration) || !isKinesis(integration)) continue;
      if (String(integration.type).toLowerCase() !== 'aws') continue;
      const say = (what: string) => done.push(`${verb.toUpperCase()} ${path}: ${what}`);
      if (mapErrors(operation, integration)) say('errors have statuses by their type');
      if (isObject(integration.requestTemplates)) {
        if (String(integration.passthroughBehavior).toLowerCase() !== 'never') {
          integration.passthroughBehavior = 'never';
          say('passthroughBehavior is never');
        }
        for (const name of escapeValues(integration.requestTemplates)) say(`$${name} is escaped`);
      }
      if (fixContentType(integration)) say('the content type sent to Kinesis is JSON 1.1');
    }
  return done;
}

/** Maps errors only if the integration has no pattern yet, since a partial mapping is deliberate. */
function mapErrors(operation: JsonObject, integration: JsonObject): boolean {
  const responses = isObject(integration.responses) ? integration.responses : {};
  if (Object.keys(responses).some((pattern) => pattern !== 'default')) return false;
  integration.responses = { ...responses, ...hardenedErrors() };
  const declared = isObject(operation.responses) ? operation.responses : {};
  const missing = STATUSES.filter((status) => declared[status] === undefined);
  operation.responses = {
    ...declared,
    ...Object.fromEntries(missing.map((status) => [status, { description: `${status} response` }])),
  };
  return true;
}

/** The error responses of hardened.yaml, without its CORS headers. */
function hardenedErrors(): JsonObject {
  const { openapi } = loadDefinition('hardened').declare({
    region: 'us-east-1',
    accountId: '000000000000',
    stackName: 'hardened',
  });
  type Responses = { readonly responses: Readonly<Record<string, JsonObject>> };
  const paths = openapi.paths as unknown as { '/streams': { get: { [INTEGRATION]: Responses } } };
  const { responses } = paths['/streams'].get[INTEGRATION];
  const errors = Object.entries(responses).filter(([pattern]) => pattern !== 'default');
  return Object.fromEntries(errors.map(([pattern, { responseParameters: _, ...rest }]) => [pattern, rest]));
}

function escapeValues(templates: JsonObject): string[] {
  const names = new Set<string>();
  for (const [type, template] of Object.entries(templates)) {
    if (typeof template !== 'string') continue;
    templates[type] = template.replace(
      ALONE,
      (whole, before: string, reference: string, variable?: string) => {
        const isElement =
          variable !== undefined && new RegExp(`#foreach\\s*\\(\\s*\\$${variable}\\s+in\\b`).test(template);
        if (variable !== undefined && !isElement) return whole;
        names.add(reference);
        // Convert to a string first: escapeJavaScript accepts nothing else.
        return `${before}"$util.escapeJavaScript("$!${reference}").replaceAll("\\\\'", "'")"`;
      },
    );
  }
  return [...names];
}

function fixContentType(integration: JsonObject): boolean {
  const parameters = isObject(integration.requestParameters) ? integration.requestParameters : {};
  if (Object.keys(parameters).some((name) => name.toLowerCase() === CONTENT_TYPE.toLowerCase())) return false;
  integration.requestParameters = { ...parameters, [CONTENT_TYPE]: "'application/x-amz-json-1.1'" };
  return true;
}
