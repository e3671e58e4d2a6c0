import {
  type CallName,
  createStream,
  deleteStream,
  type ProxyRequest,
  putRecord,
  putRecords,
  tutorialRequest,
} from './requests.ts';

/** A well-formed call that Kinesis refuses: it creates a stream that exists, or uses one that does not. */
export function refusedByKinesis(call: CallName, existing: string, missing: string): ProxyRequest {
  return tutorialRequest(call, {
    stream: missing,
    newStream: existing,
    shardId: 'shardId-000000000000',
    iterator: 'AAAAAAAAAAFnotAnIterator',
  });
}

/** A call with any other body. */
export function withBody(call: CallName, stream: string, body: string | undefined): ProxyRequest {
  switch (call) {
    case 'create a stream':
      return createStream(stream, body);
    case 'delete a stream':
      return deleteStream(stream, body);
    case 'put a record':
      return putRecord(stream, body);
    case 'put records':
      return putRecords(stream, body);
    default:
      throw new Error(`to ${call} takes no body`);
  }
}

/**
 * The body that Kinesis accepts for a call, with a stream that is not the path's: if the gateway passed it on
 * unmapped, Kinesis would use that stream.
 */
export function rawKinesisRequest(call: CallName, stream: string, other: string): ProxyRequest {
  const record = { Data: 'cmF3', PartitionKey: 'k' };
  switch (call) {
    case 'create a stream':
      return createStream(other, JSON.stringify({ StreamName: other, ShardCount: 1 }));
    case 'delete a stream':
      return deleteStream(other, JSON.stringify({ StreamName: stream }));
    case 'put a record':
      return putRecord(other, JSON.stringify({ StreamName: stream, ...record }));
    case 'put records':
      return putRecords(other, JSON.stringify({ StreamName: stream, Records: [record] }));
    default:
      throw new Error(`to ${call} takes no body`);
  }
}
