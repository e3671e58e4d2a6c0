import { callBounded } from '../bounds/http.ts';
import { stalls } from '../bounds/stalls.ts';
import { messageOf, TargetError } from '../errors.ts';
import { CLOCK_VARIABLE } from '../retry/clock.ts';
import { skewOf } from '../retry/skew.ts';
import { ENDPOINT_CAPABILITIES } from './capabilities.ts';
import type { InvokeForm, Target } from './target.ts';

/** Where a simulation of AWS tells of itself, its clock included. */
const SIMULATION = '/_kpc/simulation';

/** Where emulators tell who they are: a path, the name it proves, and where its version stands. */
const IDENTITIES: readonly { path: string; name: string; version: (body: Json) => unknown }[] = [
  { path: SIMULATION, name: 'simulated AWS', version: () => undefined },
  { path: '/_kpc/health', name: 'embedded AWS', version: (body) => body.version },
  { path: '/_localemu/health', name: 'LocalEmu', version: (body) => body.version },
  { path: '/_ministack/health', name: 'ministack', version: (body) => body.version },
  { path: '/_localstack/health', name: 'LocalStack', version: (body) => body.version },
  { path: '/moto-api/data.json', name: 'moto', version: () => undefined },
];

/** As clock.ts takes it. */
const MAX_CLOCK_FACTOR = 100;
/** Characters of a version, which is printed and written in many places. */
const MAX_VERSION = 100;

type Json = Record<string, unknown>;

/**
 * An AWS-compatible endpoint that the run did not start: provisioned like any other, and left as it was found.
 * @throws TargetError when nothing answers there.
 */
export async function reachEndpointTarget(options: {
  endpoint: string | undefined;
  executeApiUrl: string | undefined;
  region: string;
}): Promise<Target> {
  const endpoint = options.endpoint as string;
  stalls.open();
  const skewMs = await probe(endpoint);
  const { isSimulation, details, ...identity } = await identify(endpoint);
  return {
    kind: 'endpoint',
    ...identity,
    ...(isSimulation && { behaves: 'aws' as const }),
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
    capabilities: ENDPOINT_CAPABILITIES,
    details,
    ...(skewMs !== undefined && { skewMs }),
    ephemeral: false,
    stop: async () => {},
  };
}

/**
 * The forms that emulators are known to serve a stage at (docs/facts/localstack.md#addresses; the Host form is AWS's
 * own).
 */
export function invokeForms(endpoint: string): InvokeForm[] {
  return [
    { url: `${endpoint}/_aws/execute-api/{restApiId}/{stage}` },
    { url: `${endpoint}/restapis/{restApiId}/{stage}/_user_request_` },
    { url: `${endpoint}/{stage}`, host: '{restApiId}.execute-api.{region}.amazonaws.com' },
    { url: `${endpoint}/{stage}`, host: '{restApiId}.execute-api.localhost' },
  ];
}

/** @returns how far its clock is ahead of this machine's, in milliseconds, where it told. */
async function probe(endpoint: string): Promise<number | undefined> {
  try {
    const sent = Date.now();
    const { headers } = await callBounded(endpoint, { deadlineMs: 10_000 });
    return skewOf(String(headers.date), sent);
  } catch (error) {
    throw new TargetError(
      `nothing answers at ${endpoint} (${messageOf(error)}); start the emulator or correct --endpoint`,
    );
  }
}

/** Whose emulator it is; a simulation of AWS is to be treated as AWS. */
interface Identity {
  readonly name: string;
  readonly version: string;
  readonly isSimulation: boolean;
  readonly details: Readonly<Record<string, string>>;
}

/** Whose emulator it is, as its health page says. */
export async function identify(endpoint: string): Promise<Identity> {
  for (const { path, name, version } of IDENTITIES) {
    try {
      const answer = await callBounded(endpoint + path, { deadlineMs: 10_000 });
      const body = JSON.parse(answer.body) as Json;
      if (answer.status !== 200) continue;
      const isSimulation = path === SIMULATION;
      if (isSimulation && !isSimulated(body)) continue;
      const details = isSimulation ? joinSimulation(body) : {};
      return {
        name,
        version: String(version(body) ?? 'unknown').slice(0, MAX_VERSION),
        isSimulation,
        details,
      };
    } catch (error) {
      // One that keeps the first call waiting does so with the others.
      if (error instanceof Error && error.name === 'TimeoutError') break;
      // Not this one: it answered otherwise than with JSON.
    }
  }
  return { name: 'AWS-compatible endpoint', version: 'unknown', isSimulation: false, details: {} };
}

/** Anything may answer there with JSON, and who is taken for AWS is waited for as AWS is. */
function isSimulated({ seed, clockFactor }: Json): boolean {
  return Number.isInteger(seed) && Number(clockFactor) >= 1 && Number(clockFactor) <= MAX_CLOCK_FACTOR;
}

/** All waits of this process are as fast as the simulation, unless they were told otherwise. */
function joinSimulation({ seed, clockFactor }: Json): Record<string, string> {
  process.env[CLOCK_VARIABLE] ||= String(clockFactor);
  return { simulation: `aws:${seed}`, 'clock factor': String(clockFactor) };
}
