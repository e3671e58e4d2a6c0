import type { HttpResponse } from '../http.ts';
import { internalFailure, KinesisError, limitExceeded, throughputExceeded } from './errors.ts';
import { kinesisResponse } from './service.ts';
import type { KinesisService } from './types.ts';

/**
 * The errors for which Kinesis itself is at fault, 500 and 503 (Kinesis API reference, "Common Error Types"), and those
 * for a full shard and for too many calls of an account (docs/facts/kinesis.md#limits), whose texts name the account.
 */
const FAILURES = {
  ProvisionedThroughputExceededException: throughputExceeded(
    'shardId-000000000000',
    'events',
    '123456789012',
  ),
  LimitExceededException: limitExceeded('Rate exceeded for account 123456789012.'),
  InternalFailure: internalFailure(),
  ServiceUnavailable: new KinesisError('ServiceUnavailable', undefined, 'message', 503),
} as const;
export type KinesisFailure = keyof typeof FAILURES;

/** Failures of Kinesis that affect only calls by API Gateway, not direct calls. All members are optional. */
export interface Conditions {
  /** By action, the error to answer instead of performing the call. */
  readonly failing?: Readonly<Record<string, KinesisFailure>>;
  /** Actions that take effect, but are answered only after every integration has timed out. */
  readonly slow?: readonly string[];
}

/** Makes the iterators that a stream's shards have issued so far older by `millis`. */
export interface Ageing {
  readonly stream: string;
  readonly millis: number;
}

/** Events, which happen once. */
interface Events {
  readonly aged?: Ageing;
  /** Streams whose shards get a new quota at once, as if a second had passed. */
  readonly rested?: readonly string[];
  /** Streams whose shards' second lasts until they are rested: slow callers overload them like fast ones. */
  readonly held?: readonly string[];
  /** Streams whose shards take any rate from now on, for measurements of load. */
  readonly unlimited?: readonly string[];
}

/** The call took effect, but the answer comes after the gateway has timed out. */
export class AnswersTooLate extends Error {
  override readonly name = 'AnswersTooLate';
}

/** A Kinesis whose failures can be set at run time, for situations that clients cannot cause. */
export interface ConditionedKinesis extends KinesisService {
  /**
   * Answers `POST /_kpc/conditions`, whose body replaces all conditions. `aged`, `rested`, `held` and `unlimited` are events:
   * a body with nothing else leaves the conditions as they are, since another client may have set them.
   */
  setConditions(body: Buffer): HttpResponse;
}

export function withConditions(kinesis: KinesisService): ConditionedKinesis {
  let conditions: Conditions = {};
  return {
    ...kinesis,
    async call(request) {
      const { action = '', session } = request;
      if (session === undefined) return kinesis.call(request);
      const failure = conditions.failing?.[action];
      if (failure !== undefined) {
        const { status, body } = FAILURES[failure];
        return kinesisResponse(status, JSON.stringify(body));
      }
      const isSlow = conditions.slow?.includes(action) === true;
      const answer = await kinesis.call(request);
      if (isSlow) throw new AnswersTooLate();
      return answer;
    },
    setConditions(body) {
      const wanted = parsed(body);
      const problem = problemOf(wanted);
      if (problem !== undefined) return json(400, { message: problem });
      const { aged, rested = [], held = [], unlimited = [], ...lasting } = wanted as Conditions & Events;
      const happens = aged !== undefined || rested.length + held.length + unlimited.length > 0;
      if (!happens || Object.keys(lasting).length > 0) conditions = lasting;
      if (aged !== undefined) kinesis.ageIterators(aged.stream, aged.millis);
      for (const stream of rested) kinesis.rest(stream);
      for (const stream of held) kinesis.hold(stream);
      for (const stream of unlimited) kinesis.unlimit(stream);
      return json(200, { ...conditions });
    },
  };
}

function problemOf(wanted: unknown): string | undefined {
  if (typeof wanted !== 'object' || wanted === null || Array.isArray(wanted))
    return 'The conditions are a JSON object.';
  const {
    failing = {},
    slow = [],
    rested = [],
    held = [],
    unlimited = [],
    aged,
    ...others
  } = wanted as Record<string, unknown>;
  const [other] = Object.keys(others);
  if (other !== undefined)
    return `There is no condition ${other}; there are failing, slow, aged, rested, held and unlimited.`;
  if (typeof failing !== 'object' || failing === null) return 'failing is an object of errors by action.';
  const unknown = Object.values(failing).find((error) => !Object.hasOwn(FAILURES, String(error)));
  if (unknown !== undefined)
    return `Kinesis does not fail with ${unknown}; it does with ${Object.keys(FAILURES).join(' or ')}.`;
  if (!Array.isArray(slow)) return 'slow is a list of actions.';
  if (!Array.isArray(rested)) return 'rested is a list of streams.';
  if (!Array.isArray(held)) return 'held is a list of streams.';
  if (!Array.isArray(unlimited)) return 'unlimited is a list of streams.';
  if (aged === undefined) return undefined;
  const { stream, millis } = aged as Partial<Ageing>;
  return typeof stream === 'string' && typeof millis === 'number'
    ? undefined
    : 'aged has a stream and a number of millis.';
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function json(status: number, body: object): HttpResponse {
  return { status, headers: [['Content-Type', 'application/json']], body: JSON.stringify(body) };
}
