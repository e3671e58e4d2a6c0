/** The request of a client or a test invocation, without the address of the proxy. */
export interface ProxyRequest {
  readonly method: string;
  /** The resource that it is for, such as `/streams/{stream-name}`. */
  readonly resource: string;
  /** Percent-encoded. */
  readonly path: string;
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined if there is no body. */
  readonly body?: string;
}

export const CALL_NAMES = [
  'list streams',
  'create a stream',
  'describe a stream',
  'put a record',
  'put records',
  'get a shard iterator',
  'get records',
  'delete a stream',
] as const;
export type CallName = (typeof CALL_NAMES)[number];

const STREAM = '/streams/{stream-name}';

/** The eight calls, as a client of the tutorial's API makes them. */
export const listStreams = (): ProxyRequest => build('GET', '/streams');
export const createStream = (stream: string, body?: string) => build('POST', STREAM, { stream, body });
export const describeStream = (stream: string) => build('GET', STREAM, { stream });
export const deleteStream = (stream: string, body?: string) => build('DELETE', STREAM, { stream, body });
export const putRecord = (stream: string, body?: string) =>
  build('PUT', `${STREAM}/record`, { stream, body });
export const putRecords = (stream: string, body?: string) =>
  build('PUT', `${STREAM}/records`, { stream, body });
/** @param shardId undefined omits the shard. */
export const getShardIterator = (stream: string, shardId?: string) =>
  build('GET', `${STREAM}/sharditerator`, {
    stream,
    query: shardId === undefined ? [] : [['shard-id', shardId]],
  });
/** @param iterator undefined sends no header. */
export const getRecords = (stream: string, iterator?: string, header = 'Shard-Iterator') =>
  build('GET', `${STREAM}/records`, {
    stream,
    headers: iterator === undefined ? {} : { [header]: iterator },
  });

/** Any verb on any path; `{stream-name}` in it is replaced by the stream's name. */
export const rawRequest = (method: string, path: string, stream: string) => build(method, path, { stream });

/** The body of a put of one record: data as JSON text. */
export function recordBody(dataJson: string, partitionKey: string): string {
  return `{"Data": ${dataJson}, "PartitionKey": ${JSON.stringify(partitionKey)}}`;
}

export interface BatchRecord {
  readonly data: string;
  readonly partitionKey: string;
}

/** Records from the rows of a step's table. */
export function batchOf(rows: readonly Readonly<Record<string, string>>[]): BatchRecord[] {
  return rows.map((row) => ({ data: row.data ?? '', partitionKey: row['partition key'] ?? '' }));
}

/** The body of a put of many records. */
export function batchBody(records: readonly BatchRecord[]): string {
  return JSON.stringify({
    records: records.map(({ data, partitionKey }) => ({ data, 'partition-key': partitionKey })),
  });
}

/** The names in a request. */
export interface Subjects {
  readonly stream: string;
  /** For the creation of a stream. */
  readonly newStream: string;
  readonly shardId: string;
  readonly iterator: string;
}

/** The tutorial's request for a call. */
export function tutorialRequest(
  call: CallName,
  { stream, newStream, shardId, iterator }: Subjects,
): ProxyRequest {
  switch (call) {
    case 'list streams':
      return listStreams();
    case 'create a stream':
      return createStream(newStream, '{"ShardCount": 5}');
    case 'describe a stream':
      return describeStream(stream);
    case 'put a record':
      return putRecord(stream, recordBody('"some data"', 'some key'));
    case 'put records':
      return putRecords(
        stream,
        batchBody([
          { data: 'some data', partitionKey: 'some key' },
          { data: 'some other data', partitionKey: 'some key' },
        ]),
      );
    case 'get a shard iterator':
      return getShardIterator(stream, shardId);
    case 'get records':
      return getRecords(stream, iterator);
    case 'delete a stream':
      return deleteStream(stream, '{}');
  }
}

/** What a client adds to each of its calls in addition to what the call needs. */
export interface RequestAdditions {
  readonly query: readonly (readonly [string, string])[];
  /** Members of a JSON body. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
  /** The media type of a body; null to send none. */
  readonly mediaType: string | null;
}

export const NO_ADDITIONS: RequestAdditions = {
  query: [],
  body: {},
  headers: {},
  mediaType: 'application/json',
};

export function withAdditions(request: ProxyRequest, additions: RequestAdditions): ProxyRequest {
  const body = withMembers(request.body, additions.body);
  const type: Record<string, string> =
    body === undefined || additions.mediaType === null ? {} : { 'Content-Type': additions.mediaType };
  return {
    ...request,
    query: [...request.query, ...additions.query],
    headers: { ...type, ...request.headers, ...additions.headers },
    ...(body === undefined ? {} : { body }),
  };
}

/** The path with the query string, as a client sends it. */
export function target({ path, query }: ProxyRequest): string {
  if (query.length === 0) return path;
  return `${path}?${query.map((pair) => pair.map(encodeURIComponent).join('=')).join('&')}`;
}

function build(
  method: string,
  resource: string,
  {
    stream = '',
    query = [],
    headers = {},
    body,
  }: Partial<ProxyRequest> & { stream?: string; body?: string | undefined } = {},
): ProxyRequest {
  const path = resource.replace('{stream-name}', encodeURIComponent(stream));
  return { method, resource, path, query, headers, ...(body === undefined ? {} : { body }) };
}

function withMembers(body: string | undefined, members: RequestAdditions['body']): string | undefined {
  if (Object.keys(members).length === 0) return body;
  return JSON.stringify({ ...(JSON.parse(body ?? '{}') as object), ...members });
}
