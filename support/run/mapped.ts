import type { Definition } from '../../infra/definition/definition.ts';
import { RequestMapper } from '../../infra/definition/interface/mapped.ts';
import type { Deployment } from '../../infra/provision/deployment.ts';
import { tellingExchange } from './failure.ts';
import type { ScenarioRun } from './results.ts';

/**
 * Adds to each failure what the definition makes of the request that shows it. An API that was found deployed has no
 * definition to render; nor does a failure of this take anything from the verdict.
 */
export function withMapping(
  runs: readonly ScenarioRun[],
  definition: Definition,
  { target, region, runId, proxy, underRole }: Deployment,
): readonly ScenarioRun[] {
  if (target.kind === 'url') return runs;
  const baseUrls = [proxy, ...Object.values(underRole)].map(({ baseUrl }) => baseUrl);
  try {
    const mapper = new RequestMapper(definition, { region, stackName: `kpc-${runId}`, baseUrls });
    return runs.map((run) => {
      const exchange = run.outcome === 'failed' ? tellingExchange(run) : undefined;
      const mapped = exchange && mapper.map(exchange.request);
      return mapped === undefined ? run : { ...run, mapped };
    });
  } catch {
    return runs;
  }
}
