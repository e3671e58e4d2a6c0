import { callBounded } from '../../infra/bounds/http.ts';
import { NotObservable, TargetError } from '../../infra/errors.ts';
import type { Deployment } from '../../infra/provision/deployment.ts';
import { sleep } from '../../infra/retry/clock.ts';

/** Its own failures, 500 and 503, the one of a full shard, and the one of an account's rate of calls. */
export type KinesisFailure =
  | 'InternalFailure'
  | 'ServiceUnavailable'
  | 'ProvisionedThroughputExceededException'
  | 'LimitExceededException';

/** The conditions that the embedded AWS accepts (docs/embedded.md). */
export interface Conditions {
  readonly failing?: Readonly<Record<string, KinesisFailure>>;
  readonly slow?: readonly string[];
  readonly aged?: { readonly stream: string; readonly millis: number };
  readonly rested?: readonly string[];
  readonly held?: readonly string[];
}

type Conditioned = Pick<Deployment, 'access' | 'capabilities'>;

/** A shard's quotas are those of a second (docs/facts/kinesis.md#limits); milliseconds, with a little for the way. */
export const RECOVERY = 1_100;

/** @throws NotObservable if the target accepts no conditions, TargetError if it refuses these. */
export async function setConditions(deployment: Conditioned, conditions: Conditions): Promise<void> {
  const { access } = deployment;
  if (!takesConditions(deployment))
    throw new NotObservable('Kinesis cannot be made to fail, or time to pass, on this target');
  const { status, body } = await callBounded(`${access.endpoint}/_kpc/conditions`, {
    method: 'POST',
    body: JSON.stringify(conditions),
    deadlineMs: 30_000,
  });
  if (status !== 200) throw new TargetError(`the target refuses the conditions: ${body}`);
}

/** Waits until the throttled shards of a stream take records again, or lets time pass on a target that can. */
export async function untilRested(
  deployment: Conditioned,
  stream: string,
  millis: number = RECOVERY,
): Promise<void> {
  if (takesConditions(deployment)) await setConditions(deployment, { rested: [stream] });
  else await sleep(millis);
}

/**
 * Overloads shards. Where the target can be told so, the second in which they count what they take lasts until the work
 * is done, since a busy machine may not send in a second what a shard takes.
 * @param overload is given a way to hold a stream, once it knows which one is written to.
 */
export async function withinOneSecond(
  deployment: Conditioned,
  overload: (hold: (stream: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  const held = new Set<string>();
  try {
    await overload(async (stream) => {
      if (!takesConditions(deployment) || held.has(stream)) return;
      held.add(stream);
      await setConditions(deployment, { held: [stream] });
    });
  } finally {
    if (held.size > 0) await setConditions(deployment, { rested: [...held] });
  }
}

function takesConditions({ capabilities }: Conditioned): boolean {
  return capabilities.includes('kinesis-conditions');
}
