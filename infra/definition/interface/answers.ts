import { GatewayError } from '../../embedded/apigateway/dataplane/gateway-error.ts';
import { integrationResponse } from '../../embedded/apigateway/dataplane/integration-response.ts';
import type { MappingSources } from '../../embedded/apigateway/dataplane/parameter-mapping.ts';
import { bounded } from '../../embedded/apigateway/dataplane/work.ts';
import type { Header, HttpResponse } from '../../embedded/http.ts';
import { isJson, type Json, type JsonObject } from '../types.ts';
import { untold } from './error-types.ts';
import type { KinesisMethod } from './methods.ts';
import { pointerTo } from './sample.ts';
import type { AnswerPlace, Undetermined } from './types.ts';

/** The Kinesis errors that a client can get, with the status that Kinesis sends. */
export const ERRORS: Readonly<Record<string, number>> = {
  ResourceNotFoundException: 400,
  ResourceInUseException: 400,
  InvalidArgumentException: 400,
  ValidationException: 400,
  AccessDeniedException: 400,
  ExpiredIteratorException: 400,
  LimitExceededException: 400,
  ProvisionedThroughputExceededException: 400,
  SerializationException: 400,
  InternalFailure: 500,
  ServiceUnavailable: 503,
};

/** Errors after which a client does different things: it asks for a permission, waits, or calls again. */
const TOLD_APART = ['AccessDeniedException', 'ProvisionedThroughputExceededException', 'InternalFailure'];

/** A record in Kinesis's answer, with unique markers as strings and numbers. */
const RECORD = (marker: string): JsonObject => ({
  SequenceNumber: `${marker}Seq`,
  ShardId: `${marker}Shard`,
});
const ANSWERS: Readonly<Record<string, Json>> = {
  ListStreams: {
    StreamNames: ['kpcNameA', 'kpcNameB'],
    HasMoreStreams: true,
    NextToken: 'kpcNextToken',
  },
  DescribeStream: {
    StreamDescription: {
      StreamName: 'kpcStreamName',
      StreamARN: 'kpcStreamArn',
      StreamStatus: 'kpcStatus',
      RetentionPeriodHours: 190_017,
      Shards: ['A', 'B'].map((name) => ({
        ShardId: `kpcShard${name}`,
        HashKeyRange: { StartingHashKey: `kpcFirstHash${name}`, EndingHashKey: `kpcLastHash${name}` },
        SequenceNumberRange: { StartingSequenceNumber: `kpcFirstSeq${name}` },
      })),
      HasMoreShards: true,
    },
  },
  PutRecord: { ...(RECORD('kpc') as object), EncryptionType: 'kpcEncryption' },
  PutRecords: { FailedRecordCount: 190_013, Records: [RECORD('kpcA'), RECORD('kpcB')] },
  GetShardIterator: { ShardIterator: 'kpcIterator' },
  GetRecords: {
    NextShardIterator: 'kpcNextIterator',
    MillisBehindLatest: 190_011,
    Records: ['A', 'B'].map((name) => ({
      SequenceNumber: `kpcSeq${name}`,
      PartitionKey: `kpcKey${name}`,
      Data: Buffer.from(`kpcDataOf${name}`).toString('base64'),
      ApproximateArrivalTimestamp: name === 'A' ? 190_003 : 190_005,
    })),
  },
};

const QUOTED_KEY = JSON.stringify({
  NextShardIterator: 'kpcNextIterator',
  MillisBehindLatest: 0,
  Records: [
    { ...(RECORD('kpc') as object), PartitionKey: 'a "key"', Data: '', ApproximateArrivalTimestamp: 190_003 },
  ],
});

const ERROR_TEXT = 'kpcMessage';

/** The answer to a batch of which Kinesis refused a record (docs/facts/kinesis.md#records). */
const IN_PART = JSON.stringify({
  FailedRecordCount: 1,
  Records: [
    RECORD('kpcA'),
    { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: ERROR_TEXT },
  ],
});

