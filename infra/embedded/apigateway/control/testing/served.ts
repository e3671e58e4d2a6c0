/** For tests: the control plane behind a tiny HTTP server, and the real SDK client that talks to it. */

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { APIGatewayClient, CreateRestApiCommand } from '@aws-sdk/client-api-gateway';
import type { Account } from '../../../account.ts';
import type { TestInvokeRequest, TestInvokeResult } from '../../dataplane/types.ts';
import type { ApiSnapshot } from '../../model.ts';
import { type ControlPlane, createControlPlane } from '../control-plane.ts';

/** The place for a test's method: GET of an API's root. */
export interface MethodPlace {
  readonly restApiId: string;
  readonly resourceId: string;
  readonly httpMethod: string;
}

export interface Served {
  readonly control: ControlPlane;
  readonly client: APIGatewayClient;
  /** `http://127.0.0.1:{port}` */
  readonly endpoint: string;
  /** The requests that TestInvokeMethod passed to the data plane. */
  readonly invoked: { readonly api: ApiSnapshot; readonly request: TestInvokeRequest }[];
  /** Creates an API without methods. */
  newApi(name: string): Promise<MethodPlace>;
  close(): Promise<void>;
}

export const account: Account = {
  id: '123456789012',
  region: 'eu-west-1',
  partition: 'aws',
  now: () => Date.UTC(2026, 0, 2, 3, 4, 5),
};

const testResult: TestInvokeResult = {
  status: 200,
  body: '{"StreamNames":[]}',
  headers: { 'Content-Type': 'application/json' },
  multiValueHeaders: { 'Content-Type': ['application/json'] },
  log: 'Execution log for request …',
  latency: 3,
};

export async function serve(): Promise<Served> {
  const invoked: Served['invoked'][number][] = [];
  const control = createControlPlane({
    account,
    testInvoke: async (api, request) => {
      invoked.push({ api, request });
      return testResult;
    },
  });
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const names = incoming.rawHeaders.filter((_, index) => index % 2 === 0);
    const answer = await control.handle({
      method: incoming.method ?? 'GET',
      target: incoming.url ?? '/',
      headers: names.map((name, index) => [name, incoming.rawHeaders[2 * index + 1] ?? ''] as const),
      body: Buffer.concat(chunks),
      sourceIp: '127.0.0.1',
    });
    outgoing.writeHead(answer?.status ?? 404, answer?.headers.flat());
    outgoing.end(answer?.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new APIGatewayClient({
    endpoint,
    region: account.region,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  return {
    control,
    client,
    endpoint,
    invoked,
    async newApi(name) {
      const { id = '', rootResourceId = '' } = await client.send(new CreateRestApiCommand({ name }));
      return { restApiId: id, resourceId: rootResourceId, httpMethod: 'GET' };
    },
    async close() {
      client.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
