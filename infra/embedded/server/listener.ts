import { once } from 'node:events';
import { createServer as createHttp1, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttp2, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Header, HttpRequest, HttpResponse } from '../http.ts';
import { type ReadBody, readBody } from './body.ts';

type Incoming = IncomingMessage | Http2ServerRequest;
type Outgoing = ServerResponse | Http2ServerResponse;

export interface Listener {
  readonly port: number;
  /** Closes every connection at once and frees the port. */
  stop(): Promise<void>;
}

/** A request, its body read up to what the handler's `bodyLimit` allows. */
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
/** Longer than any SDK client keeps an idle connection, so that none is closed under a request. */
const KEEP_ALIVE_MILLIS = 120_000;

/**
 * One port for HTTP/1.1 and for HTTP/2 with prior knowledge, which the AWS SDK's Kinesis client speaks to http
 * endpoints: the first bytes of a connection tell. Throws PortInUse.
 */
export async function listen(options: {
  readonly port: number;
  readonly host: string;
  readonly handle: Handler;
  /** Bytes of the body to read for this request; what follows is thrown away. */
  readonly bodyLimit: (request: Omit<HttpRequest, 'body'>) => number;
}): Promise<Listener> {
  const serve = (incoming: Incoming, outgoing: Outgoing) => {
    answer(incoming, outgoing).catch(() => incoming.socket.destroy());
  };
  const http1 = createHttp1({ keepAliveTimeout: KEEP_ALIVE_MILLIS }, serve);
  const http2 = createHttp2(serve);
  http2.on('sessionError', () => undefined);

  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    sniff(socket, (protocol) => (protocol === 'h2' ? http2 : http1).emit('connection', socket));
  });
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
    let body: ReadBody;
    try {
      body = await readBody(incoming, options.bodyLimit(head));
    } catch {
      incoming.socket.destroy();
      return;
    }
    respond(outgoing, await options.handle({ ...head, body: body.bytes }, body.isTruncated));
  }
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
