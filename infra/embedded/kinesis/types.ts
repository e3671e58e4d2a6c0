import type { Header, HttpResponse } from '../http.ts';
import type { Authorize, RoleSession } from '../iam/types.ts';

/** A request to Kinesis after its signature was dealt with. */
export interface KinesisRequest {
  /** From `?Action=` or the part of X-Amz-Target behind the dot; undefined when neither is there. */
  readonly action: string | undefined;
  readonly headers: readonly Header[];
  readonly body: Buffer;
  /** The role an integration runs as; undefined for a caller who is not API Gateway. */
  readonly session?: RoleSession;
  /** The user or role session that calls directly, as error texts name it; the account itself when undefined. */
  readonly callerArn?: string;
  /** Undefined where everything is allowed. */
  readonly authorize?: Authorize;
}

/** Milliseconds, the same every time or drawn anew. */
export type Duration = number | (() => number);

export interface KinesisOptions {
  /** How long a stream stays CREATING, and DELETING, in milliseconds. */
  readonly createMillis: Duration;
  readonly deleteMillis: Duration;
  /** How much longer while nobody has described it; 0 by default. */
  readonly unseenMillis?: number;
  /**
   * Bytes of memory that records may take; half of V8's heap limit by default. Beyond them puts are refused as AWS
   * refuses them for a shard's throughput.
   */
  readonly maxStoredBytes?: number;
}

export interface KinesisService {
  call(request: KinesisRequest): Promise<HttpResponse>;
  /** Makes the iterators that a stream's shards have given until now so many milliseconds older. */
  ageIterators(stream: string, millis: number): void;
  /** A second passes for the quotas of a stream's shards, and for nothing else; a stream that is not there has none. */
  rest(stream: string): void;
  /** The second in which a stream's shards count what they take goes on until `rest`. */
  hold(stream: string): void;
}
