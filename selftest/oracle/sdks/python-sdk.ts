import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder, unavailable } from '../java.ts';
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
const REQUIREMENTS = path.join(HERE, 'requirements.txt');
const REMEDY =
  'install Python 3.10 or newer with venv and pip, as by apt-get install python3-venv, and let pip reach PyPI';

const run = promisify(execFile);

export const pythonSdk: Oracle = {
  summary:
    'boto3 1.44.8 and the AWS CLI 1.46.3 against npm run proxy: waiters, paginators, records and errors',
  cases: 0,
  run: async () => {
    const python = await installPython();
    const session = await runSession((proxy) => ({
      command: python,
      args: [path.join(HERE, 'python_session.py')],
      env: {
        AWS_ENDPOINT_URL: proxy.endpoint,
        AWS_DEFAULT_REGION: proxy.region,
        AWS_ACCESS_KEY_ID: proxy.accessKeyId,
        AWS_SECRET_ACCESS_KEY: proxy.secretAccessKey,
        // Keeps the user's own account out of it.
        AWS_CONFIG_FILE: path.join(HERE, 'none'),
        AWS_SHARED_CREDENTIALS_FILE: path.join(HERE, 'none'),
        AWS_PROFILE: undefined,
        AWS_SESSION_TOKEN: undefined,
        AWS_MAX_ATTEMPTS: '1',
        AWS_PAGER: '',
        PYTHONUTF8: '1',
      },
    }));
    return judge(session, pythonExpectations(session));
  },
};

export function pythonExpectations(
  session: Pick<Session, 'started' | 'ended'>,
): Readonly<Record<string, Expectations>> {
  const record = (steps: Steps) => `${sequenceNumbers(steps, 'put')[0]} Schlüssel 🔑=${EVERY_BYTE}`;
  const notFound = (stream: string) => `Stream ${stream} under account 000000000000 not found.`;
  const json = 'application/x-amz-json-1.1';
  return {
    boto3: {
      'create, and wait until it exists': 'ACTIVE',
      // Kinesis returns whole seconds.
      'made at': momentsOf('made at', { ...session, started: session.started - 1000 }),
      'describe page by page': '3 pages: 5 of 5, shardId-000000000000 to shardId-000000000004',
      'list shards': '1 pages: 5 of 5, shardId-000000000000 to shardId-000000000004',
      // The paginator sends the stream's name with the token, which AWS rejects in these words (boto/botocore#2009).
      'list shards page by page':
        'InvalidArgumentException: NextToken and StreamName cannot be provided together.',
      put: matching('put', /^shardId-000000000000 \d{56}$/),
      read: record,
      'arrived at': momentsOf('arrived at', session),
      'read from a time on': record,
      'an unknown stream': `ResourceNotFoundException: ${notFound('nope')}`,
      'create many': '119',
      'list page by page': '2 pages: 120 of 120, page-000 to python',
      'list small pages': '18 pages: 120 of 120, page-000 to python',
      'delete, and wait until it is gone': `ResourceNotFoundException: ${notFound('python')}`,
      'the wire': `got ${json}, sent ${json}`,
    },
    'aws-cli': {
      'create, and wait until it exists': 'done',
      'its status': 'ACTIVE',
      'list all pages': '120 of 120, page-000 to python, no more',
      'list ten, then the rest': '10 and 110 of 120, no more',
      'delete, and wait until it is gone': 'done',
      'its status then':
        'exit code 255: An error occurred (ResourceNotFoundException) when calling the DescribeStreamSummary operation: ' +
        notFound('python'),
    },
  };
}

/** @returns the interpreter of a virtual environment with exactly the required packages, cached until they change. */
async function installPython(): Promise<string> {
  const folder = cacheFolder('python-sdk', [REQUIREMENTS]);
  const environment = path.join(folder, 'venv');
  const isWindows = process.platform === 'win32';
  const python = path.join(environment, isWindows ? 'Scripts/python.exe' : 'bin/python');
  const done = path.join(folder, 'installed');
  if (existsSync(done)) return python;
  try {
    await run(isWindows ? 'python' : 'python3', ['-m', 'venv', '--clear', environment]);
  } catch (error) {
    throw unavailable('python3 cannot create a virtual environment', error, REMEDY);
  }
  try {
    const options = ['--quiet', '--disable-pip-version-check', '--no-deps', '--require-hashes'];
    await run(python, ['-m', 'pip', 'install', ...options, '-r', REQUIREMENTS], { timeout: 300_000 });
  } catch (error) {
    throw unavailable('pip cannot install boto3 and the AWS CLI', error, REMEDY);
  }
  writeFileSync(done, '');
  return python;
}
