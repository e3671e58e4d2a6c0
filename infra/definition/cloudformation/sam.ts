import { resolveBody } from '../body.ts';
import { DefinitionError } from '../errors.ts';
import { textOf } from '../functions.ts';
import type { MethodsLeftOut } from '../left-out.ts';
import { isObject, type Json, type JsonObject } from '../types.ts';
import { type Draft, objectAt, preparation, schemasOf } from './draft.ts';
import { addParts, applySettings, bodyBeside } from './rest-api.ts';
import { addAuth } from './sam-auth.ts';
import { addCors } from './sam-cors.ts';
import type { Resource, Template } from './template.ts';

/** Merges the properties of `Globals.Api` into an `AWS::Serverless::Api`. */
export function withGlobals(template: Template, api: Resource): Resource {
  const { Globals: globals } = template.document;
  const shared = isObject(globals) && isObject(globals.Api) ? globals.Api : {};
  return { ...api, properties: merged(shared, api.properties) };
}

/** Merges as SAM does: objects are merged, lists appended, and the API's own scalars take precedence. */
function merged(shared: JsonObject, own: JsonObject): JsonObject {
  const result = { ...shared };
  for (const [key, value] of Object.entries(own)) {
    const before = result[key];
    if (isObject(before) && isObject(value) && !isFunction(value) && !isFunction(before))
      result[key] = merged(before, value);
    else if (Array.isArray(before) && Array.isArray(value)) result[key] = [...before, ...value];
    else result[key] = value;
  }
  return result;
}

const isFunction = (value: JsonObject) =>
  Object.keys(value).some((key) => key === 'Ref' || key.startsWith('Fn::'));

/** Converts an `AWS::Serverless::Api` with an OpenAPI body to the OpenAPI that SAM generates. */
export function serverlessApiDocument(template: Template, api: Resource, left: MethodsLeftOut): JsonObject {
  const { resolver } = template;
  const { DefinitionBody: body, DefinitionUri: location } = api.properties;
  addEvents(template, api, left);
  const openapi =
    body === undefined && location !== undefined
      ? bodyBeside(template, api, 'DefinitionUri', left)
      : body === undefined
        ? { openapi: '3.0.1', info: {}, paths: {} }
        : resolveBody(body, `${api.place}.DefinitionBody`, resolver, left, preparation(template));
  const draft: Draft = { template, api, openapi, left, apiId: String(template.ref(api.id, api.place)) };
  applySettings(draft);
  addParts(draft);
  const models = template.property(api, 'Models');
  if (isObject(models)) Object.assign(schemasOf(openapi), models);
  addGatewayResponses(openapi, template.property(api, 'GatewayResponses'));
  addCors(draft);
  addAuth(draft);
  return openapi;
}

/** Leaves out the methods that the events of functions add, since Lambda serves them. */
function addEvents(template: Template, api: Resource, left: MethodsLeftOut): void {
  for (const fn of template.ofType('AWS::Serverless::Function')) {
    const { Events: events } = fn.properties;
    for (const [name, event] of Object.entries(isObject(events) ? events : {})) {
      if (!isObject(event) || event.Type !== 'Api' || !isObject(event.Properties)) continue;
      const { RestApiId: owner, Path: path, Method: verb } = event.Properties;
      const place = `${fn.place}.Events.${name}`;
      if (owner === undefined || idOf(template, owner, place) !== template.ref(api.id, place)) continue;
      const shown = `${String(textOf(verb) ?? 'ANY').toUpperCase()} ${textOf(path) ?? '/'}`;
      left.add({ name: shown, place }, `the Lambda function ${fn.id}`, 'the run deploys no Lambda functions');
    }
  }
}

function idOf(template: Template, owner: Json, place: string): Json | undefined {
  try {
    return template.resolver.resolve(owner, place);
  } catch (error) {
    if (error instanceof DefinitionError) return undefined;
    throw error;
  }
}

function addGatewayResponses(openapi: JsonObject, responses: Json | undefined): void {
  for (const [type, response] of Object.entries(isObject(responses) ? responses : {})) {
    if (!isObject(response)) continue;
    const { StatusCode: status, ResponseParameters: parameters, ResponseTemplates: templates } = response;
    const written: JsonObject = {};
    if (status !== undefined) written.statusCode = String(status);
    if (templates !== undefined) written.responseTemplates = templates;
    const named = Object.entries(PLACES).flatMap(([section, place]) => {
      const entries = isObject(parameters) && isObject(parameters[section]) ? parameters[section] : {};
      return Object.entries(entries).map(
        ([name, value]) => [`gatewayresponse.${place}.${name}`, value] as const,
      );
    });
    if (named.length > 0) written.responseParameters = Object.fromEntries(named);
    objectAt(openapi, 'x-amazon-apigateway-gateway-responses')[type] = written;
  }
}

const PLACES = { Headers: 'header', Paths: 'path', QueryStrings: 'querystring' };
