import { parseJsonBounded } from '../../infra/bounds/json.ts';
import type { Exchange } from './exchange.ts';

/** An answer of the proxy. It remembers whether the scenario examined it. */
export class Answer {
  readonly exchange: Exchange;
  /** The parsed body; undefined if it is not JSON. */
  readonly json: unknown;
  examined = false;
  /** True if the call was retried after it, because it was throttled or lost. */
  repeated = false;
  /** The missing authentication, if the method refused the call for that reason. */
  lacking: string | undefined;

  /** A redirection by which the call's API answers a success, such as a click that goes on to its page. */
  redirect: number | undefined;

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
    const isSuccess = (this.status >= 200 && this.status < 300) || this.status === this.redirect;
    return isSuccess && this.errorType === undefined;
  }

  /** One value of the body by a dotted path; undefined if it does not exist. */
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

/** The sequence numbers in the answer to a put. */
export function announced(answer: Answer): string[] {
  if (answer.exchange.request.method !== 'PUT') return [];
  return [
    answer.field('SequenceNumber'),
    ...recordsOf(answer).map(({ SequenceNumber }) => SequenceNumber),
  ].filter((number) => typeof number === 'string');
}

/** The name of the stream that a call concerned. */
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
