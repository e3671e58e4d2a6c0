import { type SimulatedAws, startSimulatedAws } from '../embedded/simulate/simulated-aws.ts';
import { CLOCK_VARIABLE, clockFactor } from '../retry/clock.ts';
import { asTarget } from './embedded.ts';
import type { Simulated } from './options.ts';
import type { Target, TargetKind } from './target.ts';

/** Fast enough to finish a whole run in a minute or two, slow enough for a busy machine to keep up. */
const USUAL_CLOCK_FACTOR = '20';

/**
 * Starts in this process an embedded AWS that behaves like an account on AWS. It and all waits of the process,
 * including those of its worker threads, share one clock that runs at KPC_CLOCK_FACTOR times real time, by default 20.
 */
export async function startSimulation(
  simulated: Simulated,
  options: {
    readonly region: string;
    readonly port?: number;
    readonly accountId?: string;
    readonly verifyCallers?: boolean;
    readonly maxStoredBytes?: number;
  },
): Promise<SimulatedAws> {
  process.env[CLOCK_VARIABLE] ||= USUAL_CLOCK_FACTOR;
  return startSimulatedAws({ ...options, ...simulated, clockFactor: clockFactor() });
}

/** Starts the simulation as a target, which a run treats as AWS. */
export async function startSimulatedTarget(
  simulated: Simulated,
  options: { readonly target: TargetKind; readonly region: string },
): Promise<Target> {
  const region = options.region || 'us-east-1';
  const aws = await startSimulation(simulated, { region });
  const details = { simulation: `aws:${aws.seed}`, 'clock factor': String(aws.clockFactor) };
  if (options.target !== 'aws')
    return { ...asTarget(aws), name: 'simulated AWS', behaves: 'aws', details, ephemeral: false };
  process.env.AWS_ACCESS_KEY_ID = aws.accessKeyId;
  process.env.AWS_SECRET_ACCESS_KEY = aws.secretAccessKey;
  delete process.env.AWS_SESSION_TOKEN;
  try {
    const { reachAwsTarget } = await import('./aws.ts');
    const { endpoint, executeApiUrl } = aws;
    const target = await reachAwsTarget({ endpoint, executeApiUrl, region });
    return { ...target, stop: () => aws.stop() };
  } catch (error) {
    await aws.stop();
    throw error;
  }
}
