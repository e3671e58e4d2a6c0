import type { Exchange } from './exchange.ts';

/** Headers that curl sets by itself, or sends differently. */
const OWN_HEADERS = new Set(['content-length', 'host', 'connection', 'transfer-encoding']);

/** The request of an exchange as one line for a POSIX shell; when pasted, it repeats the call. */
export function curlLine({ request }: Pick<Exchange, 'request'>): string {
  const parts = [
    'curl -sS',
    request.method === 'HEAD' ? '--head' : `-X ${request.method}`,
    quote(request.url),
  ];
  const headers = Object.entries(request.headers).filter(([name]) => !OWN_HEADERS.has(name.toLowerCase()));
  // `Name;` makes curl send a header without a value.
  for (const [name, value] of headers)
    parts.push('-H', quote(value === '' ? `${name};` : `${name}: ${value}`));
  if (request.body !== undefined) {
    // Otherwise curl sends the media type of a form.
    if (!headers.some(([name]) => name.toLowerCase() === 'content-type'))
      parts.push('-H', quote('Content-Type:'));
    // --data-raw is --data-binary, but a leading `@` does not mean a file.
    parts.push(request.body.startsWith('@') ? '--data-raw' : '--data-binary', quote(request.body));
  }
  return parts.join(' ');
}

/** A word for a POSIX shell: single quotes keep everything but themselves. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
