import type { HttpResponse } from '../../http.ts';
import type { Model, RestApi } from '../model.ts';
import { badRequest, conflict, notFound } from './errors.ts';
import { newId } from './ids.ts';
import { readPatch, replaceFields } from './patch.ts';
import { type ControlState, restApiOf } from './state.ts';
import { type Call, empty, isObject, json, page, param, readBody, text } from './wire.ts';

/**
 * Adds or replaces a model; refuses a name that is not alphanumeric (docs/facts/gateway.md#validation; the message is
 * inferred).
 */
export function storeModel(api: RestApi, model: Omit<Model, 'id'>): Model {
  if (!/^[a-zA-Z0-9]+$/.test(model.name)) {
    throw badRequest(`Model name must be alphanumeric: ${model.name}`);
  }
  const stored = { id: api.models.get(model.name)?.id ?? newId(), ...model };
  api.models.set(model.name, stored);
  return stored;
}

function checkSchema(schema: string | undefined): void {
  if (schema === undefined || schema.trim() === '') {
    throw badRequest('Model schema must have at least 1 property or array items defined');
  }
  try {
    if (isObject(JSON.parse(schema))) return;
  } catch {
    // Falls through: invalid JSON is refused like JSON that is not an object.
  }
  // The message is not recorded (inferred).
  throw badRequest(
    'Invalid model specified: Validation Result: warnings : [], errors : [Invalid model schema specified]',
  );
}

/** An unknown API is reported as an unknown model, except where one is created or listed (recorded on AWS). */
function modelOf(state: ControlState, call: Call) {
  const api = state.restApis.get(param(call, 'restApiId'));
  const name = param(call, 'modelName');
  const model = api?.models.get(name);
  if (api === undefined || model === undefined) throw notFound(`Invalid model name specified: ${name}`);
  return { api, model };
}

export function createModel(state: ControlState, call: Call): HttpResponse {
  const api = restApiOf(state, call);
  const body = readBody(call);
  const name = text(body, 'name') ?? '';
  if (name === '') throw badRequest('Model name must be non-empty');
  if (api.models.has(name)) throw conflict('Model name already exists for this REST API');
  const schema = text(body, 'schema');
  checkSchema(schema);
  const contentType = text(body, 'contentType') ?? 'application/json';
  // An empty description counts as absent (recorded on AWS).
  const description = text(body, 'description') || undefined;
  return json(201, storeModel(api, { name, description, contentType, schema }));
}

export const getModel = (state: ControlState, call: Call) => json(200, modelOf(state, call).model);

export const getModels = (state: ControlState, call: Call) =>
  page(call, [...restApiOf(state, call).models.values()]);

export function updateModel(state: ControlState, call: Call): HttpResponse {
  const patch = readPatch(readBody(call), 'updateModelInput');
  const { model } = modelOf(state, call);
  replaceFields(patch, {
    '/description': (value) => {
      model.description = value;
    },
    '/schema': (value) => {
      checkSchema(value);
      model.schema = value;
    },
  });
  return json(200, model);
}

export function deleteModel(state: ControlState, call: Call): HttpResponse {
  const { api, model } = modelOf(state, call);
  const user = userOf(api, model.name);
  if (user !== undefined) {
    throw conflict(`Cannot delete model '${model.name}', is referenced in ${user}`);
  }
  api.models.delete(model.name);
  return empty(202);
}

/** The first user of a model, as the error describes it: recorded for method requests, inferred for responses. */
function userOf(api: RestApi, name: string): string | undefined {
  for (const { path, resourceMethods } of api.resources.values()) {
    for (const method of Object.values(resourceMethods ?? {})) {
      if (Object.values(method.requestModels ?? {}).includes(name)) {
        return `method request: ${path}/${method.httpMethod}`;
      }
      const responses = Object.values(method.methodResponses ?? {});
      if (responses.some((response) => Object.values(response.responseModels ?? {}).includes(name))) {
        return `method response: ${path}/${method.httpMethod}`;
      }
    }
  }
  return undefined;
}
