import type { Header, HttpResponse } from '../http.ts';
import type { Authorize, RoleSession } from '../iam/types.ts';

/** A request to Kinesis whose signature was already checked. */
export interface KinesisRequest {
  /** From `?Action=`, or the part of X-Amz-Target after the dot; undefined if both are absent. */
  readonly action: string | undefined;
  readonly headers: readonly Header[];
  readonly body: Buffer;
  /** The session of the role that an integration uses; undefined for callers other than API Gateway. */
  readonly session?: RoleSession;
  /** The ARN of the user or role session that calls directly, as in error texts; undefined for the account itself. */
  readonly callerArn?: string;
  /** Undefined if everything is allowed. */
  readonly authorize?: Authorize;
}

/** Milliseconds: a constant, or a function that is called each time. */
export type Duration = number | (() => number);

export interface KinesisOptions {
  /** How long a stream stays CREATING, and DELETING, in milliseconds. */
  readonly createMillis: Duration;
  readonly deleteMillis: Duration;
  /** How much longer until a client has described the stream; 0 by default. */
  readonly unseenMillis?: number;
  /**
   * The maximum memory for records, in bytes; by default half of V8's heap limit. Beyond it puts are refused as if they
   * exceeded a shard's throughput.
   */
  readonly maxStoredBytes?: number;
}

export interface KinesisService {
  call(request: KinesisRequest): Promise<HttpResponse>;
  /** Makes the iterators that a stream has issued so far older by `millis`. */
  ageIterators(stream: string, millis: number): void;
  /** Renews the quotas of a stream's shards as if a second had passed; does nothing if the stream does not exist. */
  rest(stream: string): void;
  /** A stream's shards take any rate from now on. */
  unlimit(stream: string): void;
  /** The second in which a stream's shards count what they take goes on until `rest`. */
  hold(stream: string): void;
}
