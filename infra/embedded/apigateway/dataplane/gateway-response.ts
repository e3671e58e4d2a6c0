import type { Header, HttpResponse } from '../../http.ts';
import type { ApiSnapshot, GatewayResponse } from '../model.ts';
import { contextValue } from './context.ts';
import { DEFAULT_STATUS, type GatewayError, type GatewayResponseType } from './gateway-error.ts';
import { byAccept } from './media-type.ts';
import { type MappingSources, mappedValues } from './parameter-mapping.ts';
import { printed, SilentMap, type VtlMap } from './vtl/value.ts';

/** A gateway response: customised by the API, or AWS's default (docs/facts/gateway.md#errors). */
export function gatewayResponse(
  api: ApiSnapshot,
  error: GatewayError,
  sources: MappingSources,
): HttpResponse {
  describeError(sources.context, error);
  const custom = FIXED.has(error.type) ? undefined : customised(api, error.type);
  const status = Number(custom?.statusCode) || DEFAULT_STATUS[error.type];
  const [mediaType, template] = byAccept(custom?.responseTemplates, sources.request.accept) ?? [
    'application/json',
    defaultTemplate(error.type),
  ];
  const headers: Header[] = [
    ['x-amzn-ErrorType', error.errorType],
    ['Content-Type', mediaType],
  ];
  for (const [target, expression] of Object.entries(custom?.responseParameters ?? {})) {
    const name = /^gatewayresponse\.header\.(.+)$/.exec(target)?.[1];
    // Only the request's parameters can be mapped, not its body (docs/facts/gateway.md#errors, DOC).
    if (expression.startsWith('method.request.body')) continue;
    const value = mappedValues(expression, sources).at(-1);
    if (name !== undefined && value !== undefined) setHeader(headers, name, value);
  }
  return { status, headers, body: substituted(template, sources) };
}

/** REQUEST_TOO_LARGE cannot be customised (docs/facts/gateway.md#errors, DOC); NOT_EMULATED is not a type of AWS. */
const FIXED: ReadonlySet<GatewayResponseType> = new Set(['REQUEST_TOO_LARGE', 'NOT_EMULATED']);

/**
 * DEFAULT_4XX and DEFAULT_5XX apply to the types that are not customised themselves (docs/facts/gateway.md#errors).
 */
function customised(api: ApiSnapshot, type: GatewayResponseType): GatewayResponse | undefined {
  const fallback = DEFAULT_STATUS[type] < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX';
  const named = (wanted: string) => api.gatewayResponses.find(({ responseType }) => responseType === wanted);
  return named(type) ?? named(fallback);
}

function defaultTemplate(type: GatewayResponseType): string {
  // A capital M (docs/facts/gateway.md#errors, EMU).
  if (type === 'ACCESS_DENIED') return '{"Message":$context.error.messageString}';
  // 5xx bodies contain a blank: 36 bytes for a configuration error (docs/facts/gateway.md#integration-request,
  // LS-T:integrations).
  if (DEFAULT_STATUS[type] >= 500) return '{"message": $context.error.messageString}';
  // Plain text, as recorded (docs/facts/gateway.md#errors).
  if (type === 'REQUEST_TOO_LARGE') return '$context.error.message';
  return '{"message":$context.error.messageString}';
}

function describeError(context: VtlMap, error: GatewayError): void {
  const described = new SilentMap([
    ['message', error.message],
    ['messageString', JSON.stringify(error.message)],
    ['responseType', error.type],
    ['validationErrorString', error.details.validation],
  ]);
  context.set('error', described);
}

const VARIABLE =
  /\$(?:\{(context|stageVariables)\.([\w.-]+)\}|(context|stageVariables)\.([\w-]+(?:\.[\w-]+)*))/g;

/**
 * Substitutes variables; this is not VTL (docs/facts/gateway.md#errors, DOC). The validation error is escaped as in a
 * JSON string: deployed APIs whose template puts it in quotes answer `"([\\"name\\"])"` (AWS samples' outputs of
 * schema validation).
 */
function substituted(template: string, { context, stageVariables }: MappingSources): string {
  return template.replace(VARIABLE, (_all, group, name, bareGroup, bareName) => {
    const wanted: string = name ?? bareName;
    if (wanted === 'error.validationErrorString' && (group ?? bareGroup) === 'context')
      return JSON.stringify(printed(contextValue(context, wanted))).slice(1, -1);
    if ((group ?? bareGroup) === 'context') return printed(contextValue(context, wanted));
    return Object.hasOwn(stageVariables, wanted) ? (stageVariables[wanted] ?? '') : '';
  });
}

function setHeader(headers: Header[], name: string, value: string): void {
  const at = headers.findIndex(([known]) => known.toLowerCase() === name.toLowerCase());
  headers.splice(at < 0 ? headers.length : at, at < 0 ? 0 : 1, [name, value]);
}
