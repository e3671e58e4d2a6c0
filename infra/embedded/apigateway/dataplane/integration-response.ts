import type { Header, HttpResponse } from '../../http.ts';
import type { IntegrationResponse, Method } from '../model.ts';
import { overridesOf, statusOverride } from './context.ts';
import { configurationError, notEmulated } from './gateway-error.ts';
import type { EndpointAnswer } from './integration.ts';
import { byAccept } from './media-type.ts';
import { type MappingSources, mappedValues } from './parameter-mapping.ts';
import { patternOf, tests } from './pattern.ts';
import { type Payload, responsePayload } from './payload.ts';
import { respondedHeaders } from './response-headers.ts';
import { renderMapping } from './vtl/mapping-template.ts';

/**
 * Converts a backend's answer for the client: the integration response that matches its status determines status and
 * body, and only mapped headers are passed on (docs/facts/gateway.md#choice-of-the-response,
 * docs/facts/gateway.md#response-headers).
 *
 * @throws GatewayError 500 if nothing matches, the method does not declare the response, or its template fails.
 */
export function integrationResponse(
  method: Method,
  answer: EndpointAnswer,
  request: MappingSources,
  binaryMediaTypes: readonly string[],
): HttpResponse {
  const chosen = selectedResponse(
    Object.values(method.methodIntegration?.integrationResponses ?? {}),
    answer.status,
  );
  if (chosen === undefined)
    throw configurationError(
      'No match for output mapping and no default output mapping configured. ' +
        `Endpoint Response Status Code: ${answer.status}`,
    );
  if (!method.methodResponses || !Object.hasOwn(method.methodResponses, chosen.statusCode)) {
    // An undeclared method response is a 500 (docs/facts/gateway.md#choice-of-the-response, DOC); the message is the
    // log's.
    throw configurationError(`Output mapping refers to an invalid method response: ${chosen.statusCode}`);
  }
  const sources = { ...request, response: answer };
  const mapped = mappedHeaders(chosen, sources);
  const template = byAccept(chosen.responseTemplates, request.request.accept)?.[1];
  const payload = responsePayload(
    answer.body,
    chosen.contentHandling,
    request.request.accept,
    binaryMediaTypes,
  );
  // An empty template passes the body through unchanged (EMU LS-C).
  const body = template ? renderMapping(template, readable(payload), sources, 'response') : payload;
  const overridden = overridesOf(request.context, 'responseOverride', 'header');
  return {
    status: statusOverride(request.context) ?? Number(chosen.statusCode),
    headers: respondedHeaders([...mapped, ...overridden]),
    body,
  };
}

/**
 * Response templates, like request templates, can read only text (inferred from docs/facts/gateway.md#binary-bodies).
 */
function readable(payload: Payload): string {
  if (typeof payload === 'string') return payload;
  if (payload.length === 0) throw notEmulated('a response template for an empty body that counts as binary');
  throw configurationError('Unable to transform response');
}

/**
 * The pattern must match the HTTP status (docs/facts/gateway.md#choice-of-the-response, DOC), and all of it
 * (inferred). If several match, the one whose own status equals the backend's wins
 * (docs/facts/gateway.md#choice-of-the-response), else the first (EMU); if none matches, the one without a pattern, if
 * any.
 */
export function selectedResponse(
  responses: readonly IntegrationResponse[],
  status: number,
): IntegrationResponse | undefined {
  const text = String(status);
  const matching = responses.filter(
    ({ selectionPattern }) => selectionPattern && selects(selectionPattern, text),
  );
  return (
    matching.find(({ statusCode }) => statusCode === text) ??
    matching[0] ??
    responses.find(({ selectionPattern }) => !selectionPattern)
  );
}

/** Whether a selection pattern matches a status, such as `400`. A malformed pattern matches nothing. */
export function selects(pattern: string, status: string): boolean {
  let whole: RegExp;
  try {
    whole = patternOf(`^(?:${pattern})$`);
  } catch {
    return false;
  }
  return tests(whole, status);
}

function mappedHeaders(response: IntegrationResponse, sources: MappingSources): readonly Header[] {
  return Object.entries(response.responseParameters ?? {}).flatMap(([target, expression]): Header[] => {
    const name = /^method\.response\.header\.(.+)$/s.exec(target)?.[1];
    const values = mappedValues(expression, sources);
    return name === undefined || values.length === 0 ? [] : [[name, values.join(',')]];
  });
}
