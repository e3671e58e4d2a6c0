import type { Exchange } from './exchange.ts';

/** Headers that curl sets by itself, or sends differently. */
const OWN_HEADERS = new Set(['content-length', 'host', 'connection', 'transfer-encoding']);

/** What a signature adds; curl makes it anew. */
const SIGNATURE = new Set(['authorization', 'x-amz-date', 'x-amz-content-sha256', 'x-amz-security-token']);

/**
 * The request of an exchange as one line for a POSIX shell; pasted, it repeats the call. Secrets are left to the
 * shell's own AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN and API_KEY.
 */
export function curlLine({ request }: Pick<Exchange, 'request'>): string {
  const parts = [
    'curl -sS',
    request.method === 'HEAD' ? '--head' : `-X ${request.method}`,
    quote(request.url),
  ];
  const all = Object.entries(request.headers).map(
    ([name, value]) => [name.toLowerCase(), name, value] as const,
  );
  const has = (wanted: string) => all.some(([lower]) => lower === wanted);
  const isSigned = has('authorization') && has('x-amz-content-sha256');
  if (isSigned) {
    const region = /\.execute-api\.([a-z0-9-]+)\.amazonaws\./.exec(request.url)?.[1] ?? '$AWS_REGION';
    parts.push(
      `--aws-sigv4 "aws:amz:${region}:execute-api" --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"`,
    );
    if (has('x-amz-security-token')) parts.push('-H "X-Amz-Security-Token: $AWS_SESSION_TOKEN"');
  }
  if (has('x-api-key')) parts.push('-H "x-api-key: $API_KEY"');
  const headers = all
    .filter(
      ([lower]) => !OWN_HEADERS.has(lower) && lower !== 'x-api-key' && !(isSigned && SIGNATURE.has(lower)),
    )
    .map(([, name, value]) => [name, value] as const);
  // `Name;` is how curl is told to send a header without a value.
  for (const [name, value] of headers)
    parts.push('-H', quote(value === '' ? `${name};` : `${name}: ${value}`));
  if (request.body !== undefined) {
    // curl would name a form's media type of its own accord.
    if (!headers.some(([name]) => name.toLowerCase() === 'content-type'))
      parts.push('-H', quote('Content-Type:'));
    // --data-raw is --data-binary without the meaning of a leading `@`, which would name a file.
    parts.push(request.body.startsWith('@') ? '--data-raw' : '--data-binary', quote(request.body));
  }
  return parts.join(' ');
}

/** Single quotes keep everything but themselves. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
