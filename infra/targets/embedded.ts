import { suiteVersion } from '../built.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../embedded/embedded-aws.ts';
import { ALL_CAPABILITIES } from './capabilities.ts';
import { offerInProcess } from './in-process.ts';
import type { Target } from './target.ts';

/** In milliseconds: a stream leaves CREATING and DELETING as soon as a client has seen the state. */
const STREAM_STATES = { createMillis: 0, deleteMillis: 0, unseenMillis: 500 };

/** Starts the embedded AWS in this process: no Docker, no network, no child process. */
export async function startEmbeddedTarget(options: {
  readonly region: string;
  /** Whether the SDK's calls use the port too, as calls of the proxy always do. */
  readonly sockets?: boolean;
}): Promise<Target> {
  const aws = await startEmbeddedAws({ region: options.region, ...STREAM_STATES });
  return options.sockets ? asTarget(aws) : withoutSockets(aws);
}

/** Wraps a running embedded AWS as a target; SDK clients in this thread call it without sockets. */
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

/** Wraps a running embedded AWS as a target. */
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