export interface Answers {
  readonly errors: 'as-200' | 'mapped';
  readonly statuses: Readonly<Record<string, number>>;
  readonly success: number;
  /** Why API Gateway cannot build the answer to an error, by the error's type; it answers 500 then. */
  readonly unbuilt: Readonly<Record<string, string>>;
  /** The errors whose answer has no field with a type that tells them from a denial, throttling or a failure. */
  readonly untyped: readonly string[];
  /** The types of the errors whose text, as Kinesis writes it, reaches the client. */
  readonly passed: readonly string[];
  /** Whether Kinesis's text of a record that it refused reaches the client in the answer to a batch. */
  readonly passesTextOfRecords: boolean;
  /** The status of the answer to a batch of which Kinesis refused a record. */
  readonly partly: number;
  /** Access-Control-Allow-Origin of the answer to each error that it builds; undefined where it has none. */
  readonly origins: Readonly<Record<string, string | undefined>>;
  readonly response: 'pass-through' | Readonly<Record<string, AnswerPlace>>;
  /** Whether the answer to a success, which Kinesis's answer has members for, is blank. */
  readonly blank: boolean;
  /** Whether a partition key with a quote breaks the JSON of the answer. */
  readonly breaksByKey: boolean;
  readonly undetermined: readonly Undetermined[];
}

/**
 * What the client gets of Kinesis's answers, according to the embedded gateway's engine.
 * @param sources returns the sources of a new call each time, since a template can change them.
 */
export function answersOf(
  { method: imported }: KinesisMethod,
  action: string,
  sources: () => MappingSources,
): Answers {
  const method = asKept(imported);
  const given = (status: number, body: string) =>
    answered(() =>
      integrationResponse(
        method,
        { status, headers: [['Content-Type', 'application/x-amz-json-1.1']], body },
        sources(),
        [],
      ),
    );
  const errors = Object.entries(ERRORS).map(
    ([type, status]) => [type, given(status, JSON.stringify({ __type: type, message: ERROR_TEXT }))] as const,
  );
  const statuses = Object.fromEntries(errors.map(([type, { status }]) => [type, status]));
  const sent = ANSWERS[action];
  const text = sent === undefined ? '' : JSON.stringify(sent);
  const { body, why: unbuiltSuccess } = given(200, text);
  // A template may treat a batch that failed in part differently.
  const whole = JSON.stringify({
    ...(sent as object),
    ...(action === 'PutRecords' && { FailedRecordCount: 0 }),
  });
  const isPassed = body === text;
  const asTexts = isPassed || sent === undefined ? undefined : answerPlaces(sent, body);
  const found = asTexts ?? (isPassed || sent === undefined ? undefined : placesOfJson(sent, given));
  return {
    errors: Object.values(statuses).some((code) => code < 400) ? 'as-200' : 'mapped',
    statuses,
    unbuilt: Object.fromEntries(
      errors.flatMap(([type, { why }]) => (why === undefined ? [] : [[type, why]])),
    ),
    untyped: untold(
      new Map(
        errors
          .filter(([type, { why }]) => TOLD_APART.includes(type) && why === undefined)
          .map(([type, { body: text }]) => [type, isJson(text) ? JSON.parse(text) : undefined]),
      ),
    ),
    passed: errors.flatMap(([type, { body: text }]) => (text.includes(ERROR_TEXT) ? [type] : [])),
    partly: given(200, action === 'PutRecords' ? IN_PART : '').status,
    passesTextOfRecords: action === 'PutRecords' && given(200, IN_PART).body.includes(ERROR_TEXT),
    origins: Object.fromEntries(
      errors.flatMap(([type, { why, headers }]) => (why === undefined ? [[type, originOf(headers)]] : [])),
    ),
    success: given(200, sent === undefined ? '' : whole).status,
    response: found ?? 'pass-through',
    blank: sent !== undefined && unbuiltSuccess === undefined && body.trim() === '',
    breaksByKey: action === 'GetRecords' && isJson(body) && !isJson(given(200, QUOTED_KEY).body),
    undetermined:
      // An answer without members has no places.
      isPassed || sent === undefined || found !== undefined
        ? []
        : [
            {
              what: 'response',
              why: `what it renders is not JSON: ${body.replace(/\s+/g, ' ').slice(0, 60)}`,
            },
          ],
  };
}

