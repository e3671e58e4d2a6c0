import { request } from 'undici';
import { messageOf, TargetError } from '../../infra/errors.ts';
import { onInterrupt } from '../../support/run/interrupt.ts';
import { type CommandLine, runToEnd } from '../measure/process.ts';

/** The images that the suite's target uses, in its order. */
const IMAGES = ['localstack/localstack:4.14.0', 'localstack-from-packages:4.14.0'];
const START_MILLIS = 120_000;
const POLL_MILLIS = 20;

/** The local image of LocalStack. @throws TargetError with the remedy if there is none. */
export async function localstackImage(): Promise<string> {
  const engine = await docker('info', '--format', '{{.ServerVersion}}').catch(() => '');
  if (engine === '')
    throw new TargetError(
      'no Docker engine answers; start one (as root on Debian: eval "$(infra/emulators/engine.sh start)")',
    );
  const images = process.env.LOCALSTACK_IMAGE ? [process.env.LOCALSTACK_IMAGE] : IMAGES;
  for (const image of images) if ((await docker('image', 'ls', '--quiet', image)) !== '') return image;
  throw new TargetError(
    `there is no local image of LocalStack (${images.join(', ')}); build one with infra/emulators/build.sh localstack`,
  );
}

/** Seconds from `docker run` until LocalStack's health page answers, with only the services that the suite needs. */
export async function timeToReady(image: string): Promise<number> {
  const began = performance.now();
  const options = [
    '-e',
    'SERVICES=apigateway,kinesis,iam,sts',
    '-e',
    'EAGER_SERVICE_LOADING=1',
    '-e',
    'DISABLE_EVENTS=1',
  ];
  const id = await docker('run', '--detach', '-p', '127.0.0.1::4566', ...options, image);
  const remove = () => docker('rm', '--force', '--volumes', id);
  const withdraw = onInterrupt(remove);
  try {
    const address = (await docker('port', id, '4566')).split('\n')[0];
    while (performance.now() - began < START_MILLIS) {
      if (await isHealthy(`http://${address}/_localstack/health`)) return (performance.now() - began) / 1000;
      await new Promise((resolve) => setTimeout(resolve, POLL_MILLIS));
    }
    throw new TargetError(`${image} was not ready in ${START_MILLIS / 1000} s`);
  } finally {
    withdraw();
    await remove();
  }
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    const answer = await request(url, { headersTimeout: 1_000, bodyTimeout: 1_000 });
    await answer.body.dump();
    return answer.statusCode === 200;
  } catch {
    return false;
  }
}

async function docker(...words: string[]): Promise<string> {
  const command: CommandLine = ['docker', ...words];
  const { exitCode, output } = await runToEnd(command, { timeout: START_MILLIS });
  if (exitCode !== 0) throw new TargetError(`docker ${words[0]} failed: ${messageOf(output)}`);
  return output.trim();
}
