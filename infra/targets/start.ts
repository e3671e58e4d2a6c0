import { stalls } from '../bounds/stalls.ts';
import type { Target } from './target.ts';
import type { TargetWish } from './wish.ts';

/**
 * Starts, or reaches, the target. Each target's module is loaded only when it is asked for, since a run on the
 * embedded AWS has no use for a Docker client.
 * @throws TargetError when it cannot be started; UsageError when it is not there to be asked for.
 */
export async function startTarget(wish: TargetWish): Promise<Target> {
  stalls.close();
  if (wish.simulate) return (await import('./simulated.ts')).startSimulatedTarget(wish.simulate, wish);
  switch (wish.target) {
    case 'embedded':
      return (await import('./embedded.ts')).startEmbeddedTarget(wish);
    case 'localstack':
      return (await import('./localstack.ts')).startLocalstackTarget(wish);
    case 'endpoint':
      return (await import('./endpoint.ts')).reachEndpointTarget(wish);
    case 'aws':
      return (await import('./aws.ts')).reachAwsTarget(wish);
    case 'url':
      return (await import('./url.ts')).reachUrlTarget(wish);
  }
}
