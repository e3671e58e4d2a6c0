import type { Definition } from '../../infra/definition/definition.ts';
import { RequestMapper } from '../../infra/definition/interface/mapped.ts';
import type { Deployment } from '../../infra/provision/deployment.ts';
import { tellingExchange } from './failure.ts';
import type { ScenarioRun } from './results.ts';

/**
 * Adds to each failure the request to Kinesis that the definition renders from the client's request. A deployed API
 * may have no definition to render. An error here does not change the verdict.
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
