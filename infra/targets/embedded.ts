import { suiteVersion } from '../built.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../embedded/embedded-aws.ts';
import { ALL_CAPABILITIES } from './capabilities.ts';
import { offerInProcess } from './in-process.ts';
import type { Target } from './target.ts';

/** CREATING and DELETING are over as soon as a client has seen them: milliseconds. */
const STREAM_STATES = { createMillis: 0, deleteMillis: 0, unseenMillis: 500 };

/** The reference AWS in this process: no Docker, no network, no child process. */
export async function startEmbeddedTarget(options: {
  readonly region: string;
  /** Whether the SDK's calls go by the port too, as those of the proxy always do. */
  readonly sockets?: boolean;
}): Promise<Target> {
  const aws = await startEmbeddedAws({ region: options.region, ...STREAM_STATES });
  return options.sockets ? asTarget(aws) : withoutSockets(aws);
}

/** A running embedded AWS as a target whose SDK clients in this thread need no socket. */
export function withoutSockets(aws: EmbeddedAws): Target {
  const withdraw = offerInProcess(aws.endpoint, aws.serve);
  return {
    ...asTarget(aws),
    stop: async () => {
      withdraw();
      await aws.stop();
    },
  };
}

/** A running embedded AWS, seen as a target. */
export function asTarget(aws: EmbeddedAws): Target {
  return {
    kind: 'embedded',
    name: 'embedded AWS',
    version: suiteVersion(),
    access: {
      endpoint: aws.endpoint,
      region: aws.region,
      credentials: { accessKeyId: aws.accessKeyId, secretAccessKey: aws.secretAccessKey },
    },
    invokeForms: [{ url: aws.executeApiUrl }],
    capabilities: ALL_CAPABILITIES,
    details: {},
    ephemeral: true,
    stop: () => aws.stop(),
  };
}
