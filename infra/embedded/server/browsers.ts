import { type HttpRequest, type HttpResponse, headerValue } from '../http.ts';

/** Names under which a server on a loopback address is meant, and AWS's own, which SDK clients may sign for. */
const OWN_NAMES = /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\]|(?:.+\.)?amazonaws\.com(?:\.cn)?)\.?$/i;

/**
 * The answer to a request that a page of another site had a browser send, undefined for any other. No signature is asked
 * for here, so that a page could otherwise create, change and read what this account has: with a simple request, whose
 * answer it cannot read, or under a name of its own that it points at this machine (DNS rebinding).
 *
 * @param host the address that the server listens on; only on a loopback address are the names known under which it may
 *   be called.
 */
export function browserRefusal(
  request: Pick<HttpRequest, 'headers'>,
  host: string,
): HttpResponse | undefined {
  const called = headerValue(request.headers, 'host');
  const name = called?.replace(/:\d*$/, '') ?? '';
  if (called !== undefined && isLoopback(host) && !OWN_NAMES.test(name) && name !== host)
    return refused(
      `the name ${name} is none of this server's, so this looks like DNS rebinding; call ${host}`,
    );
  const site = headerValue(request.headers, 'sec-fetch-site') ?? 'none';
  const origin = headerValue(request.headers, 'origin');
  const isOwn =
    origin === undefined ||
    (called !== undefined && origin.toLowerCase() === `http://${called.toLowerCase()}`);
  if (isOwn && ['none', 'same-origin'].includes(site.toLowerCase())) return undefined;
  return refused(
    'pages of other sites may call deployed APIs, and neither the control plane nor Kinesis, IAM or STS',
  );
}

function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/.test(host);
}

function refused(reason: string): HttpResponse {
  return {
    status: 403,
    headers: [['Content-Type', 'application/json']],
    body: JSON.stringify({ message: `The embedded AWS refuses this call of a browser: ${reason}.` }),
  };
}
