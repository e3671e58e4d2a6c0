import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv-draft-04';
import type { ApiSnapshot, Method, Model } from '../model.ts';
import { badBody, GatewayError } from './gateway-error.ts';
import { byMediaType, mediaTypeOf } from './media-type.ts';
import type { MethodRequest } from './method-request.ts';
import { textOf } from './payload.ts';

/**
 * Holds a request to its method's request validator: parameters first, then the body (facts 3.8).
 *
 * @throws GatewayError 400, or 500 when a model is no schema.
 */
export function validateRequest(api: ApiSnapshot, method: Method, request: MethodRequest): void {
  const validator = api.requestValidators.find(({ id }) => id === method.requestValidatorId);
  if (validator?.validateRequestParameters) validateParameters(method, request);
  if (validator?.validateRequestBody) validateBody(api, method, request);
}

/** All that are missing or blank are named: headers, path parameters, query parameters (facts 3.7, REC). */
function validateParameters(method: Method, request: MethodRequest): void {
  const missing = Object.entries(method.requestParameters ?? {})
    .filter(([source, required]) => required && !present(source, request))
    .map(([source]) => source)
    .sort()
    .map((source) => source.split('.').slice(3).join('.'));
  if (missing.length === 0) return;
  const message = `Missing required request parameters: [${missing.join(', ')}]`;
  throw new GatewayError('BAD_REQUEST_PARAMETERS', message, 'BadRequestException');
}

function present(source: string, request: MethodRequest): boolean {
  const [, , place, ...rest] = source.split('.');
  const name = rest.join('.');
  const values = {
    header: request.headers.get(name),
    path: [request.pathParameters.get(name) ?? ''],
    querystring: request.query.get(name),
  }[place ?? ''];
  return (values ?? []).some((value) => value.trim() !== '');
}

/** A media type without a model is not validated; an empty body is an object without members (facts 3.7, 3.8). */
function validateBody(api: ApiSnapshot, method: Method, request: MethodRequest): void {
  const modelName = byMediaType(method.requestModels, request.contentType);
  const check = modelName === undefined ? undefined : checkFor(api, modelName);
  if (check === undefined) return;
  const type = mediaTypeOf(request.contentType);
  let body: unknown;
  try {
    body = JSON.parse(textOf(request.body, 'the validation') || '{}');
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw refused(type, '[body is not JSON]');
  }
  if (!check(body)) throw refused(type, `[${complaints(check.errors ?? [])}]`);
}

function refused(mediaType: string, validation: string): GatewayError {
  const log = [`Request body does not match model schema for content type ${mediaType}: ${validation}`];
  return badBody('Invalid request body', { validation, log });
}

/** In the words of the Java validator that `$context.error.validationErrorString` quotes (inferred). */
function complaints(errors: readonly ErrorObject[]): string {
  const required = errors
    .filter(({ keyword }) => keyword === 'required')
    .map(({ params }) => params.missingProperty);
  const others = errors
    .filter(({ keyword }) => keyword !== 'required')
    .map(({ instancePath, message }) => (instancePath ? `${instancePath} ${message}` : `${message}`));
  const names = required.sort().map((name) => JSON.stringify(name));
  const missing = names.length > 0 ? [`object has missing required properties ([${names.join(',')}])`] : [];
  return [...missing, ...others].join(', ');
}

/** Deployed snapshots do not change: their models are compiled once. */
const compiled = new WeakMap<ApiSnapshot, Map<string, ValidateFunction | undefined>>();

/** The check of a model; undefined where it has no schema. */
function checkFor(api: ApiSnapshot, modelName: string): ValidateFunction | undefined {
  const known = compiled.get(api) ?? new Map<string, ValidateFunction | undefined>();
  compiled.set(api, known);
  if (!known.has(modelName)) known.set(modelName, compile(api.models, modelName));
  return known.get(modelName);
}

function compile(models: readonly Model[], modelName: string): ValidateFunction | undefined {
  const schemas = models.flatMap(({ name, schema }) => (schema ? [[name, schema] as const] : []));
  if (!schemas.some(([name]) => name === modelName)) return undefined;
  try {
    // A schema is checked when it is compiled, so that one bad model does not spoil the others.
    const settings = { strict: false, allErrors: true, validateFormats: false, validateSchema: false };
    const ajv = new Ajv.default({ ...settings, logger: false });
    for (const [name, schema] of schemas) ajv.addSchema(withModelRefs(JSON.parse(schema)), uriOf(name));
    return ajv.getSchema(uriOf(modelName));
  } catch {
    throw new GatewayError(
      'API_CONFIGURATION_ERROR',
      'Internal server error',
      'InternalServerErrorException',
      {
        log: [
          'Request body validation failed due to an unexpected error',
          'Execution failed due to configuration error: Request body validation failed due to an unexpected error',
        ],
      },
    );
  }
}

function uriOf(modelName: string): string {
  return `model:${modelName}`;
}

/**
 * A `$ref` to another model names it by a URL that ends in `/models/Name`. exclusiveMinimum is not supported (facts
 * 3.8, DOC), and so says nothing.
 */
function withModelRefs(schema: unknown): object {
  const rewritten = JSON.stringify(schema, (key, value) => {
    if (key === 'exclusiveMinimum' && typeof value === 'boolean') return undefined;
    const name = key === '$ref' && typeof value === 'string' ? MODEL_REF.exec(value)?.[1] : undefined;
    return name === undefined ? value : uriOf(name);
  });
  return JSON.parse(rewritten);
}

const MODEL_REF = /\/models\/([A-Za-z0-9]+)$/;
