import { stalls } from '../bounds/stalls.ts';
import type { TargetOptions } from './options.ts';
import type { Target } from './target.ts';

/**
 * Starts the target or connects to it. Each target's module is loaded only when needed, since a run on the embedded AWS
 * has no use for a Docker client.
 * @throws TargetError when the target cannot be started; UsageError when the options do not fit it.
 */
export async function startTarget(options: TargetOptions): Promise<Target> {
  stalls.close();
  if (options.simulate)
    return (await import('./simulated.ts')).startSimulatedTarget(options.simulate, options);
  switch (options.target) {
    case 'embedded':
      return (await import('./embedded.ts')).startEmbeddedTarget(options);
    case 'localstack':
      return (await import('./localstack.ts')).startLocalstackTarget(options);
    case 'endpoint':
      return (await import('./endpoint.ts')).reachEndpointTarget(options);
    case 'aws':
      return (await import('./aws.ts')).reachAwsTarget(options);
    case 'url':
      return (await import('./url.ts')).reachUrlTarget(options);
  }
}
