import { callBounded } from '../../infra/bounds/http.ts';
import { NotObservable, TargetError } from '../../infra/errors.ts';
import type { Deployment } from '../../infra/provision/deployment.ts';
import { sleep } from '../../infra/retry/clock.ts';

/** Failures of Kinesis (500 and 503), throttling by a shard, and throttling by the account's rate of calls. */
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

/** A shard's quotas are per second (docs/facts/kinesis.md#limits); milliseconds, with a little for the network. */
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

/** Waits until the throttled shards of a stream accept records again, or advances the clock of a target that can. */
export async function untilRested(
  deployment: Conditioned,
  stream: string,
  millis: number = RECOVERY,
): Promise<void> {
  if (takesConditions(deployment)) await setConditions(deployment, { rested: [stream] });
  else await sleep(millis);
}

/**
 * Overloads shards. On a target that can do so, the second for which they count records lasts until the work
 * is done, since a busy machine may not send enough in one second to exceed a shard's limit.
 * @param overload gets a function to stop a stream's clock, which it calls when it knows the stream.
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
