import type { Call } from '../../infra/definition/interface/types.ts';
import { isJson } from '../../infra/definition/types.ts';
import type { IntendedRecord, Intent } from '../client/by-interface.ts';
import type { ExpectedInput } from '../client/expected-input.ts';
import { asText } from '../client/gateway-values.ts';
import type { ProxyRequest } from '../client/requests.ts';
import type { Attempt } from './offered.ts';

/** The request of an action in Kinesis's own format, as an attacker would send it to bypass a proxy's templates. */
export function kinesisRequest(
  action: string,
  { stream, records }: ExpectedInput,
  { iterator, shardId }: Intent,
): string {
  const written = records.map(({ data, partitionKey }) => ({
    Data: Buffer.from(data).toString('base64'),
    PartitionKey: partitionKey ?? 'some key',
  }));
  const own: Readonly<Record<string, object | undefined>> = {
    PutRecord: written[0],
    PutRecords: { Records: written },
    CreateStream: { ShardCount: 1 },
    GetShardIterator: { ShardId: shardId, ShardIteratorType: 'TRIM_HORIZON' },
  };
  if (action === 'ListStreams') return '{}';
  if (action === 'GetRecords') return JSON.stringify({ ShardIterator: iterator });
  return JSON.stringify({ StreamName: stream, ...own[action] });
}

/** A record that the client wanted to store, and what is stored, and where, according to the interface. */
export interface Put {
  readonly call: Call;
  readonly request: ProxyRequest;
  /** Of the record in its call. */
  readonly index: number;
  readonly intended: IntendedRecord;
  readonly told: ExpectedInput['records'][number];
  readonly stream: string;
}

export function putsOf(attempts: readonly Attempt[]): Put[] {
  return attempts.flatMap(({ call, request, intent, told }) => {
    const { data = '', partitionKey = '' } = intent;
    const intended = intent.records ?? [{ data, partitionKey }];
    return told.records.map((record, index) => ({
      call,
      request,
      index,
      intended: intended[index] ?? (intended[0] as IntendedRecord),
      told: record,
      stream: told.stream,
    }));
  });
}

/**
 * Whether a reader can restore a text from what is stored: directly, or from JSON, base64 or percent-encoding. A text
 * in lower case, or escaped for another language, is another text.
 * @param comparable the part of a text that is compared; by default all of it.
 */
export function isReadOutOf(
  stored: string,
  comparable: (text: string) => string = (text) => text,
): (text: string) => boolean {
  const texts = textsIn(stored);
  // A document may have the client's body as base64 in one of its texts.
  const inner = [stored, ...texts].filter(isBase64).map((text) => Buffer.from(text, 'base64').toString());
  const values = [stored, ...texts, ...inner, ...inner.flatMap(textsIn)].map(comparable);
  return (text) =>
    values.some((value) => value.includes(comparable(text))) ||
    stored.includes(Buffer.from(text).toString('base64')) ||
    decoded(stored).includes(text);
}

function isBase64(text: string): boolean {
  return text.length > 0 && text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text);
}

/**
 * Whether a put breaks a JSON document: the stored form of the call's other texts is JSON, and that of this text is
 * not.
 */
export function spoils(put: Put, puts: readonly Put[]): boolean {
  const isDocument = ({ told }: Put) => /^\s*[[{]/.test(told.data) && isJson(asText(told.data));
  return !isDocument(put) && puts.some((other) => other.call === put.call && isDocument(other));
}

const JSON_TEXT = /"(?:[^"\\]|\\.)*"/gs;

/** All texts in JSON, with other text allowed between documents, such as a separator after each record. */
function textsIn(stored: string): string[] {
  return [...stored.matchAll(JSON_TEXT)].flatMap(([text]) => {
    try {
      return [JSON.parse(text) as string];
    } catch {
      return [];
    }
  });
}

/** Decodes a form, in which a plus is a space. */
function decoded(stored: string): string {
  try {
    return decodeURIComponent(stored.replaceAll('+', ' '));
  } catch {
    return '';
  }
}
