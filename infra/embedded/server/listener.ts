import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createHttp2, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createServer as createHttp1 } from '../../node-http.ts';
import { type Header, type HttpRequest, type HttpResponse, LostConnection, logUnexpected } from '../http.ts';
import { BodyTimeout, readBody } from './body.ts';

type Incoming = IncomingMessage | Http2ServerRequest;
type Outgoing = ServerResponse | Http2ServerResponse;

export interface Listener {
  readonly port: number;
  /** Closes every connection at once and frees the port. */
  stop(): Promise<void>;
}

/** Handles a request whose body was read up to `bodyLimit`. */
export type Handler = (request: HttpRequest, isTruncated: boolean) => Promise<HttpResponse>;

/** Thrown when another program listens on the port. */
export class PortInUse extends Error {
  readonly port: number;

  constructor(port: number) {
    super(`port ${port} is in use`);
    this.name = 'PortInUse';
    this.port = port;
  }
}

const PREFACE = 'PRI';
/** Longer than any SDK client keeps an idle connection, so that the server never closes one during a request. */
const KEEP_ALIVE_MILLIS = 120_000;
/** Enough for a body of 10 MiB on a slow connection. */
const TIMEOUTS_MS = { head: 20_000, body: 120_000 };
/** How often Node checks for request heads that take too long. */
const CHECK_MILLIS = 1_000;
/**
 * Many times what any client here opens. Beyond that, the connection that has been silent longest is closed, or else
 * the new one.
 */
const MAX_CONNECTIONS = 1_000;
const LINGER_MILLIS = 500;

/**
 * Listens on one port for HTTP/1.1 and for HTTP/2 with prior knowledge, which the AWS SDK's Kinesis client uses for
 * http endpoints; the first bytes of a connection identify the protocol. Throws PortInUse.
 */
export async function listen(options: {
  readonly port: number;
  readonly host: string;
  readonly handle: Handler;
  /** The number of body bytes to read for this request; the rest is discarded. */
  readonly bodyLimit: (request: Omit<HttpRequest, 'body'>) => number;
  /** The time limits for the head of a request and for its whole body, in milliseconds. */
  readonly timeouts?: { readonly head: number; readonly body: number };
  readonly maxConnections?: number;
}): Promise<Listener> {
  const { head: headersTimeout, body: bodyMillis } = options.timeouts ?? TIMEOUTS_MS;
  const { maxConnections = MAX_CONNECTIONS } = options;
  const serve = (incoming: Incoming, outgoing: Outgoing) => {
    // The request loses it once the connection has ended.
    const { socket } = incoming;
    answer(incoming, outgoing).catch((error: unknown) => {
      if (!isPeerFault(error)) logUnexpected(error);
      socket?.destroy();
    });
  };
  const http1 = createHttp1(
    { keepAliveTimeout: KEEP_ALIVE_MILLIS, headersTimeout, connectionsCheckingInterval: CHECK_MILLIS },
    serve,
  );
  http1.on('clientError', (_error, socket) => socket.destroy());
  const http2 = createHttp2(serve);
  http2.on('sessionError', () => undefined);
  http2.on('session', (session) => session.setTimeout(KEEP_ALIVE_MILLIS, () => session.destroy()));

  const sockets = new Set<Socket>();
  /** Connections that have not sent anything yet, oldest first. */
  const silent = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    if (sockets.size >= maxConnections) {
      const [longest = socket] = silent;
      forget(longest);
      longest.destroy();
      if (longest === socket) return;
    }
    sockets.add(socket);
    silent.add(socket);
    socket.once('close', () => forget(socket));
    socket.on('error', () => socket.destroy());
    // A connection that sends nothing, or stops in the middle, is closed.
    socket.setTimeout(headersTimeout, () => socket.destroy());
    sniff(socket, (protocol) => {
      silent.delete(socket);
      socket.setTimeout(KEEP_ALIVE_MILLIS);
      (protocol === 'h2' ? http2 : http1).emit('connection', socket);
    });
  });
  const forget = (socket: Socket) => {
    sockets.delete(socket);
    silent.delete(socket);
  };
  // Node enforces the time limit for heads only on servers that listen themselves.
  http1.emit('listening');
  server.listen(options.port, options.host);
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw new PortInUse(options.port);
    throw error;
  }

  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      http1.close();
      http2.close();
      await closed;
    },
  };

  async function answer(incoming: Incoming, outgoing: Outgoing): Promise<void> {
    const head = requestHead(incoming);
    const announced = Number(incoming.headers['content-length'] ?? 0);
    const body = await readBody(incoming, options.bodyLimit(head), announced, bodyMillis);
    const response = await options.handle({ ...head, body: body.bytes }, body.isTruncated);
    if (outgoing.destroyed) return;
    if (body.isUnread) endAfter(incoming, outgoing);
    respond(outgoing, response);
  }
}

/** Whether a client closed the connection, or a test asked for that: not an error of this server. */
function isPeerFault(error: unknown): boolean {
  if (error instanceof LostConnection || error instanceof BodyTimeout) return true;
  const { code = '' } = error as NodeJS.ErrnoException;
  return [
    'ECONNRESET',
    'EPIPE',
    'ERR_STREAM_PREMATURE_CLOSE',
    'ABORT_ERR',
    'ERR_HTTP2_STREAM_ERROR',
  ].includes(code);
}

/**
 * Closes a connection with an unread body after the client has had time to read the answer. Until then the rest of the
 * body is read and discarded: closing a connection with unread bytes resets it, and the answer is lost.
 */
function endAfter(incoming: Incoming, outgoing: Outgoing): void {
  const { socket } = incoming;
  outgoing.once('finish', () => {
    incoming.resume();
    setTimeout(() => socket?.destroy(), LINGER_MILLIS).unref();
  });
}

function sniff(socket: Socket, decide: (protocol: 'h1' | 'h2') => void): void {
  socket.once('readable', () => {
    const chunk = socket.read() as Buffer | null;
    if (chunk === null) return;
    const start = chunk.toString('latin1', 0, PREFACE.length);
    socket.unshift(chunk);
    if (start.length < PREFACE.length && PREFACE.startsWith(start)) sniff(socket, decide);
    else decide(start === PREFACE ? 'h2' : 'h1');
  });
}

function requestHead(incoming: Incoming): Omit<HttpRequest, 'body'> {
  const headers: Header[] = [];
  for (let index = 0; index < incoming.rawHeaders.length; index += 2) {
    const name = incoming.rawHeaders[index] ?? '';
    const value = incoming.rawHeaders[index + 1] ?? '';
    if (name === ':authority') headers.push(['Host', value]);
    else if (!name.startsWith(':')) headers.push([name, value]);
  }
  return {
    method: incoming.method ?? 'GET',
    target: incoming.url ?? '/',
    headers,
    sourceIp: (incoming.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
  };
}

function respond(outgoing: Outgoing, { status, headers, body }: HttpResponse): void {
  const byName = new Map<string, { name: string; values: string[] }>();
  for (const [name, value] of headers) {
    const entry = byName.get(name.toLowerCase()) ?? { name, values: [] };
    entry.values.push(value);
    byName.set(name.toLowerCase(), entry);
  }
  for (const hopByHop of ['connection', 'keep-alive', 'transfer-encoding']) byName.delete(hopByHop);
  byName.set('content-length', { name: 'Content-Length', values: [String(Buffer.byteLength(body))] });
  outgoing.statusCode = status;
  for (const { name, values } of byName.values()) {
    outgoing.setHeader(name, values.length === 1 ? (values[0] ?? '') : values);
  }
  outgoing.end(body);
}
