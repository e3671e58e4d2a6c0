import { headerValue } from '../../infra/embedded/http.ts';
import type { Mutant } from '../changes/change.ts';
import {
  controlPlane,
  gateway,
  gatewayAnswers,
  type Invocation,
  made,
  toPath,
  withoutHeader,
} from '../changes/gateway.ts';

const UNKNOWN_TYPE = ['x-amzn-ErrorType', 'MissingAuthenticationTokenException'] as const;

/** What another gateway, or something in front of it, may do. */
export const gateways: readonly Mutant[] = [
  {
    name: 'trace-not-answered',
    why: 'The trace id is kept for the inside.',
    clauses: ['GW-2', 'GW-11'],
    change: gatewayAnswers(
      () => true,
      (answer) => withoutHeader(answer, 'X-Amzn-Trace-Id'),
    ),
  },
  {
    name: 'trace-begun-anew',
    why: 'The client’s trace ends at the gateway.',
    clauses: ['GW-11'],
    change: gateway(
      () => (call, pass) =>
        pass({ ...call, headers: call.headers.filter(([name]) => name.toLowerCase() !== 'x-amzn-trace-id') }),
    ),
  },
  {
    name: 'request-id-not-answered',
    why: 'A cleaner in front takes the ids out.',
    clauses: ['GW-2'],
    change: gatewayAnswers(
      () => true,
      (answer) => withoutHeader(answer, 'x-amzn-RequestId'),
    ),
  },
  {
    name: 'gateway-errors-traced',
    why: 'The gateway’s own errors have a trace id.',
    clauses: ['GW-2'],
    change: gatewayAnswers(
      () => true,
      (answer) =>
        answer.status < 400
          ? answer
          : {
              ...answer,
              headers: [...answer.headers, ['X-Amzn-Trace-Id', 'Root=1-5759e988-bd862e3fe1be46a994272793']],
            },
    ),
  },
  {
    name: 'error-type-not-answered',
    why: 'The gateway’s errors lack their type.',
    clauses: ['GW-1', 'GW-2'],
    change: gatewayAnswers(
      () => true,
      (answer) => withoutHeader(answer, 'x-amzn-ErrorType'),
    ),
  },
  {
    name: 'server-named',
    why: 'Something in front says what stands behind.',
    clauses: ['GW-2'],
    change: gatewayAnswers(
      () => true,
      (answer) => ({ ...answer, headers: [...answer.headers, ['x-backend', 'kinesis']] }),
    ),
  },
  {
    name: 'kinesis-media-type-answered',
    why: 'Something in front puts Kinesis’s media type back.',
    clauses: ['GW-2'],
    change: gatewayAnswers(
      () => true,
      (answer) => ({
        ...withoutHeader(answer, 'Content-Type'),
        headers: [
          ...withoutHeader(answer, 'Content-Type').headers,
          ['Content-Type', 'application/x-amz-json-1.1'],
        ],
      }),
    ),
  },
  {
    name: 'media-type-with-parameters-refused',
    why: 'The media type is compared with its parameters.',
    clauses: ['GW-4'],
    change: gateway(
      () => async (call, pass) =>
        (headerValue(call.headers, 'content-type') ?? '').includes(';')
          ? made(415, { message: 'Unsupported Media Type' })
          : pass(call),
    ),
  },
  {
    name: 'media-type-demanded',
    why: 'A body without a media type is refused.',
    clauses: ['GW-4'],
    change: gateway(
      () => async (call, pass) =>
        call.body.length > 0 && headerValue(call.headers, 'content-type') === undefined
          ? made(415, { message: 'Unsupported Media Type' })
          : pass(call),
    ),
  },
  {
    name: 'media-type-refused-and-stored',
    why: 'A record of another media type is refused after it was stored.',
    clauses: ['GW-5'],
    change: gateway(() => async (call, pass) => {
      const answer = await pass(call);
      if (answer.status === 415 && !(headerValue(call.headers, 'content-type') ?? '').includes('amz'))
        await pass(asJson(call));
      return answer;
    }),
  },
  {
    name: 'raw-request-refused-and-done',
    why: 'A raw request is refused and done all the same, as if it were JSON for the stream in the path.',
    clauses: ['GW-5'],
    change: gateway(() => async (call, pass) => {
      const answer = await pass(call);
      if (answer.status === 415 && call.method === 'POST') await pass(asJson(call));
      return answer;
    }),
  },
  {
    name: 'empty-body-refused',
    why: 'The gateway wants a body where the tutorial needs none.',
    clauses: ['GW-6', 'CREATE-1', 'DEL-1', 'PUTS-5'],
    change: gateway(
      () => async (call, pass) =>
        call.method !== 'GET' && call.body.length === 0
          ? made(400, { message: 'Invalid request body' })
          : pass(call),
    ),
  },
  {
    name: 'empty-object-refused',
    why: 'The gateway wants members in a body.',
    clauses: ['GW-6', 'CREATE-1', 'CREATE-6', 'DEL-1', 'PUTS-5'],
    change: gateway(
      () => async (call, pass) =>
        call.body.toString() === '{}' ? made(400, { message: 'Invalid request body' }) : pass(call),
    ),
  },
  {
    name: 'broken-body-accepted',
    why: 'A body that cannot be read counts as success.',
    clauses: ['GW-7'],
    change: gatewayAnswers(isBroken, () => made(200, {})),
  },
  {
    name: 'broken-body-mended',
    why: 'A body that cannot be read is taken for what it might have been.',
    clauses: ['GW-7'],
    change: gateway(() => async (call, pass) => {
      if (!isBroken(call)) return pass(call);
      const mended = { Data: 'x', PartitionKey: 'k', records: [{ data: 'x', 'partition-key': 'k' }] };
      return pass({ ...call, body: Buffer.from(JSON.stringify(mended)) });
    }),
  },
  {
    name: 'broken-body-refused-and-stored',
    why: 'A body that cannot be read is refused after something was stored, or made.',
    clauses: ['GW-7'],
    change: gateway(() => async (call, pass) => {
      const answer = await pass(call);
      if (isBroken(call)) {
        const mended = { Data: 'x', PartitionKey: 'k', records: [{ data: 'x', 'partition-key': 'k' }] };
        await pass({ ...call, body: Buffer.from(JSON.stringify(mended)) });
      }
      return answer;
    }),
  },
  {
    name: 'name-decoded-twice',
    why: 'Two layers decode the path.',
    clauses: ['GW-8'],
    change: gateway(() => (call, pass) => pass(toPath(call, call.path.replaceAll('%25', '%')))),
  },
  {
    name: 'name-not-decoded',
    why: 'The path reaches the templates encoded.',
    clauses: ['GW-8'],
    change: gateway(() => (call, pass) => pass(toPath(call, call.path.replaceAll('%', '%25')))),
  },
  {
    name: 'encoded-slash-is-a-step',
    why: 'The path is decoded before it is routed.',
    clauses: ['GW-8'],
    change: gateway(() => (call, pass) => pass(toPath(call, call.path.replaceAll('%2F', '/')))),
  },
  {
    name: 'large-body-cut',
    why: 'A body that is too large is cut and goes on.',
    clauses: ['GW-9'],
    change: gateway(
      () => (call, pass) =>
        pass(
          call.body.length > 10_485_760
            ? { ...call, body: Buffer.from('{"Data": "cut", "PartitionKey": "k"}') }
            : call,
        ),
    ),
  },
  {
    name: 'large-body-refused-and-stored',
    why: 'A body that is too large is refused after its beginning was stored.',
    clauses: ['GW-9'],
    change: gateway(() => async (call, pass) => {
      const answer = await pass(call);
      if (answer.status === 413)
        await pass({ ...call, body: Buffer.from('{"Data": "cut", "PartitionKey": "k"}') });
      return answer;
    }),
  },
  {
    name: 'slash-at-the-end-unknown',
    why: '/streams/ is another path to this gateway.',
    clauses: ['GW-10'],
    change: gateway(
      () => async (call, pass) =>
        call.path.endsWith('/')
          ? made(403, { message: 'Missing Authentication Token' }, [UNKNOWN_TYPE])
          : pass(call),
    ),
  },
  {
    name: 'paths-in-any-letters',
    why: 'This gateway does not tell capital letters from small ones.',
    clauses: ['GW-10a'],
    change: gateway(() => (call, pass) => pass(toPath(call, call.path.replace(/^\/streams/i, '/streams')))),
  },
  {
    name: 'unknown-verb-405',
    why: 'A path that is known and a verb that is not: 405, as elsewhere.',
    clauses: ['GW-1'],
    change: gatewayAnswers(
      ({ path }) => path.startsWith('/streams'),
      (answer) => (answer.status === 403 ? { ...answer, status: 405 } : answer),
    ),
  },
  {
    name: 'head-is-get',
    why: 'HEAD is answered wherever GET is, as web servers do.',
    clauses: ['GW-1'],
    change: gateway(() => (call, pass) => pass(call.method === 'HEAD' ? { ...call, method: 'GET' } : call)),
  },
  {
    name: 'unknown-verb-refused-and-done',
    why: 'A verb that is unknown is refused after a record was put.',
    clauses: ['GW-1'],
    change: gateway(() => async (call, pass) => {
      const answer = await pass(call);
      const body = Buffer.from('{"Data": "x", "PartitionKey": "k"}');
      if (call.method === 'POST' && call.path.endsWith('/record'))
        await pass({ ...call, method: 'PUT', body });
      return answer;
    }),
  },
  {
    name: 'unknown-verb-refused-and-deleted',
    why: 'A verb that is unknown is refused after the stream was deleted.',
    clauses: ['GW-1'],
    change: gateway(() => async (call, pass) => {
      const answer = await pass(call);
      if (call.method === 'PATCH' && /^\/streams\/[^/]+$/.test(call.path))
        await pass({ ...call, method: 'DELETE' });
      return answer;
    }),
  },
  {
    name: 'role-failure-explained',
    why: 'A role that cannot be assumed is a 403 with an explanation.',
    clauses: ['ROLE-4'],
    change: gatewayAnswers(
      () => true,
      (answer) => (answer.status === 500 ? made(403, { message: 'The role cannot be assumed' }) : answer),
    ),
  },
  {
    name: 'nameless-list',
    why: 'A list that was cached while the account was empty is answered for ever.',
    clauses: ['LIST-2', 'LIST-3', 'JOURNEY-1'],
    change: gatewayAnswers(
      ({ path, method }) => method === 'GET' && path === '/streams',
      () => made(200, { HasMoreStreams: false, StreamNames: [] }),
    ),
  },
  {
    name: 'test-invocation-of-another-body',
    why: 'The test invocation answers what it should, not what the call does.',
    clauses: ['DEF-14'],
    change: controlPlane(isTestInvocation, async (request, pass) => {
      const answer = await pass(request);
      const { body, ...rest } = JSON.parse(answer.body.toString());
      return {
        ...answer,
        body: JSON.stringify({ ...rest, body: String(body).replace(/ShardId/g, 'Shard') }),
      };
    }),
  },
  {
    name: 'test-invocation-of-another-status',
    why: 'The test invocation says 201 where the call says 200.',
    clauses: ['DEF-14'],
    change: controlPlane(isTestInvocation, async (request, pass) => {
      const answer = await pass(request);
      return { ...answer, body: JSON.stringify({ ...JSON.parse(answer.body.toString()), status: 201 }) };
    }),
  },
  {
    name: 'test-invocation-twice',
    why: 'A test invocation is done twice.',
    clauses: ['DEF-14'],
    change: controlPlane(isTestInvocation, async (request, pass) => {
      if (/%2Frecord|\/record/.test(request.body.toString())) await pass(request);
      return pass(request);
    }),
  },
  {
    name: 'import-forgets-the-pass-through',
    why: 'An importer that drops a setting: imported and built by hand are two APIs.',
    clauses: ['DEF-13', 'DEF-8'],
    change: controlPlane(
      ({ target }) => target.includes('mode=import'),
      (request, pass) =>
        pass({
          ...request,
          body: Buffer.from(
            request.body.toString().replaceAll('"passthroughBehavior":"when_no_templates",', ''),
          ),
        }),
    ),
  },
  {
    name: 'import-forgets-the-models',
    why: 'An importer that drops the request bodies.',
    clauses: ['DEF-13'],
    change: controlPlane(
      ({ target }) => target.includes('mode=import'),
      (request, pass) => {
        const document = JSON.parse(request.body.toString());
        for (const item of Object.values<Record<string, Record<string, unknown>>>(document.paths))
          for (const operation of Object.values(item)) delete operation.requestBody;
        return pass({ ...request, body: Buffer.from(JSON.stringify(document)) });
      },
    ),
  },
];

function isBroken({ body }: Invocation): boolean {
  try {
    JSON.parse(body.toString() || '{}');
    return false;
  } catch {
    return true;
  }
}

function asJson(call: Invocation): Invocation {
  return {
    ...call,
    headers: call.headers.map(([name, value]) => [
      name,
      name.toLowerCase() === 'content-type' ? 'application/json' : value,
    ]),
  };
}

function isTestInvocation({ method, target }: { method: string; target: string }): boolean {
  return method === 'POST' && /\/resources\/[^/]+\/methods\/[A-Z]+$/.test(target.split('?')[0] ?? '');
}
