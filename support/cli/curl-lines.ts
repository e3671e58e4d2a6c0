import { isClients } from '../../infra/definition/interface/offers.ts';
import type { Call, Interface } from '../../infra/definition/interface/types.ts';
import type { Authentication } from '../../infra/targets/deployed-api.ts';
import { requestOf } from '../client/by-interface.ts';
import { curlLine } from '../client/curl.ts';
import { target } from '../client/requests.ts';

/** A served API, and the data that its clients need. */
export interface Served {
  readonly url: string;
  readonly region: string;
  /** For signed calls. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly authentication: Authentication | undefined;
  /** For calls whose clients choose the stream. */
  readonly stream: string;
}

const SHARD = 'shardId-000000000000';
/** A placeholder for an iterator, which the shell replaces. No name contains these letters. */
const ITERATOR = 'kpc-iterator';
/** A stream is created before it is used, and deleted last. */
const ORDER: readonly string[] = [
  'ListStreams',
  'CreateStream',
  'DescribeStream',
  'PutRecord',
  'PutRecords',
  'GetShardIterator',
  'GetRecords',
  'another',
  'DeleteStream',
];

/** A comment and a line for each call that an API offers, to paste one after the other. */
export function linesOf({ calls }: Interface, served: Served): string[] {
  const rank = ({ action }: Call) => ORDER.indexOf(ORDER.includes(action) ? action : 'another');
  const ordered = calls.toSorted((a, b) => rank(a) - rank(b));
  return ordered.flatMap((call) => [commentOf(call), lineOf(call, calls, served)]);
}

/** Whether the stream has to be created first, since no line creates it. */
export function needsStream({ calls }: Interface): boolean {
  return (
    calls.some(({ stream }) => isClients(stream)) && !calls.some(({ action }) => action === 'CreateStream')
  );
}

function commentOf({ action, auth }: Call): string {
  return auth === 'authorizer' ? `# ${action}; add the header that its authorizer requires` : `# ${action}`;
}

function lineOf(call: Call, calls: readonly Call[], served: Served): string {
  const line = plainLine(call, served);
  if (!line.includes(ITERATOR)) return line;
  const place = call.iterator && 'from' in call.iterator ? call.iterator.from : 'body';
  // Iterators are base64, which has characters with a special meaning in URLs.
  const encoded = place === 'path' || place === 'query' ? ` | sed 's/+/%2B/g; s/\\//%2F/g; s/=/%3D/g'` : '';
  return line.replace(ITERATOR, () => `'"$(${iteratorLine(calls, served)}${encoded})"'`);
}

/** The command that prints an iterator: the API's own call, or else the AWS CLI. */
function iteratorLine(calls: readonly Call[], served: Served): string {
  const give = calls.find(({ action, auth }) => action === 'GetShardIterator' && auth !== 'authorizer');
  const member =
    give?.response === 'pass-through'
      ? 'ShardIterator'
      : give?.response['/ShardIterator']?.at.split('/').at(-1);
  if (give === undefined || member === undefined)
    return `aws kinesis get-shard-iterator --stream-name ${served.stream} --shard-id ${SHARD} --shard-iterator-type TRIM_HORIZON --query ShardIterator --output text`;
  return `${plainLine(give, served)} | sed -n 's/.*"${member}": *"\\([^"]*\\)".*/\\1/p'`;
}

function plainLine(call: Call, { url, region, credentials, authentication, stream }: Served): string {
  const request = requestOf(call, {
    stream,
    data: 'some data',
    partitionKey: 'some key',
    shardId: SHARD,
    iterator: ITERATOR,
    shardCount: '2',
    records: [
      { data: 'some data', partitionKey: 'some key' },
      { data: 'some other data', partitionKey: 'some key' },
    ],
  });
  const key = call.apiKeyRequired ? authentication?.apiKey : undefined;
  const headers = key === undefined ? request.headers : { ...request.headers, 'x-api-key': key };
  const line = curlLine({ request: { ...request, url: `${url}${target(request)}`, headers } });
  const { accessKeyId, secretAccessKey } = credentials;
  const signed = `curl -sS --aws-sigv4 aws:amz:${region}:execute-api --user ${accessKeyId}:${secretAccessKey}`;
  return call.auth === 'iam' ? line.replace(/^curl -sS/, () => signed) : line;
}

/** The tutorial's eight requests, in an order in which they can be pasted one after the other. */
export function tutorialLines(url: string): string[] {
  const json = `-H 'Content-Type: application/json'`;
  const stream = `'${url}/streams/myStream'`;
  const one = `'{"Data":"some data","PartitionKey":"some key"}'`;
  const many = `'{"records":[{"data":"some data","partition-key":"some key"},{"data":"some other data","partition-key":"some key"}]}'`;
  return [
    ['list streams', `curl -sS '${url}/streams'`],
    ['create a stream, of 5 shards', `curl -sS -X POST ${stream} ${json} -d '{}'`],
    ['describe it', `curl -sS ${stream}`],
    ['put a record', `curl -sS -X PUT '${url}/streams/myStream/record' ${json} -d ${one}`],
    ['put records', `curl -sS -X PUT '${url}/streams/myStream/records' ${json} -d ${many}`],
    [
      'get a shard iterator',
      `curl -sS '${url}/streams/myStream/sharditerator?shard-id=shardId-000000000004'`,
    ],
    [
      'get records',
      `curl -sS '${url}/streams/myStream/records' -H "Shard-Iterator: $(curl -sS '${url}/streams/myStream/sharditerator?shard-id=shardId-000000000004' | cut -d '"' -f 4)"`,
    ],
    ['delete the stream', `curl -sS -X DELETE ${stream} ${json} -d '{}'`],
  ].flatMap(([what, line]) => [`# ${what}`, line as string]);
}
