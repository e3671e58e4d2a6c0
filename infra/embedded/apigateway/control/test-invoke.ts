import type { Header, HttpResponse } from '../../http.ts';
import type { TestInvokeResult } from '../dataplane/types.ts';
import { snapshotOf } from './deployments.ts';
import { notFound } from './errors.ts';
import { type ControlState, resourceOf } from './state.ts';
import { type Call, isObject, json, param, readBody, text, textMap } from './wire.ts';

/** Runs the current state of a method, deployed or not. The path defaults to the resource's (recorded on AWS). */
export async function testInvokeMethod(state: ControlState, call: Call): Promise<HttpResponse> {
  const { api, resource } = resourceOf(state, call);
  const httpMethod = param(call, 'httpMethod');
  const methods = resource.resourceMethods;
  if (methods?.[httpMethod] === undefined && methods?.ANY === undefined) {
    throw notFound('Invalid Method identifier specified');
  }
  const body = readBody(call);
  const result = await state.testInvoke(snapshotOf(api), {
    resource: structuredClone(resource),
    httpMethod,
    pathWithQueryString: text(body, 'pathWithQueryString') || resource.path,
    headers: [...singleHeaders(textMap(body, 'headers')), ...multiHeaders(body.multiValueHeaders)],
    body: text(body, 'body') ?? '',
    stageVariables: textMap(body, 'stageVariables') ?? {},
  });
  return json(200, isFailure(result) ? onlyErrorType(result) : result);
}

const ERROR_TYPE = 'x-amzn-ErrorType';

const isFailure = ({ status, headers }: TestInvokeResult) => status === 500 && ERROR_TYPE in headers;

/** A failed execution shows no other header, not even Content-Type (recorded on AWS). */
function onlyErrorType(result: TestInvokeResult): TestInvokeResult {
  const only = <T>(headers: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(headers).filter(([name]) => name === ERROR_TYPE));
  return { ...result, headers: only(result.headers), multiValueHeaders: only(result.multiValueHeaders) };
}

const singleHeaders = (headers: Readonly<Record<string, string>> | undefined): Header[] =>
  Object.entries(headers ?? {});

function multiHeaders(headers: unknown): Header[] {
  if (!isObject(headers)) return [];
  return Object.entries(headers).flatMap(([name, values]) =>
    Array.isArray(values) ? values.map((value): Header => [name, String(value)]) : [],
  );
}
