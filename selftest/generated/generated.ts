import fc from 'fast-check';
import type { Definition } from '../../infra/definition/definition.ts';
import type { Exchange } from '../../support/client/exchange.ts';
import { Fixture } from './fixture.ts';
import { Broken } from './kinds.ts';
import { PROPERTIES, type Property } from './properties.ts';

/** The result of one property. */
export interface PropertyReport {
  readonly property: Property;
  readonly runs: number;
  readonly durationMs: number;
  /** Absent where the property holds. */
  readonly failure?: Failure;
}

export interface Failure {
  /** The smallest input found, in words or JSON. */
  readonly counterexample: string;
  readonly reason: string;
  /** The calls made with that input, oldest first. */
  readonly exchanges: readonly Exchange[];
}

/** The timeout of a property in milliseconds: longer than any run takes. */
const MAX_TRIAL_MS = 30_000;

/**
 * Deploys a definition on an embedded AWS and tries each property on it with generated calls.
 * @throws TargetError when the definition cannot be deployed, or the proxy does not answer at all.
 */
export async function tryProperties(
  definition: Definition,
  options: { runs: number; seed: number; only?: readonly string[] },
  onReport: (report: PropertyReport) => void = () => undefined,
): Promise<PropertyReport[]> {
  const fixture = await Fixture.open(definition);
  try {
    const reports: PropertyReport[] = [];
    for (const property of PROPERTIES) {
      if (options.only !== undefined && !options.only.includes(property.name)) continue;
      const report = await tryProperty(property, fixture, options);
      reports.push(report);
      onReport(report);
    }
    return reports;
  } finally {
    await fixture.close();
  }
}

async function tryProperty(
  property: Property,
  fixture: Fixture,
  { runs, seed }: { runs: number; seed: number },
): Promise<PropertyReport> {
  const started = performance.now();
  let last: { error: unknown; exchanges: Exchange[] } | undefined;
  const onFailure = (error: unknown) => {
    last = { error, exchanges: fixture.client.answers.map(({ exchange }) => exchange) };
  };
  const result = await fc.check(property.of(fixture, onFailure), {
    numRuns: Math.max(1, Math.ceil(runs * property.share)),
    seed,
    timeout: MAX_TRIAL_MS,
  });
  const durationMs = performance.now() - started;
  if (!result.failed) return { property, runs: result.numRuns, durationMs };
  // Any other error is a failure of this code, or of the target.
  if (last !== undefined && !(last.error instanceof Broken)) throw last.error;
  const reason = last?.error ?? result.errorInstance;
  return {
    property,
    runs: result.numRuns,
    durationMs,
    failure: {
      counterexample: fc.stringify((result.counterexample as readonly unknown[] | null)?.[0]),
      reason: reason instanceof Error ? reason.message : String(reason),
      exchanges: last?.exchanges ?? [],
    },
  };
}
