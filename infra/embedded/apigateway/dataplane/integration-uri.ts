import type { Header } from '../../http.ts';
import { configurationError } from './gateway-error.ts';

/** The address that an integration of type AWS calls. */
export interface ServiceAddress {
  readonly service: string;
  readonly region: string;
  /** `/` for action URIs; placeholders are not yet replaced. */
  readonly path: string;
  readonly query: readonly Header[];
}

/**
 * `arn:aws:apigateway:{region}:{service}:action/{Action}[&p=v…]` or `…:path/{path}[?query]`; a subdomain before the
 * service is ignored. An action becomes the query `Action=X` (docs/facts/gateway.md#integration-request, DOC).
 *
 * @throws GatewayError 500 if it is neither.
 */
export function serviceAddress(uri: string): ServiceAddress {
  const parts = /^arn:[^:]+:apigateway:([^:]+):(?:[^:.]+\.)?([^:]+):(action|path)\/(.*)$/s.exec(uri);
  if (!parts) throw configurationError('Invalid endpoint address');
  const [, region, service, kind, rest] = parts as unknown as [string, string, string, string, string];
  if (kind === 'action') {
    return { service, region, path: '/', query: pairs(`Action=${rest}`) };
  }
  const [path = '', query = ''] = rest.split(/\?(.*)/s);
  return { service, region, path: `/${path.replace(/^\//, '')}`, query: pairs(query) };
}

/** `${stageVariables.x}` anywhere in a URI or a role ARN. */
export function withStageVariables(text: string, stageVariables: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{stageVariables\.([^}]+)\}/g, (_all, name: string) =>
    Object.hasOwn(stageVariables, name) ? (stageVariables[name] ?? '') : '',
  );
}

/** Replaces `{x}` in a path; each value is encoded as one path segment. */
export function withPathValues(path: string, values: ReadonlyMap<string, string>): string {
  return path.replace(/\{([^}]+)\}/g, (whole, name: string) => {
    const value = values.get(name);
    return value === undefined ? whole : encodeURI(value);
  });
}

export function queryText(query: readonly Header[]): string {
  return query.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
}

function pairs(query: string): readonly Header[] {
  return query
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const at = part.indexOf('=');
      return at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)];
    });
}
