import type { ApiSnapshot, Method } from '../model.ts';
import { badBody, GatewayError } from './gateway-error.ts';
import { type JsonValue, parseJson } from './json.ts';
import { byMediaType, mediaTypeOf } from './media-type.ts';
import type { MethodRequest } from './method-request.ts';
import { textOf } from './payload.ts';
import { Schema, SchemaError } from './schema/schema.ts';
import { terminable } from './work.ts';

/**
 * Validates a request with its method's request validator: parameters first, then the body
 * (docs/facts/gateway.md#validation).
 *
 * @throws GatewayError 400, or 500 if a model is not a schema.
 */
export function validateRequest(api: ApiSnapshot, method: Method, request: MethodRequest): void {
  const validator = api.requestValidators.find(({ id }) => id === method.requestValidatorId);
  if (validator?.validateRequestParameters) validateParameters(method, request);
  if (validator?.validateRequestBody) validateBody(api, method, request);
}

/**
 * Lists all that are missing or blank: headers, path parameters, query parameters (docs/facts/gateway.md#errors, REC).
 */
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

/** A media type without a model is not validated (docs/facts/gateway.md#validation). */
function validateBody(api: ApiSnapshot, method: Method, request: MethodRequest): void {
  const modelName = byMediaType(method.requestModels, request.contentType);
  const schema = modelName === undefined ? undefined : schemaFor(api, modelName);
  if (schema === undefined) return;
  const report = validated(schema, textOf(request.body, 'the validation'));
  if (report !== VALID) throw refused(mediaTypeOf(request.contentType), report);
}

/** Also for an empty body (docs/facts/gateway.md#validation: outputs of a test invocation and of a deployed API). */
const UNPARSABLE = '[Unknown error parsing request body]';
const VALID = '';

/** The errors, in the words of the Java validator (docs/facts/gateway.md#validation). */
function validated(schema: Schema, body: string): string {
  let value: JsonValue;
  try {
    value = parseJson(body);
  } catch {
    return UNPARSABLE;
  }
  try {
    const report = schema.searches ? terminable(() => schema.validate(value)) : schema.validate(value);
    return report.failed ? report.toString() : VALID;
  } catch (error) {
    throw unusable(error);
  }
}

function refused(mediaType: string, validation: string): GatewayError {
  const log = [`Request body does not match model schema for content type ${mediaType}: ${validation}`];
  return badBody('Invalid request body', { validation, log });
}

/** Deployed snapshots do not change, so their models are parsed once. */
const known = new WeakMap<ApiSnapshot, Map<string, Schema | undefined>>();

/** The schema of a model; undefined if it has none. */
function schemaFor(api: ApiSnapshot, modelName: string): Schema | undefined {
  const schemas = known.get(api) ?? new Map<string, Schema | undefined>();
  known.set(api, schemas);
  if (!schemas.has(modelName)) schemas.set(modelName, readSchema(api, modelName));
  return schemas.get(modelName);
}

/** A `$ref` to another model is a URL that ends in `/models/Name`. */
function readSchema({ models }: ApiSnapshot, modelName: string): Schema | undefined {
  const documents = new Map<string, JsonValue>();
  const documentOf = (wanted: string): JsonValue | undefined => {
    const text = models.find(({ name }) => name === wanted)?.schema;
    if (!text) return undefined;
    const document = documents.get(wanted) ?? parseJson(text);
    documents.set(wanted, document);
    return document;
  };
  try {
    const root = documentOf(modelName);
    if (root === undefined) return undefined;
    return new Schema(root, (uri) => documentOf(/\/models\/([A-Za-z0-9]+)$/.exec(uri)?.[1] ?? ''));
  } catch (error) {
    throw unusable(error);
  }
}

/** A model that is not a schema. */
function unusable(error: unknown): unknown {
  const isBroken = [SchemaError, SyntaxError, RangeError].some((kind) => error instanceof kind);
  if (!isBroken) return error;
  const cause = 'Request body validation failed due to an unexpected error';
  return new GatewayError(
    'API_CONFIGURATION_ERROR',
    'Internal server error',
    'InternalServerErrorException',
    { log: [cause, `Execution failed due to configuration error: ${cause}`] },
  );
}
