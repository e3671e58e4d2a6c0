import { type HttpRequest, type HttpResponse, headerValue } from '../http.ts';

/** Host names that identify a server on a loopback address, and AWS's own, for which SDK clients may sign. */
const OWN_NAMES = /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\]|(?:.+\.)?amazonaws\.com(?:\.cn)?)\.?$/i;

/**
 * The answer to a browser's request from a page of another site; undefined for any other request. Signatures are not
 * required here, so such a page could otherwise read and change the account's resources: with a simple request, whose
 * answer it cannot read, or by DNS rebinding, under its own host name that resolves to this machine.
 *
 * @param host the address that the server listens on; its valid host names are known only for a loopback address.
 */
export function browserRefusal(
  request: Pick<HttpRequest, 'headers'>,
  host: string,
): HttpResponse | undefined {
  const called = headerValue(request.headers, 'host');
  const name = called?.replace(/:\d*$/, '') ?? '';
  if (called !== undefined && isLoopback(host) && !OWN_NAMES.test(name) && name !== host)
    return refused(`${name} is not a host name of this server, which suggests DNS rebinding; call ${host}`);
  const site = headerValue(request.headers, 'sec-fetch-site') ?? 'none';
  const origin = headerValue(request.headers, 'origin');
  const isOwn =
    origin === undefined ||
    (called !== undefined && origin.toLowerCase() === `http://${called.toLowerCase()}`);
  if (isOwn && ['none', 'same-origin'].includes(site.toLowerCase())) return undefined;
  return refused(
    'pages of other sites may call deployed APIs, but not the control plane, Kinesis, IAM or STS',
  );
}

function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/.test(host);
}

function refused(reason: string): HttpResponse {
  return {
    status: 403,
    headers: [['Content-Type', 'application/json']],
    body: JSON.stringify({ message: `The embedded AWS refuses this call from a browser: ${reason}.` }),
  };
}
