import { fork } from 'node:child_process';
import { LocalstackContainer, type StartedLocalStackContainer } from '@testcontainers/localstack';
import { type ContainerRuntimeClient, getContainerRuntimeClient, ImageName } from 'testcontainers';
import { callBounded } from '../bounds/http.ts';
import { EXTENSION } from '../built.ts';
import { messageOf, TargetError } from '../errors.ts';
import { ENDPOINT_CAPABILITIES } from './capabilities.ts';
import { invokeForms } from './endpoint.ts';
import { explainStart } from './localstack-failures.ts';
import type { Target } from './target.ts';

/**
 * The last published image that starts without a token (docs/facts/localstack.md#images-and-tokens), and the image that
 * infra/emulators/build.sh builds from packages.
 */
const PUBLISHED_IMAGE = 'localstack/localstack:4.14.0';
const BUILT_IMAGE = 'localstack-from-packages:4.14.0';
/**
 * Milliseconds that a stream stays CREATING or DELETING. LocalStack's default of 500 would slow down the run; within
 * 100 a busy machine cannot put a record and describe the stream.
 */
const STREAM_TRANSITION = '250';

/**
 * Starts LocalStack in a new container. Environment: LOCALSTACK_IMAGE selects another image; LOCALSTACK_AUTH_TOKEN is
 * passed on to the container; LOCALSTACK_REUSE=1 leaves the container running for the next run.
 * @throws TargetError when LocalStack cannot be started; the message is one line that says what to do.
 */
export async function startLocalstackTarget(options: {
  region: string;
  executeApiUrl: string | undefined;
}): Promise<Target> {
  // The image of Testcontainers' reaper may be unavailable; container-guard.ts does its work.
  process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true';
  const runtime = await reachEngine();
  const image = await chooseImage(runtime);
  const reuse = ['1', 'true'].includes(process.env.LOCALSTACK_REUSE ?? '');
  const container = new WatchedContainer(image, runtime).withEnvironment({
    SERVICES: 'apigateway,kinesis,iam,sts',
    LOCALSTACK_HOST: 'localhost',
    EAGER_SERVICE_LOADING: '1',
    KINESIS_LATENCY: STREAM_TRANSITION,
    // The default of 100 is too low for scenarios with long lists; AWS's own quota is far higher.
    KINESIS_SHARD_LIMIT: '1000',
    DISABLE_EVENTS: '1',
    ENABLE_CONFIG_UPDATES: '1',
    ...(process.env.LOCALSTACK_AUTH_TOKEN && { LOCALSTACK_AUTH_TOKEN: process.env.LOCALSTACK_AUTH_TOKEN }),
  });
  if (reuse) container.withReuse();
  const started = await start(container, image);
  const guard = reuse ? undefined : guardContainer(started.getId());
  const endpoint = started.getConnectionUri();
  const { Id: imageId } = await runtime.image.inspect(ImageName.fromString(image));
  let stopping = false;
  return {
    kind: 'localstack',
    name: 'LocalStack',
    version: await version(endpoint),
    access: {
      endpoint,
      region: options.region,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    },
    invokeForms: options.executeApiUrl
      ? [{ url: options.executeApiUrl, insisted: true }]
      : invokeForms(endpoint),
    // LocalStack claims neither IAM enforcement nor AWS's literal texts (docs/facts/localstack.md).
    capabilities: ENDPOINT_CAPABILITIES,
    throttling: {
      url: `${endpoint}/_localstack/config`,
      on: JSON.stringify({ variable: 'KINESIS_ERROR_PROBABILITY', value: 1 }),
      off: JSON.stringify({ variable: 'KINESIS_ERROR_PROBABILITY', value: 0 }),
    },
    details: { image, 'image id': imageId, container: started.getId().slice(0, 12) },
    ephemeral: !reuse,
    failed: container.exited.then(async (code) => {
      if (stopping) return new Promise<never>(() => {});
      return new Error(`the LocalStack container exited unexpectedly with code ${code}`);
    }),
    logs: async () => container.log,
    stop: async () => {
      if (stopping) return;
      stopping = true;
      guard?.release();
      container.letGo();
      if (!reuse) await started.stop({ timeout: 0 });
    },
  };
}

