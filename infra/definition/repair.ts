import { loadDefinition } from './definition.ts';
import { escapeTexts } from './interface/escaping.ts';
import { INTEGRATION, isKinesis } from './left-out.ts';
import { isObject, type JsonObject } from './types.ts';

export interface Repair {
  /** A method and its path, such as `GET /streams`. */
  readonly where: string;
  /** For display, such as `passthroughBehavior is never`. */
  readonly what: string;
  /** The members that the integration has gained; those of `responses` are added to what is there. */
  readonly integration?: JsonObject;
  /** The responses that the operation has gained. */
  readonly responses?: JsonObject;
  /** A text in the templates, and the one that stands in its place. */
  readonly replaced?: { readonly before: string; readonly after: string };
}

/** A value of the client's that is not escaped. */
export interface Left {
  /** A method and its path. */
  readonly where: string;
  /** For display: the value and its line. */
  readonly what: string;
  readonly why: string;
  /** Whether it is outside of quotes, where the template may still check that it is a number. */
  readonly isUnquoted: boolean;
}

export interface Repairs {
  readonly done: readonly Repair[];
  readonly left: readonly Left[];
}

const CONTENT_TYPE = 'integration.request.header.Content-Type';
const STATUSES = ['400', '403', '404', '409', '429', '502'];

/**
 * Makes the mechanical repairs of an OpenAPI document, in place: error mappings, pass-through, content type, escaping.
 * It leaves uncertain cases alone, and lists the values among them.
 */
export function repair(openapi: JsonObject): Repairs {
  const done: Repair[] = [];
  const left: Left[] = [];
  for (const [path, item] of Object.entries(isObject(openapi.paths) ? openapi.paths : {}))
    for (const [verb, operation] of Object.entries(isObject(item) ? item : {})) {
      if (!isObject(operation)) continue;
      const integration = operation[INTEGRATION];
      if (!isObject(integration) || !isKinesis(integration)) continue;
      if (String(integration.type).toLowerCase() !== 'aws') continue;
      const where = `${verb === 'x-amazon-apigateway-any-method' ? 'ANY' : verb.toUpperCase()} ${path}`;
      const say = (what: string, change: Omit<Repair, 'where' | 'what'>) =>
        done.push({ where, what, ...change });
      const errors = mapErrors(operation, integration);
      if (errors) say('errors have statuses by their type', errors);
      if (isObject(integration.requestTemplates)) {
        if (String(integration.passthroughBehavior).toLowerCase() !== 'never') {
          integration.passthroughBehavior = 'never';
          say('passthroughBehavior is never', { integration: { passthroughBehavior: 'never' } });
        }
        const escaped = escapeValues(integration.requestTemplates);
        for (const change of escaped.changes) say(`${change.before} is escaped`, { replaced: change });
        left.push(...escaped.left.map((each) => ({ where, ...each })));
      }
      const contentType = fixContentType(integration);
      if (contentType) say('the content type sent to Kinesis is JSON 1.1', { integration: contentType });
    }
  return { done, left };
}

/** Maps errors only if the integration has no pattern yet, since a partial mapping is deliberate. */
function mapErrors(
  operation: JsonObject,
  integration: JsonObject,
): Pick<Repair, 'integration' | 'responses'> | undefined {
  const responses = isObject(integration.responses) ? integration.responses : {};
  if (Object.keys(responses).some((pattern) => pattern !== 'default')) return undefined;
  const errors = hardenedErrors();
  integration.responses = { ...responses, ...errors };
  const declared = isObject(operation.responses) ? operation.responses : {};
  const missing = STATUSES.filter((status) => declared[status] === undefined);
  const added = Object.fromEntries(missing.map((status) => [status, { description: `${status} response` }]));
  operation.responses = { ...declared, ...added };
  return { integration: { responses: errors }, responses: added };
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

function escapeValues(templates: JsonObject) {
  const changes = new Map<string, NonNullable<Repair['replaced']>>();
  const left: Omit<Left, 'where'>[] = [];
  for (const [type, template] of Object.entries(templates)) {
    if (typeof template !== 'string') continue;
    const escaped = escapeTexts(template);
    templates[type] = escaped.template;
    for (const change of escaped.changes) changes.set(change.before, change);
    for (const { what, line, ...rest } of escaped.left)
      left.push({ what: `${what} in line ${line} of the template of ${type}`, ...rest });
  }
  return { changes: [...changes.values()], left };
}

/** @returns the members that it adds, if it does. */
function fixContentType(integration: JsonObject): JsonObject | undefined {
  const parameters = isObject(integration.requestParameters) ? integration.requestParameters : {};
  if (Object.keys(parameters).some((name) => name.toLowerCase() === CONTENT_TYPE.toLowerCase()))
    return undefined;
  const added = { [CONTENT_TYPE]: "'application/x-amz-json-1.1'" };
  integration.requestParameters = { ...parameters, ...added };
  return { requestParameters: added };
}
