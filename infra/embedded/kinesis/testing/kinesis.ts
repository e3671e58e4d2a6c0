import assert from 'node:assert/strict';
import type { Authorize } from '../../iam/types.ts';
import { createKinesis } from '../service.ts';

export const ACCOUNT = '000000000000';
export const CREATE_MILLIS = 1000;
export const DELETE_MILLIS = 2000;

/** The clock of a test file's Kinesis, which only `pass` moves. */
let clock = Date.now();
export const now = () => clock;
export function pass(millis: number): void {
  clock += millis;
}

export const kinesis = createKinesis({
  account: { id: ACCOUNT, region: 'us-east-1', partition: 'aws', now },
  createMillis: CREATE_MILLIS,
  deleteMillis: DELETE_MILLIS,
});

export type Json = Record<string, unknown>;

export async function ask(
  action: string,
  input: unknown,
  authorize?: Authorize,
): Promise<{ status: number; body: Json }> {
  const response = await kinesis.call({
    action,
    headers: [['Content-Type', 'x-amz-json-1.1']],
    body: Buffer.from(typeof input === 'string' ? input : JSON.stringify(input)),
    session: {
      roleArn: 'arn:aws:iam::000000000000:role/r',
      sessionArn: 'arn:aws:sts::000000000000:assumed-role/r/s',
    },
    ...(authorize === undefined ? {} : { authorize }),
  });
  const text = String(response.body);
  return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Json) };
}

export async function fine<T = Json>(action: string, input: unknown): Promise<T> {
  const { status, body } = await ask(action, input);
  assert.equal(status, 200, JSON.stringify(body));
  return body as T;
}

export async function refused(
  action: string,
  input: unknown,
  type: string,
  text?: string | RegExp,
): Promise<void> {
  const { status, body } = await ask(action, input);
  assert.deepEqual([status, body.__type], [400, type]);
  const message = String(body.message ?? body.Message ?? '');
  if (text instanceof RegExp) assert.match(message, text);
  else if (text !== undefined) assert.equal(message, text);
}

export async function active(name: string, shards: number): Promise<void> {
  await fine('CreateStream', { StreamName: name, ShardCount: shards });
  pass(CREATE_MILLIS);
}

export async function gone(name: string): Promise<void> {
  await fine('DeleteStream', { StreamName: name });
  pass(DELETE_MILLIS);
}

export interface Described {
  StreamDescription: {
    StreamStatus: string;
    HasMoreShards: boolean;
    StreamModeDetails: { StreamMode: string };
    Shards: { ShardId: string; HashKeyRange: { StartingHashKey: string; EndingHashKey: string } }[];
  };
}
export const describe = async (StreamName: string, more: object = {}) =>
  (await fine<Described>('DescribeStream', { StreamName, ...more })).StreamDescription;