/** A LocalStack container that keeps its log and exit code even if it never becomes ready. */
class WatchedContainer extends LocalstackContainer {
  readonly #runtime: ContainerRuntimeClient;
  readonly #lines: string[] = [];
  readonly #letGo = new AbortController();
  #exited: (code: number) => void = () => {};
  readonly exited: Promise<number>;

  constructor(image: string, runtime: ContainerRuntimeClient) {
    super(image);
    this.#runtime = runtime;
    this.exited = new Promise((resolve) => {
      this.#exited = resolve;
    });
    this.withLogConsumer((stream) => {
      stream.on('data', (line) => this.#lines.push(String(line)));
      stream.on('err', (line) => this.#lines.push(String(line)));
    });
  }

  /**
   * Stops waiting for its exit; the pending request would keep this process alive for as long as a reused container
   * runs.
   */
  letGo(): void {
    this.#letGo.abort();
  }

  get log(): string {
    return this.#lines.join('');
  }

  /**
   * Does nothing: the inherited method writes this process's session id, for Lambda's containers, into the
   * environment, which identifies a container to reuse. No Lambda runs here.
   */
  protected override async beforeContainerCreated(): Promise<void> {}

  protected override async containerCreated(containerId: string): Promise<void> {
    this.#runtime.container
      .getById(containerId)
      .wait({ condition: 'next-exit', abortSignal: this.#letGo.signal })
      .then(({ StatusCode }: { StatusCode: number }) => this.#exited(StatusCode))
      .catch(() => undefined);
  }
}

/** @throws TargetError when no Docker engine answers. */
export async function assertEngine(): Promise<void> {
  await reachEngine();
}

async function reachEngine(): Promise<ContainerRuntimeClient> {
  try {
    return await getContainerRuntimeClient();
  } catch {
    const where = process.env.DOCKER_HOST
      ? `at DOCKER_HOST (${process.env.DOCKER_HOST})`
      : 'at the default socket';
    throw new TargetError(
      `no Docker engine answers ${where}; start one (as root on Debian: eval "$(infra/emulators/engine.sh start)"), or use --target endpoint with a LocalStack that runs elsewhere`,
    );
  }
}

/** LOCALSTACK_IMAGE, else the one of the two images that exists locally, else the published one, which is pulled. */
async function chooseImage({ image }: ContainerRuntimeClient): Promise<string> {
  if (process.env.LOCALSTACK_IMAGE) return process.env.LOCALSTACK_IMAGE;
  for (const name of [PUBLISHED_IMAGE, BUILT_IMAGE])
    if (await image.exists(ImageName.fromString(name))) return name;
  return PUBLISHED_IMAGE;
}

async function start(container: WatchedContainer, image: string): Promise<StartedLocalStackContainer> {
  try {
    return await container.start();
  } catch (error) {
    // The engine reports the exit code shortly after the log ends.
    const unknown = new Promise<undefined>((resolve) => setTimeout(resolve, 500, undefined));
    const exitCode = await Promise.race([container.exited, unknown]);
    throw new TargetError(explainStart({ image, exitCode, message: messageOf(error), log: container.log }));
  }
}

async function version(endpoint: string): Promise<string> {
  const answer = await callBounded(`${endpoint}/_localstack/health`, { deadlineMs: 30_000 });
  const body = JSON.parse(answer.body) as { version?: string };
  return body.version ?? 'unknown';
}

/** Removes the container even if this process is killed: a child process outlives it to make that call. */
function guardContainer(containerId: string): { release(): void } {
  const child = fork(new URL(`container-guard${EXTENSION}`, import.meta.url), [containerId], {
    detached: true,
    stdio: 'ignore',
  });
  child.unref();
  child.channel?.unref();
  return {
    release: () => {
      child.kill('SIGKILL');
    },
  };
}
