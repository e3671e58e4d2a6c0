import { request } from 'undici';
import { messageOf, TargetError } from '../errors.ts';
import { OBSERVATION_CAPABILITIES } from './capabilities.ts';
import type { InvokeForm, Target } from './target.ts';

/** Where emulators tell who they are: a path, the name it proves, and where its version stands. */
const IDENTITIES: readonly { path: string; name: string; version: (body: Json) => unknown }[] = [
  { path: '/_kpc/health', name: 'embedded AWS', version: (body) => body.version },
  { path: '/_localemu/health', name: 'LocalEmu', version: (body) => body.version },
  { path: '/_ministack/health', name: 'ministack', version: (body) => body.version },
  { path: '/_localstack/health', name: 'LocalStack', version: (body) => body.version },
  { path: '/moto-api/data.json', name: 'moto', version: () => undefined },
];

type Json = Record<string, unknown>;

/**
 * An AWS-compatible endpoint that somebody else runs: provisioned like any other, and left as it was found.
 * @throws TargetError when nothing answers there.
 */
export async function reachEndpointTarget(options: {
  endpoint: string | undefined;
  executeApiUrl: string | undefined;
  region: string;
}): Promise<Target> {
  const endpoint = options.endpoint as string;
  await knock(endpoint);
  const identity = await identify(endpoint);
  return {
    kind: 'endpoint',
    ...identity,
    access: {
      endpoint,
      region: options.region,
      credentials: {
        accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? 'test',
        secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY ?? 'test',
      },
    },
    invokeForms: options.executeApiUrl
      ? [{ url: options.executeApiUrl, insisted: true }]
      : invokeForms(endpoint),
    capabilities: OBSERVATION_CAPABILITIES,
    details: {},
    ephemeral: false,
    failed: new Promise(() => {}),
    stop: async () => {},
  };
}

/** The forms that emulators are known to serve a stage at (facts, LocalStack 4; the Host form is AWS's own). */
export function invokeForms(endpoint: string): InvokeForm[] {
  return [
    { url: `${endpoint}/_aws/execute-api/{restApiId}/{stage}` },
    { url: `${endpoint}/restapis/{restApiId}/{stage}/_user_request_` },
    { url: `${endpoint}/{stage}`, host: '{restApiId}.execute-api.{region}.amazonaws.com' },
    { url: `${endpoint}/{stage}`, host: '{restApiId}.execute-api.localhost' },
  ];
}

async function knock(endpoint: string): Promise<void> {
  try {
    const answer = await request(endpoint, { headersTimeout: 10_000, bodyTimeout: 10_000 });
    await answer.body.dump();
  } catch (error) {
    throw new TargetError(
      `nothing answers at ${endpoint} (${messageOf(error)}); start the emulator or correct --endpoint`,
    );
  }
}

/** Whose emulator it is, as its health page says. */
export async function identify(endpoint: string): Promise<{ name: string; version: string }> {
  for (const { path, name, version } of IDENTITIES) {
    try {
      const answer = await request(endpoint + path, { headersTimeout: 10_000, bodyTimeout: 10_000 });
      const body = (await answer.body.json()) as Json;
      if (answer.statusCode === 200) return { name, version: String(version(body) ?? 'unknown') };
    } catch {
      // Not this one: it answered otherwise than with JSON.
    }
  }
  return { name: 'AWS-compatible endpoint', version: 'unknown' };
}
