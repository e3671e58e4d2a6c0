import { callBounded } from '../bounds/http.ts';
import { stalls } from '../bounds/stalls.ts';
import { messageOf, TargetError } from '../errors.ts';
import { CLOCK_VARIABLE } from '../retry/clock.ts';
import { skewOf } from '../retry/skew.ts';
import { ENDPOINT_CAPABILITIES } from './capabilities.ts';
import type { InvokeForm, Target } from './target.ts';

/** Where a simulation of AWS describes itself, its clock included. */
const SIMULATION = '/_kpc/simulation';

/** How to identify an emulator: a path that only it answers, its name, and how to read its version from the answer. */
const IDENTITIES: readonly { path: string; name: string; version: (body: Json) => unknown }[] = [
  { path: SIMULATION, name: 'simulated AWS', version: () => undefined },
  { path: '/_kpc/health', name: 'embedded AWS', version: (body) => body.version },
  { path: '/_localemu/health', name: 'LocalEmu', version: (body) => body.version },
  { path: '/_ministack/health', name: 'ministack', version: (body) => body.version },
  { path: '/_localstack/health', name: 'LocalStack', version: (body) => body.version },
  { path: '/moto-api/data.json', name: 'moto', version: () => undefined },
];

/** The limit in clock.ts. */
const MAX_CLOCK_FACTOR = 100;
/** Maximum length in characters of a version, since reports and logs repeat it. */
const MAX_VERSION = 100;

type Json = Record<string, unknown>;

/**
 * Connects to an AWS-compatible endpoint that the run did not start. The run provisions it like any other target and
 * cleans up afterwards.
 * @throws TargetError when the endpoint does not answer.
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
 * The URL forms under which emulators serve a stage (docs/facts/localstack.md#addresses; AWS itself uses the Host
 * form).
 */
export function invokeForms(endpoint: string): InvokeForm[] {
  return [
    { url: `${endpoint}/_aws/execute-api/{restApiId}/{stage}` },
    { url: `${endpoint}/restapis/{restApiId}/{stage}/_user_request_` },
    { url: `${endpoint}/{stage}`, host: '{restApiId}.execute-api.{region}.amazonaws.com' },
    { url: `${endpoint}/{stage}`, host: '{restApiId}.execute-api.localhost' },
  ];
}

/** @returns how far the endpoint's clock is ahead of this machine's, in milliseconds; undefined if it sends no date. */
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

/** Which emulator answers; the run treats a simulation of AWS as AWS. */
interface Identity {
  readonly name: string;
  readonly version: string;
  readonly isSimulation: boolean;
  readonly details: Readonly<Record<string, string>>;
}

/** Identifies the emulator by its health page. */
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
      // After one timeout the other paths would time out too.
      if (error instanceof Error && error.name === 'TimeoutError') break;
      // Not this emulator: the answer is not JSON.
    }
  }
  return { name: 'AWS-compatible endpoint', version: 'unknown', isSimulation: false, details: {} };
}

/**
 * Checks the answer strictly: any server may answer with JSON, and for a simulation the run waits as long as for AWS.
 */
function isSimulated({ seed, clockFactor }: Json): boolean {
  return Number.isInteger(seed) && Number(clockFactor) >= 1 && Number(clockFactor) <= MAX_CLOCK_FACTOR;
}

/** Speeds up all waits of this process to the simulation's clock, unless the environment sets its own. */
function joinSimulation({ seed, clockFactor }: Json): Record<string, string> {
  process.env[CLOCK_VARIABLE] ||= String(clockFactor);
  return { simulation: `aws:${seed}`, 'clock factor': String(clockFactor) };
}
