import type { Header } from '../../http.ts';

/**
 * The client's headers with those that API Gateway adds to a method request (docs/facts/gateway.md#parameters; that
 * templates see them is inferred). The client's address is appended to its X-Forwarded-For; port and protocol are the
 * gateway's (inferred). A test invocation gets none of them (LS-T:basic).
 *
 * @param traceId as in the response: a method request has only its root, or the client's value (inferred).
 */
export function withForwardedHeaders(
  headers: readonly Header[],
  { sourceIp, traceId }: { readonly sourceIp: string; readonly traceId: string },
): readonly Header[] {
  const own: Header[] = [];
  let forwarded = sourceIp;
  let trace = traceId.split(';')[0] as string;
  for (const header of headers) {
    const [name, value] = header;
    switch (name.toLowerCase()) {
      case 'x-forwarded-for':
        forwarded = `${value}, ${sourceIp}`;
        break;
      case 'x-amzn-trace-id':
        if (/root=/i.test(value)) trace = value;
        break;
      case 'x-forwarded-port':
      case 'x-forwarded-proto':
        break;
      default:
        own.push(header);
    }
  }
  own.push(
    ['X-Amzn-Trace-Id', trace],
    ['X-Forwarded-For', forwarded],
    ['X-Forwarded-Port', '443'],
    ['X-Forwarded-Proto', 'https'],
  );
  return own;
}
