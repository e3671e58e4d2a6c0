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

/** Defects of a gateway, or of a proxy in front of it. */
export const gateways: readonly Mutant[] = [
  {
    name: 'trace-not-answered',
    why: 'The gateway does not return the trace id.',
    clauses: ['GW-2', 'GW-11'],
    change: gatewayAnswers(
      () => true,
      (answer) => withoutHeader(answer, 'X-Amzn-Trace-Id'),
    ),
  },
  {
    name: 'trace-begun-anew',
    why: 'The gateway starts a new trace instead of continuing the client’s.',
    clauses: ['GW-11'],
    change: gateway(
      () => (call, pass) =>
        pass({ ...call, headers: call.headers.filter(([name]) => name.toLowerCase() !== 'x-amzn-trace-id') }),
    ),
  },
  {
    name: 'request-id-not-answered',
    why: 'A proxy in front removes the request ids.',
    clauses: ['GW-2'],
    change: gatewayAnswers(
      () => true,
      (answer) => withoutHeader(answer, 'x-amzn-RequestId'),
    ),
  },
  {
    name: 'gateway-errors-traced',
    why: 'The gateway adds a trace id to the errors that it generates itself.',
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
    why: 'The gateway’s errors have no x-amzn-ErrorType header.',
    clauses: ['GW-1', 'GW-2'],
    change: gatewayAnswers(
      () => true,
      (answer) => withoutHeader(answer, 'x-amzn-ErrorType'),
    ),
  },
  {
    name: 'server-named',
    why: 'A proxy in front adds a header that names the backend.',
    clauses: ['GW-2'],
    change: gatewayAnswers(
      () => true,
      (answer) => ({ ...answer, headers: [...answer.headers, ['x-backend', 'kinesis']] }),
    ),
  },
  {
    name: 'kinesis-media-type-answered',
    why: 'A proxy in front replaces the media type of answers by Kinesis’s own.',
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
    why: 'The gateway compares media types including their parameters, so it refuses one with a charset.',
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
    why: 'The gateway refuses a body that has no Content-Type.',
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
    why: 'The gateway refuses a record with another media type, but stores it first.',
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
    why: 'The gateway refuses a raw Kinesis request, but carries it out as if it were JSON.',
    clauses: ['GW-5'],
    change: gateway(() => async (call, pass) => {
      const answer = await pass(call);
      if (answer.status === 415 && call.method === 'POST') await pass(asJson(call));
      return answer;
    }),
  },
  {
    name: 'empty-body-refused',
    why: 'The gateway requires a body where the tutorial needs none.',
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
    why: 'The gateway refuses an empty JSON object.',
    clauses: ['GW-6', 'CREATE-1', 'CREATE-6', 'DEL-1', 'PUTS-5'],
    change: gateway(
      () => async (call, pass) =>
        call.body.toString() === '{}' ? made(400, { message: 'Invalid request body' }) : pass(call),
    ),
  },
  {
    name: 'broken-body-accepted',
    why: 'The gateway answers 200 to a body that is not JSON.',
    clauses: ['GW-7'],
    change: gatewayAnswers(isBroken, () => made(200, {})),
  },
  {
    name: 'broken-body-repaired',
    why: 'The gateway replaces a body that is not JSON by a valid one.',
    clauses: ['GW-7'],
    change: gateway(() => async (call, pass) => {
      if (!isBroken(call)) return pass(call);
      const repaired = { Data: 'x', PartitionKey: 'k', records: [{ data: 'x', 'partition-key': 'k' }] };
      return pass({ ...call, body: Buffer.from(JSON.stringify(repaired)) });
    }),
  },
  {
    name: 'broken-body-refused-and-stored',
    why: 'The gateway refuses a body that is not JSON, but stores a record or creates a stream first.',
    clauses: ['GW-7'],
    change: gateway(() => async (call, pass) => {
      const answer = await pass(call);
      if (isBroken(call)) {
        const repaired = { Data: 'x', PartitionKey: 'k', records: [{ data: 'x', 'partition-key': 'k' }] };
        await pass({ ...call, body: Buffer.from(JSON.stringify(repaired)) });
      }
      return answer;
    }),
  },
  {
    name: 'name-decoded-twice',
    why: 'The path is decoded twice.',
    clauses: ['GW-8'],
    change: gateway(() => (call, pass) => pass(toPath(call, call.path.replaceAll('%25', '%')))),
  },
  {
    name: 'name-not-decoded',
    why: 'The path is not decoded before the templates get it.',
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
    why: 'The gateway replaces a body that is too large by a small one.',
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
    why: 'The gateway refuses a body that is too large, but stores a part of it first.',
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
    why: 'The gateway does not know /streams/, with a slash at the end.',
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
    why: 'The gateway ignores the case of paths.',
    clauses: ['GW-10a'],
    change: gateway(() => (call, pass) => pass(toPath(call, call.path.replace(/^\/streams/i, '/streams')))),
  },
  {
    name: 'unknown-verb-405',
    why: 'The gateway answers 405 to an unknown verb on a known path, as web servers do.',
    clauses: ['GW-1'],
    change: gatewayAnswers(
      ({ path }) => path.startsWith('/streams'),
      (answer) => (answer.status === 403 ? { ...answer, status: 405 } : answer),
    ),
  },
  {
    name: 'head-is-get',
    why: 'The gateway answers HEAD wherever it answers GET, as web servers do.',
    clauses: ['GW-1'],
    change: gateway(() => (call, pass) => pass(call.method === 'HEAD' ? { ...call, method: 'GET' } : call)),
  },
  {
    name: 'unknown-verb-refused-and-done',
    why: 'The gateway refuses an unknown verb, but puts a record first.',
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
    why: 'The gateway refuses an unknown verb, but deletes the stream first.',
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
    why: 'The gateway answers 403 with an explanation when it cannot assume the role.',
    clauses: ['ROLE-4'],
    change: gatewayAnswers(
      () => true,
      (answer) => (answer.status === 500 ? made(403, { message: 'The role cannot be assumed' }) : answer),
    ),
  },
  {
    name: 'nameless-list',
    why: 'The gateway cached the list of streams while the account was empty.',
    clauses: ['LIST-2', 'LIST-3', 'JOURNEY-1'],
    change: gatewayAnswers(
      ({ path, method }) => method === 'GET' && path === '/streams',
      () => made(200, { HasMoreStreams: false, StreamNames: [] }),
    ),
  },
  {
    name: 'test-invocation-of-another-body',
    why: 'A test invocation returns the expected body instead of the one that the call returns.',
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
    why: 'A test invocation returns 201 where the call returns 200.',
    clauses: ['DEF-14'],
    change: controlPlane(isTestInvocation, async (request, pass) => {
      const answer = await pass(request);
      return { ...answer, body: JSON.stringify({ ...JSON.parse(answer.body.toString()), status: 201 }) };
    }),
  },
  {
    name: 'test-invocation-twice',
    why: 'A test invocation carries out the call twice.',
    clauses: ['DEF-14'],
    change: controlPlane(isTestInvocation, async (request, pass) => {
      if (/%2Frecord|\/record/.test(request.body.toString())) await pass(request);
      return pass(request);
    }),
  },
  {
    name: 'import-forgets-the-pass-through',
    why: 'The import drops passthroughBehavior, so an imported API differs from one built by hand.',
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
    why: 'The import drops the models of request bodies.',
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
