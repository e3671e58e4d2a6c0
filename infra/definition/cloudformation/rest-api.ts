import { resolveBody } from '../body.ts';
import { disableEndpoint } from '../callers.ts';
import { isRemote, textOf } from '../functions.ts';
import type { MethodsLeftOut } from '../left-out.ts';
import { isObject, type Json, type JsonObject } from '../types.ts';
import { asObject, type Draft, preparation } from './draft.ts';
import { fileBeside, hasMember } from './included.ts';
import { addMethods } from './methods.ts';
import { addAuthorizers, addGatewayResponses, addModels, addValidators } from './parts.ts';
import type { Resource, Template } from './template.ts';

/** Converts an `AWS::ApiGateway::RestApi` and its parts to OpenAPI. */
export function restApiDocument(template: Template, api: Resource, left: MethodsLeftOut): JsonObject {
  const { resolver } = template;
  const { Body: body, BodyS3Location: location, CloneFrom: original } = api.properties;
  const isAbsent = (value: Json | undefined, name: string) =>
    resolver.unwrap(value, `${api.place}.${name}`).value === undefined;
  if (!isAbsent(original, 'CloneFrom'))
    return resolver.fail(
      `${api.place}.CloneFrom`,
      'it clones an API that exists only on AWS; give an OpenAPI export of that API',
    );
  const hasBody = !isAbsent(body, 'Body');
  const openapi: JsonObject = !isAbsent(location, 'BodyS3Location')
    ? bodyBeside(template, api, 'BodyS3Location', left)
    : hasBody
      ? resolveBody(body, `${api.place}.Body`, resolver, left, preparation(template))
      : { openapi: '3.0.1', info: {}, paths: {} };
  const draft = { template, api, openapi, left, apiId: String(template.ref(api.id, api.place)) };
  applySettings(draft);
  addParts(draft);
  return openapi;
}

/**
 * Reads the body from a file beside the template, which `aws cloudformation package` or `sam deploy` uploads as it is:
 * no function in it is resolved.
 */
export function bodyBeside(
  template: Template,
  api: Resource,
  property: 'BodyS3Location' | 'DefinitionUri',
  left: MethodsLeftOut,
): JsonObject {
  const { resolver } = template;
  const place = `${api.place}.${property}`;
  const location = resolver.resolve(api.properties[property], place);
  const [under, what] = property === 'DefinitionUri' ? ['DefinitionBody', 'SAM'] : ['Body', 'CloudFormation'];
  if (typeof location !== 'string' || isRemote(location))
    return resolver.fail(
      place,
      `the body is stored in S3, which is not read; give the OpenAPI file itself to --definition, or put it under ${under}`,
    );
  const body = fileBeside(template, location, place);
  if (FUNCTIONS_IN_BODY.some((name) => hasMember(body, name)))
    return resolver.fail(
      place,
      `${location}: ${what} resolves no functions (Fn::Sub, Ref) in a file that ${property} names; include it with AWS::Include under ${under}`,
    );
  return resolveBody(body, `${place}(${location})`, resolver, left, preparation(template));
}

/** The functions that a body uses; `Ref` alone may be a member of a model. */
const FUNCTIONS_IN_BODY = ['Fn::Sub', 'Fn::GetAtt', 'Fn::Join', 'Fn::ImportValue', 'Fn::If', 'Fn::FindInMap'];

export function addParts(draft: Draft): void {
  addModels(draft);
  const validators = addValidators(draft);
  addGatewayResponses(draft);
  const authorizers = addAuthorizers(draft);
  addMethods(draft, validators, authorizers);
}

/** Applies the settings that are properties of the API, with and without SAM. */
export function applySettings({ template, api, openapi }: Draft): void {
  const info = isObject(openapi.info) ? openapi.info : {};
  const description = info.description ?? template.property(api, 'Description');
  openapi.info = {
    ...info,
    title: info.title ?? template.textProperty(api, 'Name') ?? api.id,
    version: info.version ?? '1.0',
    ...(description !== undefined && { description }),
  };
  const types = template.property(api, 'BinaryMediaTypes');
  const name = 'x-amazon-apigateway-binary-media-types';
  if (Array.isArray(types) && types.length > 0) {
    const own = Array.isArray(openapi[name]) ? openapi[name] : [];
    openapi[name] = [...new Set([...own, ...types.map((type) => String(type).replaceAll('~1', '/'))])];
  }
  const source = template.textProperty(api, 'ApiKeySourceType');
  if (source !== undefined) openapi['x-amazon-apigateway-api-key-source'] = source;
  const size = template.property(api, 'MinimumCompressionSize');
  if (size !== undefined) openapi['x-amazon-apigateway-minimum-compression-size'] = Number(size);
  if (textOf(template.property(api, 'DisableExecuteApiEndpoint')) === 'true') disableEndpoint(openapi);
  const policy = asObject(template.property(api, 'Policy'));
  if (policy !== undefined) openapi['x-amazon-apigateway-policy'] = policy;
}
