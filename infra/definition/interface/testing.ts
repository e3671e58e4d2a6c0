import { expect } from 'chai';
import type { Json, JsonObject } from '../types.ts';
import { deriveInterface, type StageOf } from './derive.ts';
import type { Call, Interface } from './types.ts';

/** Small definitions for the tests of this folder. */

export interface MethodText {
  readonly action?: string;
  readonly verb?: string;
  readonly path?: string;
  readonly template?: string;
  readonly integration?: JsonObject;
  readonly operation?: JsonObject;
  /** Declared parameters, as `query:limit`. */
  readonly parameters?: readonly string[];
}

export function openapiOf(methods: readonly MethodText[], root: JsonObject = {}): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const method of methods) {
    const { verb = 'post', path = '/events' } = method;
    paths[path] = { ...paths[path], [verb]: operationOf(method) };
  }
  return { openapi: '3.0.1', info: { title: 'collector', version: '1' }, paths, ...root };
}

function operationOf({
  action = 'PutRecord',
  template,
  integration,
  operation,
  parameters = [],
}: MethodText): JsonObject {
  return {
    parameters: parameters.map((text): Json => {
      const [place = '', name = ''] = text.split(':');
      return { name, in: place, schema: { type: 'string' } };
    }),
    responses: { '200': { description: 'ok' } },
    'x-amazon-apigateway-integration': {
      type: 'aws',
      httpMethod: 'POST',
      uri: `arn:aws:apigateway:us-east-1:kinesis:action/${action}`,
      credentials: 'arn:aws:iam::123456789012:role/proxy',
      passthroughBehavior: 'never',
      ...(template !== undefined && { requestTemplates: { 'application/json': template } }),
      responses: { default: { statusCode: '200' } },
      ...integration,
    },
    ...operation,
  };
}

export function interfaceOf(method: MethodText, stage?: StageOf): Interface {
  return deriveInterface(openapiOf([method]), stage);
}

/** The only call of a definition with one method. */
export function callOf(method: MethodText, stage?: StageOf): Call {
  const { calls } = interfaceOf(method, stage);
  if (calls.length !== 1 || calls[0] === undefined) throw new Error(`${calls.length} calls, not one`);
  return calls[0];
}

/** What a call takes from its client, without what the gateway adds. Fails if anything is undetermined. */
export function membersOf(call: Call | undefined) {
  const {
    contentType: _,
    errors: _e,
    statuses: _s,
    success: _ok,
    auth: _a,
    apiKeyRequired: _k,
    ...rest
  } = call as Call;
  const { contentTypes: _t, passthrough: _p, required: _r, response: _b, undetermined, ...members } = rest;
  expect(undetermined, `${call?.action}: undetermined`).to.deep.equal([]);
  return members;
}
