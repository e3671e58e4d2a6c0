import { UsageError } from '../errors.ts';
import type { Target, TargetKind } from './target.ts';

/** What a target may need to be told; each target takes what concerns it. */
export interface TargetWish {
  readonly target: TargetKind;
  readonly endpoint: string | undefined;
  readonly executeApiUrl: string | undefined;
  readonly region: string;
}

/**
 * Starts, or reaches, the target. Each target's module is loaded only when it is asked for, since a run on the
 * embedded AWS has no use for a Docker client.
 * @throws TargetError when it cannot be started; UsageError when it is not there to be asked for.
 */
export async function startTarget(wish: TargetWish): Promise<Target> {
  switch (wish.target) {
    case 'embedded':
      return (await import('./embedded.ts')).startEmbeddedTarget(wish);
    case 'localstack':
      return (await import('./localstack.ts')).startLocalstackTarget(wish);
    case 'endpoint':
      return (await import('./endpoint.ts')).reachEndpointTarget(wish);
    case 'aws':
    case 'url':
      throw new UsageError(
        `--target ${wish.target} is not part of this release; use embedded, localstack or endpoint`,
      );
  }
}
