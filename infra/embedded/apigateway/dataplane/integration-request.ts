import type { Header } from '../../http.ts';
import type { Integration } from '../model.ts';
import { overridesOf } from './context.ts';
import { configurationError, GatewayError } from './gateway-error.ts';
import { serviceAddress, withPathValues, withStageVariables } from './integration-uri.ts';
import { byMediaType } from './media-type.ts';
import { lastValues } from './method-request.ts';
import { type MappingSources, mappedValues } from './parameter-mapping.ts';
import { type Payload, requestPayload } from './payload.ts';
import type { BackendRequest } from './types.ts';
import { renderMapping } from './vtl/mapping-template.ts';

/**
 * The body for the backend: the rendered template, or the client's body
 * (docs/facts/gateway.md#choice-of-the-template). Templates can read only text (docs/facts/gateway.md#binary-bodies).
 */
export function requestBody(integration: Integration, sources: MappingSources): Payload {
  const { request } = sources;
  const template = byMediaType(integration.requestTemplates, request.contentType);
  if (template === undefined) {
    const hasTemplates = Object.keys(integration.requestTemplates ?? {}).length > 0;
    const behavior = integration.passthroughBehavior;
    // Whether AWS exempts calls without a body is unknown (docs/facts/gateway.md#choice-of-the-template): refused as
    // well (inferred).
    if (behavior === 'NEVER' || (behavior === 'WHEN_NO_TEMPLATES' && hasTemplates)) {
      throw new GatewayError('UNSUPPORTED_MEDIA_TYPE', 'Unsupported Media Type', 'BadRequestException');
    }
  }
  const payload = requestPayload(request.body, integration.contentHandling);
  if (template === undefined) return payload;
  if (typeof payload !== 'string') throw configurationError('Unable to transform request');
  return renderMapping(template, payload, sources, 'request');
}

/** A backend request without the members that the caller adds. */
export type ServiceRequest = Omit<BackendRequest, 'restApiId'>;

/**
 * The request that an integration of type AWS sends, with its headers in the order of AWS's log
 * (docs/facts/gateway.md#integration-request).
 */
export function serviceRequest(
  integration: Integration,
  sources: MappingSources,
  call: { readonly restApiId: string; readonly traceId: string },
): ServiceRequest {
  const targets = mapTargets(integration, sources);
  const body = requestBody(integration, sources);
  // Rendering comes first: a template may set overrides.
  for (const part of ['header', 'path', 'querystring'] as const) {
    for (const [name, value] of overridesOf(sources.context, 'requestOverride', part))
      targets[part].set(name, [value]);
  }
  refuseForbiddenHeaders(targets.header.keys());
  const address = serviceAddress(withStageVariables(integration.uri ?? '', sources.stageVariables));
  const method = integration.httpMethod ?? sources.request.httpMethod;
  const query = [...targets.querystring].flatMap(([name, values]) =>
    values.map((value): Header => [name, value]),
  );
  const credentials = withStageVariables(integration.credentials ?? '', sources.stageVariables);
  const bodiless = method === 'GET' || method === 'HEAD';
  return {
    service: address.service,
    region: address.region,
    method,
    path: withPathValues(address.path, lastValues(targets.path)),
    query: [...address.query, ...query],
    headers: endpointHeaders(targets.header, sources, call),
    body: bodiless ? '' : body,
    credentials: credentials === '' ? undefined : credentials,
  };
}

type Targets = Record<'header' | 'path' | 'querystring', Map<string, readonly string[]>>;

function mapTargets(integration: Integration, sources: MappingSources): Targets {
  const targets: Targets = { header: new Map(), path: new Map(), querystring: new Map() };
  for (const [target, expression] of Object.entries(integration.requestParameters ?? {})) {
    const [, part, name] = /^integration\.request\.(header|path|querystring)\.(.+)$/s.exec(target) ?? [];
    const values = mappedValues(expression, sources);
    if (name !== undefined && values.length > 0) targets[part as keyof Targets].set(name, values);
  }
  return targets;
}

/** docs/facts/gateway.md#integration-request, LS-T:integrations: mapping one of these fails the call. */
const FORBIDDEN: ReadonlySet<string> = new Set([
  'authorization',
  'connection',
  'content-length',
  'expect',
  'proxy-authenticate',
  'te',
  'transfer-encoding',
  'x-amzn-apigateway-api-id',
  'x-amzn-trace-id',
]);

function refuseForbiddenHeaders(names: Iterable<string>): void {
  for (const name of names) {
    if (FORBIDDEN.has(name.toLowerCase())) throw configurationError(`Header ${name} cannot be mapped`);
  }
}

/**
 * The gateway's own headers, which mapped ones of the same name replace. If Content-Type is not mapped, it is the
 * client's (EMU LS-C): Kinesis accepts the call either way (docs/facts/gateway.md#integration-request, LS-T:kinesis).
 */
function endpointHeaders(
  mapped: ReadonlyMap<string, readonly string[]>,
  { request }: MappingSources,
  { restApiId, traceId }: { readonly restApiId: string; readonly traceId: string },
): readonly Header[] {
  const own: readonly Header[] = [
    ['x-amzn-apigateway-api-id', restApiId],
    ['Accept', 'application/json'],
    ['User-Agent', `AmazonAPIGateway_${restApiId}`],
    ['X-Amzn-Trace-Id', traceId],
    ['Content-Type', request.contentType],
  ];
  const replaced = new Set([...mapped.keys()].map((name) => name.toLowerCase()));
  const headers = own.filter(([name]) => !replaced.has(name.toLowerCase()));
  // Multiple values of a header are joined (docs/facts/gateway.md#parameters, EMU).
  for (const [name, values] of mapped) headers.push([name, values.join(',')]);
  return headers;
}
