import type { Header, HttpResponse } from '../../http.ts';
import type { ApiSnapshot, GatewayResponse } from '../model.ts';
import { contextValue } from './context.ts';
import { DEFAULT_STATUS, type GatewayError, type GatewayResponseType } from './gateway-error.ts';
import { byAccept } from './media-type.ts';
import { type MappingSources, mappedValues } from './parameter-mapping.ts';
import { printed, SilentMap, type VtlMap } from './vtl/value.ts';

/** The gateway's own answer: as the API customises it, or as AWS gives it (docs/facts/gateway.md#errors). */
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
    // Parameters of the request only, no body (docs/facts/gateway.md#errors, DOC).
    if (expression.startsWith('method.request.body')) continue;
    const value = mappedValues(expression, sources).at(-1);
    if (name !== undefined && value !== undefined) setHeader(headers, name, value);
  }
  return { status, headers, body: substituted(template, sources) };
}

/**
 * Neither body nor status of a refused size can be customised (docs/facts/gateway.md#errors, DOC); the other is none of
 * AWS's.
 */
const FIXED: ReadonlySet<GatewayResponseType> = new Set(['REQUEST_TOO_LARGE', 'NOT_EMULATED']);

/**
 * DEFAULT_4XX and DEFAULT_5XX stand in for the types that are not customised themselves (docs/facts/gateway.md#errors).
 */
function customised(api: ApiSnapshot, type: GatewayResponseType): GatewayResponse | undefined {
  const fallback = DEFAULT_STATUS[type] < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX';
  const named = (wanted: string) => api.gatewayResponses.find(({ responseType }) => responseType === wanted);
  return named(type) ?? named(fallback);
}

function defaultTemplate(type: GatewayResponseType): string {
  // A capital M (docs/facts/gateway.md#errors, EMU).
  if (type === 'ACCESS_DENIED') return '{"Message":$context.error.messageString}';
  // 5xx bodies come with a blank: 36 bytes for a configuration error (docs/facts/gateway.md#integration-request,
  // LS-T:integrations).
  if (DEFAULT_STATUS[type] >= 500) return '{"message": $context.error.messageString}';
  // A plain text, as recorded (docs/facts/gateway.md#errors).
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
 * Variables are replaced; this is not VTL (docs/facts/gateway.md#errors, DOC). The validation's text stands as it would
 * within a JSON text: deployed APIs whose template has it in quotes answer `"([\\"name\\"])"` (AWS samples' outputs of
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
