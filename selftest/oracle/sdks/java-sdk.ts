import path from 'node:path';
import { installJava } from '../java.ts';
import type { Oracle } from '../report.ts';
import {
  EVERY_BYTE,
  type Expectations,
  judge,
  matching,
  momentsOf,
  runSession,
  type Session,
  type Steps,
  sequenceNumbers,
} from './session.ts';

const HERE = import.meta.dirname;
const ACCOUNT = '000000000000';
const HALF = 2n ** 127n;

export const javaSdk: Oracle = {
  summary:
    'an unmodified AWS SDK for Java 2.58.0 against npm run proxy: by CBOR over HTTP/1.1 and HTTP/2, and by JSON',
  cases: 0,
  run: async () => {
    const classPath = await installJava({
      name: 'java-sdk',
      pom: path.join(HERE, 'pom.xml'),
      source: path.join(HERE, 'JavaSession.java'),
      remedy: 'install a JDK 17 or newer and Maven, as by apt-get install default-jdk-headless maven',
    });
    const session = await runSession(({ endpoint, region, accessKeyId, secretAccessKey }) => ({
      command: 'java',
      // One compiler thread is enough: the process is short-lived and does little work.
      args: [
        ...['-XX:TieredStopAtLevel=1', '-cp', classPath, 'JavaSession'],
        ...[endpoint, region, accessKeyId, secretAccessKey],
      ],
    }));
    return judge(session, javaExpectations(session));
  },
};

/** The expected results of each of the three clients. */
export function javaExpectations(
  session: Pick<Session, 'started' | 'ended'>,
): Readonly<Record<string, Expectations>> {
  const cbor = 'application/x-amz-cbor-1.1';
  return {
    sync: expectationsOf('java-sync', cbor, session),
    // The client is set to HTTP/2 only, so any answer proves that it was used.
    async: expectationsOf('java-async', cbor, session),
    json: expectationsOf('java-json', 'application/x-amz-json-1.1', session),
  };
}

function expectationsOf(
  stream: string,
  contentType: string,
  session: Pick<Session, 'started' | 'ended'>,
): Expectations {
  const many = (steps: Steps) => sequenceNumbers(steps, 'put many');
  const second = (steps: Steps) => `${many(steps)[0]} Schlüssel 🔑=${hex('zwölf')}`;
  const third = (steps: Steps) => `${many(steps)[1]} empty=`;
  return {
    create: 'done',
    'wait until it exists': 'ACTIVE',
    describe: `${stream} arn:aws:kinesis:us-east-1:${ACCOUNT}:stream/${stream} ACTIVE PROVISIONED 24 false`,
    // Kinesis returns whole seconds.
    'made at': momentsOf('made at', { ...session, started: session.started - 1000 }),
    'list shards': `shardId-000000000000 0-${HALF - 1n}, shardId-000000000001 ${HALF}-${2n * HALF - 1n}`,
    tag: '[Tag(Key=Data, Value=Timestamp)]',
    list: stream,
    put: matching('put', /^shardId-000000000000 \d{56}$/),
    'put many': matching(
      'put many',
      /^0 shardId-000000000000 \d{56}, shardId-000000000000 \d{56}, shardId-000000000001 \d{56}$/,
    ),
    'read the first shard': (steps) =>
      `${sequenceNumbers(steps, 'put')[0]} one=${EVERY_BYTE}, ${second(steps)}, ${third(steps)}`,
    'arrived at': momentsOf('arrived at', session),
    'read the second shard': (steps) => `${many(steps)[2]} key=${hex('other shard')}`,
    'read from a time on': (steps) => `${second(steps)}, ${third(steps)}`,
    'read after a record': third,
    'read to the end': '0 0 true',
    'an unknown stream': refusal(
      'ResourceNotFoundException',
      `Stream nope under account ${ACCOUNT} not found.`,
    ),
    'an invalid name': refusal(
      'ValidationException',
      "1 validation error detected: Value 'no!' at 'streamName' failed to satisfy constraint: " +
        'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+',
    ),
    'a stream that exists': refusal(
      'ResourceInUseException',
      `Stream ${stream} under account ${ACCOUNT} already exists.`,
    ),
    'an invalid iterator': refusal('InvalidArgumentException', 'Invalid ShardIterator.'),
    'more than a shard takes': refusal(
      'ProvisionedThroughputExceededException',
      `Rate exceeded for shard shardId-000000000000 in stream ${stream} under account ${ACCOUNT}.`,
    ),
    delete: 'done',
    'wait until it is gone': 'ResourceNotFoundException',
    'the wire': `got ${contentType}, sent ${contentType}`,
  };
}

/** The exception's class, the status, the code and the text. */
function refusal(type: string, text: string): string {
  return `${type} 400 ${type}: ${text}`;
}

function hex(text: string): string {
  return Buffer.from(text).toString('hex');
}