/** The method as a deployment has it: of several integration responses with one status it keeps the last. */
function asKept(method: KinesisMethod['method']): KinesisMethod['method'] {
  const { methodIntegration: integration } = method;
  if (integration?.integrationResponses === undefined) return method;
  const kept = Object.entries(integration.integrationResponses).map(
    ([name, response]) => [response.statusCode, [name, response]] as const,
  );
  const integrationResponses = Object.fromEntries(new Map(kept).values());
  return { ...method, methodIntegration: { ...integration, integrationResponses } };
}

interface Answered {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly body: string;
  /** Why API Gateway cannot build the answer. */
  readonly why?: string;
}

function answered(respond: () => HttpResponse): Answered {
  try {
    const { status, headers, body } = bounded('Unable to render', 10_000, undefined, respond);
    return { status, headers, body: body.toString() };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const why = error.details.log?.join(' ') ?? error.message;
    return { status: 500, headers: [], body: '', why };
  }
}

function originOf(headers: readonly Header[]): string | undefined {
  return headers.find(([name]) => /^access-control-allow-origin$/i.test(name))?.[1];
}

/** A template may print data without quotes, which works only for JSON data, so try JSON data too. */
function placesOfJson(
  sent: Json,
  given: (status: number, body: string) => { readonly body: string },
): Record<string, AnswerPlace> | undefined {
  const { Records: records } = sent as { Records?: readonly JsonObject[] };
  if (records === undefined || !records.every((record) => 'Data' in record)) return undefined;
  const quoted = records.map(({ Data, ...record }) => ({
    ...record,
    Data: Buffer.from(JSON.stringify(Buffer.from(String(Data), 'base64').toString())).toString('base64'),
  }));
  const found = answerPlaces(
    sent,
    given(200, JSON.stringify({ ...(sent as JsonObject), Records: quoted })).body,
  );
  const data = found?.['/Records/*/Data'];
  return data?.as ? { ...found, '/Records/*/Data': { ...data, unquoted: true } } : found;
}

/** The place of each member of Kinesis's answer in the client's; the first two elements of a list decide. */
function answerPlaces(sent: Json, body: string): Record<string, AnswerPlace> | undefined {
  let shown: Json;
  try {
    shown = body.trim() === '' ? {} : (JSON.parse(body) as Json);
  } catch {
    return undefined;
  }
  const leaves = [...leavesOf(shown)];
  const places: Record<string, AnswerPlace> = {};
  for (const [pointer, value] of leavesOf(sent)) {
    const decoded = typeof value === 'string' ? Buffer.from(value, 'base64').toString() : undefined;
    const at = leaves.find(([, other]) => String(other) === String(value) && typeof other !== 'boolean');
    const plain = pointer.endsWith('/Data') ? leaves.find(([, other]) => other === decoded) : undefined;
    const name = pointer.replace(/\/0(?=\/|$)/, '/*');
    if (/\/1(?=\/|$)/.test(pointer) || typeof value === 'boolean') continue;
    if (at) places[name] = { at: at[0].replace(/\/0(?=\/|$)/, '/*') };
    else if (plain) places[name] = { at: plain[0].replace(/\/0(?=\/|$)/, '/*'), as: ['base64-decoded'] };
  }
  for (const [name, value] of Object.entries(sent as object)) {
    if (typeof value !== 'boolean') continue;
    const at = leaves.find(([pointer, other]) => other === value && pointer.length > 1);
    if (at) places[`/${name}`] = { at: at[0] };
  }
  return places;
}

function* leavesOf(value: Json, pointer = ''): Generator<readonly [string, Json]> {
  if (typeof value !== 'object' || value === null) yield [pointer, value];
  else for (const [key, member] of Object.entries(value)) yield* leavesOf(member, pointerTo(pointer, key));
}
