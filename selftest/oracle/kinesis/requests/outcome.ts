import type { KinesisAnswer } from '../implementations/implementation.ts';

/** The parts of an answer that are compared. */
export interface Outcome {
  readonly status: number;
  /** The error's `__type`; empty for a success. */
  readonly type: string;
  /** The key of the error's text, `message` or `Message`; empty where it has none. */
  readonly key: string;
  /**
   * The error's text; the constraints of a ValidationException sorted (docs/facts/kinesis.md#errors: their order
   * varies).
   */
  readonly texts: readonly string[];
  /** For a put: the shard of each record, and how many failed. */
  readonly shards: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;

export function outcomeOf({ status, body }: KinesisAnswer): Outcome {
  const json = body === '' ? {} : (JSON.parse(body) as Json);
  const { __type: type = '' } = json;
  const key =
    'message' in json && json.message !== undefined ? 'message' : 'Message' in json ? 'Message' : '';
  const records = Array.isArray(json.Records) ? (json.Records as Json[]) : [];
  return {
    status,
    type: String(type),
    key,
    texts: key === '' ? [] : textsOf(String(json[key])),
    shards: [json, ...records].flatMap(({ ShardId }) => (ShardId === undefined ? [] : [String(ShardId)])),
  };
}

function textsOf(message: string): string[] {
  const validation = /^(\d+ validation errors? detected: )(.*)$/s.exec(message);
  if (validation === null) return [message.replace(/(imestampInMillis: )\d+/g, '$1T')];
  const [, count = '', constraints = ''] = validation;
  return [count, ...constraints.split('; ').sort()];
}

export function sameOutcome(one: Outcome, other: Outcome): boolean {
  return describeOutcome(one) === describeOutcome(other);
}

export function describeOutcome({ status, type, key, texts, shards }: Outcome): string {
  const text = key === '' ? '' : ` ${key}: ${texts.join(' | ')}`;
  return [status, type, shards.join(' ')].filter((part) => part !== '').join(' ') + text;
}

/**
 * What is compared with kinesis-local: whether a request is accepted, the kind of error, and where records go.
 * kinesis-local has no ValidationException and writes its texts itself (docs/facts/localstack.md#kinesis,
 * docs/facts/emulators.md#answers-of-kinesis-local), so it cannot judge those.
 */
export function inKind({ status, type, shards }: Outcome): Outcome {
  return {
    status: kindOf(status, type) === 'fails' ? 500 : status,
    type: kindOf(status, type),
    key: '',
    texts: [],
    shards,
  };
}

function kindOf(status: number, type: string): string {
  if (status === 200) return '';
  if (status >= 500) return 'fails';
  return ['ResourceNotFoundException', 'ResourceInUseException', 'LimitExceededException'].includes(type)
    ? type
    : 'invalid';
}
