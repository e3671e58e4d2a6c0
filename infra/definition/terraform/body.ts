import { readYaml, YamlError } from '../../yaml.ts';
import { rolesOfAuthorizers } from '../integrations.ts';
import { isKinesis } from '../left-out.ts';
import { isObject, type Json, type JsonObject } from '../types.ts';
import { type Instance, objectAt } from './document.ts';
import { isUnknown } from './expressions.ts';
import { foreignRole, isLambda, noteServices, roleByArn } from './integrations.ts';
import { isSensitive, type Reading, text, unknownCause } from './reading.ts';
import { failure, REMEDY } from './references.ts';

const INTEGRATION = 'x-amazon-apigateway-integration';
const CORRECT = 'correct the body';

/** The OpenAPI document in an API's `body`, with the run's names; undefined if there is none. */
export function readBody(reading: Reading, api: Instance, roles: Set<Instance>): JsonObject | undefined {
  const { context, names } = reading;
  if (isUnknown(api, ['body']))
    throw failure(
      context.file,
      api,
      ['body'],
      unknownCause(reading, api, ['body']),
      `${REMEDY}, or give the OpenAPI file itself`,
    );
  const source = text(reading, api, 'body');
  if (source === undefined || source.trim() === '') return undefined;
  const parsed = parse(source);
  const isOpenApi = isObject(parsed) && ('openapi' in parsed || 'swagger' in parsed);
  if (!isOpenApi) throw failure(context.file, api, ['body'], 'it is not an OpenAPI document', CORRECT);
  const document = names.rewriteAll(parsed) as JsonObject;
  const functions: string[] = [];
  for (const [path, item] of Object.entries(objectAt(document, 'paths') ?? {})) {
    if (!isObject(item)) continue;
    for (const [verb, operation] of Object.entries(item)) {
      const integration = isObject(operation) ? objectAt(operation, INTEGRATION) : undefined;
      if (!integration) continue;
      checkTexts(reading, api, integration);
      if (typeof integration.uri === 'string' && isLambda(integration.uri)) {
        functions.push(isSensitive(api, ['body']) ? 'a method' : `${verb.toUpperCase()} ${path}`);
        delete item[verb];
        const role = roleByArn(reading, String(integration.credentials));
        if (role) noteServices(reading, role, 'lambda');
      } else collectRole(reading, api, integration, roles);
    }
  }
  for (const arn of rolesOfAuthorizers(document)) {
    const role = roleByArn(reading, arn);
    if (role) noteServices(reading, role, 'lambda');
  }
  if (functions.length > 0)
    reading.leftOut.push({
      what: 'methods of Lambda functions',
      place: `${api.address}.body: ${functions.join(', ')}`,
      why: 'a run deploys no Lambda functions',
    });
  return document;
}

/** Tries JSON first: most bodies are JSON, which JSON.parse reads many times faster than a YAML parser. */
function parse(source: string): Json | undefined {
  try {
    return JSON.parse(source) as Json;
  } catch {
    try {
      return readYaml(source) as Json;
    } catch (error) {
      if (error instanceof YamlError) return undefined;
      throw error;
    }
  }
}

/** Fails for CloudFormation functions and placeholders, which Terraform would pass to AWS unchanged. */
function checkTexts(reading: Reading, api: Instance, integration: JsonObject): void {
  for (const member of ['uri', 'credentials']) {
    const value = integration[member];
    if (value === undefined || value === null) continue;
    const isText = typeof value === 'string';
    const placeholder = isText ? /\$\{(?!stageVariables\.)[^}]*\}/.test(value) : false;
    if (isText && !placeholder) continue;
    const cause = isText
      ? `an integration's ${member} contains a placeholder that Terraform did not fill in`
      : `an integration's ${member} is not a string`;
    throw failure(reading.context.file, api, ['body'], cause, 'fill it in with templatefile()');
  }
}

function collectRole(reading: Reading, api: Instance, integration: JsonObject, roles: Set<Instance>): void {
  const { credentials } = integration;
  if (typeof credentials !== 'string' || credentials === '' || credentials.includes(':user/')) return;
  const role = roleByArn(reading, credentials);
  if (role) {
    if (isKinesis(integration)) roles.add(role);
  } else if (!reading.leftOut.some(({ place }) => place.startsWith(`${api.address}.body`)))
    foreignRole(reading, `${api.address}.body`);
}
