import { type EmbeddedAws, type EmbeddedOptions, startEmbeddedAws } from '../embedded-aws.ts';
import { plantForeign } from './foreign.ts';
import { Simulation, type SimulationOptions, type SimulationReport } from './simulation.ts';

export interface SimulatedAws extends EmbeddedAws {
  readonly seed: number;
  readonly clockFactor: number;
  /** Runs calls of an observer outside the run; meanwhile nothing is counted, refused, hidden or lost. */
  quietly<T>(look: () => Promise<T>): Promise<T>;
  /** Prepares for another run, which gets each kind of fault early again. */
  rearm(): void;
  /** What has happened so far. */
  readonly report: SimulationReport;
}

/**
 * Starts the embedded AWS as the worst case of an account on AWS: slow, rate-limited, eventually consistent, with
 * transient errors, and with things that belong to others. Throws like `startEmbeddedAws`.
 */
export async function startSimulatedAws(
  options: SimulationOptions &
    Pick<EmbeddedOptions, 'port' | 'host' | 'region' | 'accountId' | 'verifyCallers' | 'maxStoredBytes'>,
): Promise<SimulatedAws> {
  const { seed, clockFactor, ...own } = options;
  const simulation = new Simulation({ seed, clockFactor, now: own.now });
  const accountId = own.accountId ?? '000000000000';
  const aws = await startEmbeddedAws({
    ...own,
    createMillis: () => simulation.streamMillis(),
    deleteMillis: () => simulation.streamMillis(),
    middleware: simulation.middleware({ accountId }),
  });
  try {
    await plantForeign(aws);
  } catch (error) {
    await aws.stop();
    throw error;
  }
  simulation.begin();
  return {
    ...aws,
    seed,
    clockFactor,
    rearm: () => simulation.rearm(),
    quietly: (look) => simulation.quietly(look),
    get report() {
      return simulation.report;
    },
  };
}
