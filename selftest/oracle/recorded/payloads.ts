import { apiOf, methodOf, resourceOf, rig } from '../../../infra/embedded/apigateway/dataplane/test-api.ts';
import type { ContentHandling } from '../../../infra/embedded/apigateway/model.ts';
import { type Vector, type Verdict, verdictOf } from './vector.ts';

interface PayloadVector extends Vector {
  /** The body that the client sends, or that the endpoint answers. */
  readonly request?: Name;
  readonly response?: Name;
  /** The media type of that body. */
  readonly type?: string;
  readonly accept?: string;
  readonly binary?: readonly string[];
  readonly handling?: ContentHandling;
  readonly template?: string;
  /** The body that arrives at the endpoint, or at the client; `refused` for a 500 without one. */
  readonly gives: Name | 'refused' | { readonly text: string };
}

/** The bodies of LocalStack's recordings, and their possible conversions. */
const RAW = Buffer.from(
  'H4sIABRs7mMC/0vOzy0oSi0uTk1RSEksSdRRKM7IL81JUUhKVcjMK0vMyUxRCA1x07VQKC4pysxLBwC4ORBXLwAAAA==',
  'base64',
);
const TEXT = 'this is a UTF8 text typed object';
const BODIES = {
  raw: RAW,
  encoded: Buffer.from(RAW.toString('base64')),
  text: Buffer.from(TEXT),
  'encoded twice': Buffer.from(Buffer.from(RAW.toString('base64')).toString('base64')),
  'text encoded': Buffer.from(Buffer.from(TEXT).toString('base64')),
  'raw as UTF-8': Buffer.from(RAW.toString('utf8')),
  nothing: Buffer.alloc(0),
} as const;

type Name = keyof typeof BODIES;

/** Sends each body through the data plane to an endpoint that gives the vector's answer. */
export async function atPayloads(vectors: readonly PayloadVector[]): Promise<readonly Verdict[]> {
  return Promise.all(
    vectors.map(async (vector) => {
      const { request = 'nothing', response = 'nothing', binary = [], accept, type, gives } = vector;
      const answered = vector.response === undefined ? undefined : type;
      const { plane, sent } = rig(async () => ({
        kind: 'answer',
        status: 200,
        headers: answered === undefined ? [] : [['Content-Type', answered]],
        body: BODIES[response],
      }));
      const reply = await plane.invoke(apiFor(vector, binary), STAGE, {
        method: 'PUT',
        target: '/test/x',
        path: '/x',
        query: '',
        headers: [
          ...(vector.request !== undefined && type !== undefined ? [['Content-Type', type] as const] : []),
          ...(accept === undefined ? [] : [['Accept', accept] as const]),
        ],
        body: BODIES[request],
        sourceIp: '127.0.0.1',
      });
      const arrived = vector.request === undefined ? reply.body : sent[0]?.body;
      const wanted = typeof gives === 'string' ? gives : Buffer.from(gives.text);
      const isRefused = wanted === 'refused';
      const bytes = typeof wanted === 'string' && !isRefused ? BODIES[wanted as Name] : wanted;
      return verdictOf(vector, [
        ['status', isRefused ? 500 : 200, reply.status],
        ['requests', isRefused && vector.request !== undefined ? 0 : 1, sent.length],
        ['body', isRefused ? undefined : base64(bytes as Buffer), base64(arrived ?? '')],
      ]);
    }),
  );
}

const STAGE = { stageName: 'test', variables: {} };

function apiFor({ request, handling, template }: PayloadVector, binaryMediaTypes: readonly string[]) {
  const converted = handling === undefined ? {} : { contentHandling: handling };
  const isRequest = request !== undefined;
  const method = methodOf({
    passthroughBehavior: 'WHEN_NO_MATCH',
    ...(isRequest && converted),
    ...(isRequest && template !== undefined && { requestTemplates: { 'application/json': template } }),
    integrationResponses: { 200: { statusCode: '200', ...(!isRequest && converted) } },
  });
  return apiOf([resourceOf('/x', { PUT: method })], { binaryMediaTypes });
}

function base64(body: Buffer | string): string {
  return Buffer.from(body).toString('base64');
}
