import type { HttpResponse } from '../../infra/embedded/http.ts';
import type { KinesisRequest, KinesisService } from '../../infra/embedded/kinesis/types.ts';
import type { Change } from './change.ts';

type Call = KinesisService['call'];
/** A JSON object of Kinesis's protocol. */
// biome-ignore lint/suspicious/noExplicitAny: whatever a client or Kinesis wrote.
export type Json = Record<string, any>;

/** What the replacement of an action can use. */
export interface Asked {
  readonly input: Json;
  /** Passes the call on to the real Kinesis, with the given input if there is one. */
  readonly pass: (input?: Json) => Promise<HttpResponse>;
  /** Calls another action of the real Kinesis, with the rights of the account. */
  readonly also: (action: string, input: Json) => Promise<Json>;
}

/** Replaces Kinesis for some actions that the gateway calls; `*` stands for all. */
export function behindGateway(
  actions: readonly string[],
  make: () => (asked: Asked, action: string) => Promise<HttpResponse>,
): Change {
  return standIn(actions, make, ({ session }) => session !== undefined);
}

/** The same for all callers, the suite's own direct calls included. */
export function forEveryone(
  actions: readonly string[],
  make: () => (asked: Asked, action: string) => Promise<HttpResponse>,
): Change {
  return standIn(actions, make, () => true);
}

/** Rewrites the gateway's requests. */
export function asked(action: string, edit: (input: Json) => Json): Change {
  return behindGateway(
    [action],
    () =>
      ({ input, pass }) =>
        pass(edit(input)),
  );
}

/** The actions that put records. */
export const PUTS: readonly string[] = ['PutRecord', 'PutRecords'];

/** Rewrites the base64 of each record that the gateway asks to store. */
export function inStored(edit: (data: string) => string): Change {
  return behindGateway(
    PUTS,
    () =>
      ({ input, pass }) =>
        pass(
          input.Records
            ? { ...input, Records: input.Records.map((one: Json) => ({ ...one, Data: edit(one.Data) })) }
            : { ...input, Data: edit(input.Data) },
        ),
  );
}

/** Rewrites Kinesis's answers to the gateway, except errors. */
export function answered(action: string, edit: (output: Json, input: Json) => Json): Change {
  return behindGateway([action], () => async ({ input, pass }) => {
    const answer = await pass();
    return answer.status === 200 ? withBody(answer, edit(outputOf(answer), input)) : answer;
  });
}

/** Rewrites Kinesis's errors. */
export function refused(actions: readonly string[], edit: (answer: HttpResponse) => HttpResponse): Change {
  return behindGateway(actions, () => async ({ pass }) => {
    const answer = await pass();
    return answer.status === 200 ? answer : edit(answer);
  });
}

export function outputOf({ body }: HttpResponse): Json {
  const text = body.toString();
  return text === '' ? {} : JSON.parse(text);
}

export function withBody(answer: HttpResponse, body: Json | string): HttpResponse {
  return { ...answer, body: typeof body === 'string' ? body : JSON.stringify(body) };
}

export function success(body: Json | string): HttpResponse {
  return withBody({ status: 200, headers: [['Content-Type', 'application/x-amz-json-1.1']], body: '' }, body);
}

export function error(status: number, type: string, message: string): HttpResponse {
  return { ...success({ __type: type, message }), status };
}

function standIn(
  actions: readonly string[],
  make: () => (asked: Asked, action: string) => Promise<HttpResponse>,
  concerns: (request: KinesisRequest) => boolean,
): Change {
  return {
    middleware: () => {
      const stand = make();
      return {
        kinesis: (call) => async (request) => {
          const { action = '' } = request;
          if (!concerns(request) || !(actions.includes(action) || actions.includes('*')))
            return call(request);
          const input = parsed(request.body);
          // Kinesis itself rejects what is not JSON.
          return input === undefined ? call(request) : stand(askedOf(call, request, input), action);
        },
      };
    },
  };
}

function askedOf(call: Call, request: KinesisRequest, input: Json): Asked {
  return {
    input,
    pass: (changed = input) => call({ ...request, body: Buffer.from(JSON.stringify(changed)) }),
    also: async (action, other) =>
      outputOf(await call({ action, headers: request.headers, body: Buffer.from(JSON.stringify(other)) })),
  };
}

function parsed(body: Buffer): Json | undefined {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
