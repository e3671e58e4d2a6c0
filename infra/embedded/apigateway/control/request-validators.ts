import type { HttpResponse } from '../../http.ts';
import type { RequestValidator } from '../model.ts';
import { badRequest, conflict, notFound } from './errors.ts';
import { newId } from './ids.ts';
import { readPatch, replaceFields } from './patch.ts';
import { type ControlState, restApiOf } from './state.ts';
import { type Call, empty, flag, json, page, param, readBody, text } from './wire.ts';

/** An unknown API is reported as an unknown validator (recorded on AWS). */
function requestValidatorOf(state: ControlState, call: Call) {
  const api = state.restApis.get(param(call, 'restApiId'));
  const validator = api?.requestValidators.get(param(call, 'requestValidatorId'));
  if (api === undefined || validator === undefined) {
    throw notFound('Invalid Request Validator identifier specified');
  }
  return { api, validator };
}

export function createRequestValidator(state: ControlState, call: Call): HttpResponse {
  const api = state.restApis.get(param(call, 'restApiId'));
  if (api === undefined) throw badRequest('Invalid REST API identifier specified');
  const body = readBody(call);
  const validator: RequestValidator = {
    id: newId(),
    name: text(body, 'name') ?? '',
    validateRequestBody: flag(body, 'validateRequestBody') ?? false,
    validateRequestParameters: flag(body, 'validateRequestParameters') ?? false,
  };
  api.requestValidators.set(validator.id, validator);
  return json(201, validator);
}

export const getRequestValidator = (state: ControlState, call: Call) =>
  json(200, requestValidatorOf(state, call).validator);

export const getRequestValidators = (state: ControlState, call: Call) =>
  page(call, [...restApiOf(state, call).requestValidators.values()]);

/** A flag without a value becomes false (recorded on AWS). */
export function updateRequestValidator(state: ControlState, call: Call): HttpResponse {
  const patch = readPatch(readBody(call), 'updateRequestValidatorInput');
  const { validator } = requestValidatorOf(state, call);
  replaceFields(patch, {
    '/name': (value) => {
      if (value.trim() === '') throw badRequest('Request Validator name cannot be blank');
      validator.name = value;
    },
    '/validateRequestParameters': (value) => {
      validator.validateRequestParameters = value.toLowerCase() === 'true';
    },
    '/validateRequestBody': (value) => {
      validator.validateRequestBody = value.toLowerCase() === 'true';
    },
  });
  return json(200, validator);
}

export function deleteRequestValidator(state: ControlState, call: Call): HttpResponse {
  const { api, validator } = requestValidatorOf(state, call);
  for (const { resourceMethods } of api.resources.values()) {
    for (const method of Object.values(resourceMethods ?? {})) {
      // The message is not recorded (inferred).
      if (method.requestValidatorId === validator.id) {
        throw conflict('Cannot delete request validator, is referenced by a method');
      }
    }
  }
  api.requestValidators.delete(validator.id);
  return empty(202);
}
