import { parseJsonBounded } from '../../infra/bounds/json.ts';
import type { Exchange } from './exchange.ts';

/** An answer of the proxy. It remembers whether the scenario examined it. */
export class Answer {
  readonly exchange: Exchange;
  /** The body parsed, undefined where it is not JSON. */
  readonly json: unknown;
  examined = false;
  /** True for one that the call was repeated after: refused for its rate, or lost on the way. */
  repeated = false;
  /** The authentication that the method demands and the call lacked, if the call was refused for that. */
  lacking: string | undefined;

  constructor(exchange: Exchange) {
    this.exchange = exchange;
    this.json = parseOrUndefined(exchange.response.body);
  }

  get status(): number {
    return this.exchange.response.status;
  }

  get text(): string {
    return this.exchange.response.body;
  }

  /** The `__type` of a Kinesis error without its namespace; undefined for anything else. */
  get errorType(): string | undefined {
    const type = this.field('__type');
    return typeof type === 'string' && type !== '' ? type.split('#').at(-1) : undefined;
  }

  /** SerializationException and AccessDeniedException write it with a capital (docs/facts/kinesis.md#errors). */
  get errorText(): string {
    return String(this.field('message') ?? this.field('Message') ?? '');
  }

  get succeeded(): boolean {
    return this.status >= 200 && this.status < 300 && this.errorType === undefined;
  }

  /** One value of the body by names with dots between them; undefined when it is not there. */
  field(path: string): unknown {
    let value = this.json;
    for (const name of path.split('.')) {
      if (typeof value !== 'object' || value === null) return undefined;
      value = Object.getOwnPropertyDescriptor(value, name)?.value;
    }
    return value;
  }

  header(name: string): string | undefined {
    return this.exchange.response.headers[name.toLowerCase()];
  }

  /** For the message of a failed check. */
  toString(): string {
    const { method, url } = this.exchange.request;
    const lacks = this.lacking === undefined ? '' : ` (${this.lacking})`;
    return `${method} ${url} answered ${this.status} ${abridged(this.text)}${lacks}`;
  }
}

/** The sequence numbers that an answer to a put names. */
export function announced(answer: Answer): string[] {
  if (answer.exchange.request.method !== 'PUT') return [];
  return [
    answer.field('SequenceNumber'),
    ...recordsOf(answer).map(({ SequenceNumber }) => SequenceNumber),
  ].filter((number) => typeof number === 'string');
}

/** The name of the stream that a call was about. */
export function streamInPath(answer: Answer): string {
  const [, name = ''] = /\/streams\/([^/?]+)/.exec(answer.exchange.request.url) ?? [];
  return decodeURIComponent(name);
}

export function recordsOf(answer: Answer): Record<string, unknown>[] {
  const records = answer.field('Records');
  return Array.isArray(records) ? records : [];
}

export function abridged(text: string): string {
  return text.length <= 500 ? text : `${text.slice(0, 500)}… (${text.length} characters)`;
}

function parseOrUndefined(text: string): unknown {
  try {
    return parseJsonBounded(text);
  } catch {
    return undefined;
  }
}
