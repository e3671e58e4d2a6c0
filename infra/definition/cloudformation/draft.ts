import { DefinitionError } from '../errors.ts';
import { textOf } from '../functions.ts';
import type { MethodsLeftOut } from '../left-out.ts';
import { lambdaUri } from '../pseudo-parameters.ts';
import { isObject, type Json, type JsonObject } from '../types.ts';
import type { Resource, Template } from './template.ts';

/** An OpenAPI document under construction, to which the resources of a template add their parts. */
export interface Draft {
  readonly template: Template;
  readonly api: Resource;
  readonly openapi: JsonObject;
  readonly left: MethodsLeftOut;
  /** The value of `Ref` for the API, by which its parts refer to it. */
  readonly apiId: string;
}

/** The resources of a type that belong to the API. */
export function partsOf({ template, apiId }: Draft, type: string): Resource[] {
  return template.ofType(type).filter((part) => belongs(part, template, apiId));
}

/** A part whose API cannot be resolved belongs to an API of another stack. */
function belongs(part: Resource, template: Template, apiId: string): boolean {
  try {
    return template.textProperty(part, 'RestApiId') === apiId;
  } catch (error) {
    if (error instanceof DefinitionError) return false;
    throw error;
  }
}

/** CloudFormation reads YAML 1.1, in which `yes` and `on` are true too. */
export const isTrue = (value: Json | undefined) => /^(true|yes|on)$/i.test(textOf(value) ?? '');

/** API Gateway allows only letters and digits in model names; names that CloudFormation generates have no hyphen. */
export const asModelName = (name: string) => name.replace(/[^A-Za-z0-9]/g, '');

/** Without the members that are undefined. */
export function present(members: Record<string, Json | undefined>): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as JsonObject;
}

/** The object of a property that may be given as an object or as JSON text. */
export function asObject(value: Json | undefined): JsonObject | undefined {
  if (typeof value !== 'string') return isObject(value) ? value : undefined;
  try {
    const parsed = JSON.parse(value) as Json;
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** The object at a path of names, created if missing. */
export function objectAt(root: JsonObject, ...names: string[]): JsonObject {
  return names.reduce<JsonObject>((node, name) => {
    const value = node[name];
    if (isObject(value)) return value;
    const made: JsonObject = {};
    node[name] = made;
    return made;
  }, root);
}

export const isSwagger = (openapi: JsonObject) => openapi.swagger !== undefined;

export const schemasOf = (openapi: JsonObject) =>
  isSwagger(openapi) ? objectAt(openapi, 'definitions') : objectAt(openapi, 'components', 'schemas');

export const securitySchemesOf = (openapi: JsonObject) =>
  isSwagger(openapi)
    ? objectAt(openapi, 'securityDefinitions')
    : objectAt(openapi, 'components', 'securitySchemes');

export function demandSignature(openapi: JsonObject): JsonObject {
  securitySchemesOf(openapi).sigv4 ??= {
    type: 'apiKey',
    name: 'Authorization',
    in: 'header',
    'x-amazon-apigateway-authtype': 'awsSigv4',
  };
  return { sigv4: [] };
}

export function demandKey(openapi: JsonObject): JsonObject {
  securitySchemesOf(openapi).api_key ??= { type: 'apiKey', name: 'x-api-key', in: 'header' };
  return { api_key: [] };
}

export const preparation = ({ context }: Template) => ({
  authorizerUri: (name: string) => lambdaUri(`${context.stackName}-${name}`, context),
});
