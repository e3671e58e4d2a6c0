/** An error answer of Kinesis: HTTP status, `__type` and text (docs/facts/kinesis.md#errors). */
export class KinesisError extends Error {
  readonly status: number;
  readonly type: string;
  /**
   * SerializationException and AccessDeniedException capitalise the key of their text (docs/facts/kinesis.md#errors).
   */
  readonly messageKey: 'message' | 'Message';

  constructor(type: string, text?: string, messageKey: 'message' | 'Message' = 'message', status = 400) {
    super(text ?? '');
    this.name = 'KinesisError';
    this.status = status;
    this.type = type;
    this.messageKey = messageKey;
  }

  /** The JSON body; an error without a text has only `__type`. */
  get body(): Record<string, string> {
    return this.message === ''
      ? { __type: this.type }
      : { __type: this.type, [this.messageKey]: this.message };
  }
}

export const serialization = (text?: string) => new KinesisError('SerializationException', text, 'Message');
/** The maximum number of constraints that one error lists (docs/facts/kinesis.md#errors). */
export const MAX_LISTED_PROBLEMS = 10;

/** A ValidationException that lists the violated constraints, or has the given text. */
export const validation = (problems: string | readonly string[]) => {
  if (typeof problems === 'string') return new KinesisError('ValidationException', problems);
  const listed = problems.slice(0, MAX_LISTED_PROBLEMS);
  const noun = listed.length === 1 ? 'error' : 'errors';
  const text = `${listed.length} validation ${noun} detected: ${listed.join('; ')}`;
  return new KinesisError('ValidationException', text);
};

export const invalidArgument = (text: string) => new KinesisError('InvalidArgumentException', text);
export const limitExceeded = (text: string) => new KinesisError('LimitExceededException', text);
export const accessDenied = (text: string) => new KinesisError('AccessDeniedException', text, 'Message');
export const unknownOperation = () => new KinesisError('UnknownOperationException');
/** The embedded AWS lacks the action. AWS never answers 501, and SDKs do not retry it. */
export const unimplemented = (action: string) =>
  new KinesisError(
    'NotImplemented',
    `The embedded AWS does not implement ${action}; docs/embedded.md lists what it lacks.`,
    'message',
    501,
  );
export const internalFailure = () => new KinesisError('InternalFailure', undefined, 'message', 500);

export const streamNotFound = (stream: string, account: string) =>
  new KinesisError('ResourceNotFoundException', `Stream ${stream} under account ${account} not found.`);

export const streamExists = (stream: string, account: string) =>
  new KinesisError('ResourceInUseException', `Stream ${stream} under account ${account} already exists.`);

/** The text is inferred. */
export const streamHasConsumers = (stream: string, account: string) =>
  new KinesisError(
    'ResourceInUseException',
    `Stream ${stream} under account ${account} has registered consumers; EnforceConsumerDeletion deletes them too.`,
  );

export const streamNotActive = (stream: string, account: string, status: string) =>
  new KinesisError(
    'ResourceInUseException',
    `Stream ${stream} under account ${account} not ACTIVE, instead in state ${status}`,
  );

/** No full stop, and the same text for an unknown stream (docs/facts/kinesis.md#errors). */
export const shardDoesNotExist = (shard: string, stream: string, account: string) =>
  new KinesisError(
    'ResourceNotFoundException',
    `Shard ${shard} in stream ${stream} under account ${account} does not exist`,
  );

export const shardNotFound = (shard: string, stream: string, account: string) =>
  new KinesisError(
    'ResourceNotFoundException',
    `Could not find shard ${shard} in stream ${stream} under account ${account}.`,
  );

/** The text is from the documentation of PutRecords, for a batch with one refused record. */
export const throughputExceeded = (shard: string, stream: string, account: string) =>
  new KinesisError(
    'ProvisionedThroughputExceededException',
    `Rate exceeded for shard ${shard} in stream ${stream} under account ${account}.`,
  );
