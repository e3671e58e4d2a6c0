import { GenericContainer, getContainerRuntimeClient, ImageName, Wait } from 'testcontainers';
import { messageOf, TargetError } from '../errors.ts';

/** An emulator that can be started from an image of build.sh, and tested as an endpoint. */
export interface Emulator {
  readonly name: string;
  readonly image: string;
  readonly port: number;
  /** A path that answers once the emulator is ready. */
  readonly ready: string;
  /**
   * Where it serves a stage, below its endpoint. If given, a run requires it, so that an emulator that serves nothing
   * there still gets a row of failures.
   */
  readonly invokePath: string;
}

/** LocalStack is not here: it is a target of its own. */
export const EMULATORS: readonly Emulator[] = [
  {
    name: 'LocalEmu',
    image: 'localemu-from-packages:1.3.2',
    port: 4566,
    ready: '/_localemu/health',
    invokePath: '/_aws/execute-api/{restApiId}/{stage}',
  },
  {
    name: 'moto',
    image: 'moto-from-packages:5.2.5',
    port: 5000,
    ready: '/moto-api/',
    invokePath: '/restapis/{restApiId}/{stage}/_user_request_',
  },
  {
    name: 'ministack',
    image: 'ministack-from-packages:1.5.33',
    port: 4566,
    ready: '/_ministack/health',
    invokePath: '/restapis/{restApiId}/{stage}/_user_request_',
  },
];

/**
 * Starts an emulator's container on a free port of this machine.
 * @throws TargetError if there is no engine or no image, or the emulator does not become ready.
 */
export async function startEmulator(
  emulator: Emulator,
): Promise<{ endpoint: string; stop(): Promise<void> }> {
  process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true';
  const runtime = await getContainerRuntimeClient().catch(() => {
    throw new TargetError(
      'no Docker engine answers; start one (as root on Debian: eval "$(infra/emulators/engine.sh start)")',
    );
  });
  if (!(await runtime.image.exists(ImageName.fromString(emulator.image))))
    throw new TargetError(
      `the image ${emulator.image} does not exist; build it with infra/emulators/build.sh ${emulator.name.toLowerCase()}`,
    );
  try {
    const started = await new GenericContainer(emulator.image)
      .withExposedPorts(emulator.port)
      .withWaitStrategy(
        Wait.forHttp(emulator.ready, emulator.port).forStatusCodeMatching((status) => status < 500),
      )
      .withStartupTimeout(60_000)
      .start();
    return {
      endpoint: `http://${started.getHost()}:${started.getMappedPort(emulator.port)}`,
      stop: async () => {
        await started.stop({ timeout: 0 });
      },
    };
  } catch (error) {
    throw new TargetError(`${emulator.name} did not become ready: ${messageOf(error)}`);
  }
}
