import type { Header, HttpRequest } from '../../../infra/embedded/http.ts';
import type { Change } from './case.ts';
import { withQuery } from './signers.ts';

/** A signed request after a change; `secret` does not change it, since it concerns the verifier. */
export function changed(request: HttpRequest, change: Change): HttpRequest {
  const { method, target, headers, body } = request;
  const [path = '', query = ''] = target.split(/\?(.*)/s);
  switch (change) {
    case 'method':
      return { ...request, method: method === 'PATCH' ? 'GET' : 'PATCH' };
    case 'path':
      return { ...request, target: withQuery(`${path}x`, query) };
    case 'query added':
      return { ...request, target: withQuery(target, 'extra=1') };
    case 'body':
      return { ...request, body: Buffer.concat([body, Buffer.from(' ')]) };
    case 'host':
      return { ...request, headers: mapHeader(headers, 'host', (value) => `other.${value}`) };
    case 'time':
      return {
        ...request,
        target: target.replace('X-Amz-Date=20260131T235930Z', 'X-Amz-Date=20260131T235931Z'),
        headers: mapHeader(headers, 'x-amz-date', () => '20260131T235931Z'),
      };
    case 'signature': {
      const last = (text: string) =>
        text.replace(
          /(Signature=[0-9a-f]{63})([0-9a-f])/,
          (_all, begin, end) => begin + (end === '0' ? '1' : '0'),
        );
      return { ...request, target: last(target), headers: mapHeader(headers, 'authorization', last) };
    }
    case 'secret':
      return request;
    case 'order of headers':
      return { ...request, headers: headers.toReversed() };
    case 'case of header names':
      return { ...request, headers: headers.map(([name, value]) => [swapCase(name), value]) };
    case 'blanks in header values':
      return {
        ...request,
        headers: headers.map(([name, value]) =>
          /^(authorization|x-amz-(date|security-token))$/i.test(name)
            ? [name, value]
            : [name, ` ${value.replaceAll(' ', '   ')} `],
        ),
      };
    case 'order of query':
      return { ...request, target: withQuery(path, query.split('&').toReversed().join('&')) };
    case 'unsigned header added':
      return { ...request, headers: [...headers, ['X-Unsigned', 'by a proxy on the way']] };
  }
}

function mapHeader(headers: readonly Header[], wanted: string, change: (value: string) => string): Header[] {
  return headers.map(([name, value]) => [name, name.toLowerCase() === wanted ? change(value) : value]);
}

function swapCase(name: string): string {
  return name === name.toLowerCase() ? name.toUpperCase() : name.toLowerCase();
}
