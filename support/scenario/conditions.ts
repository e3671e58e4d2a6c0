import { request } from 'undici';
import { NotObservable, TargetError } from '../../infra/errors.ts';
import type { ProxyWorld } from '../world.ts';

/** Its own failures: 500 and 503. */
export type KinesisFailure = 'InternalFailure' | 'ServiceUnavailable';

/** As the embedded AWS takes them (docs/embedded.md). */
interface Conditions {
  readonly failing?: Readonly<Record<string, KinesisFailure>>;
  readonly slow?: readonly string[];
  readonly aged?: { readonly stream: string; readonly millis: number };
}

/** How long an iterator is valid (docs/facts/kinesis.md#records): milliseconds. */
const ITERATOR_LIFE = 300_000;

/** Has Kinesis fare as told, to the gateway's calls, until the scenario is over. */
export async function fares(world: ProxyWorld, conditions: Conditions): Promise<void> {
  world.undo.push('conditions of Kinesis', () => send(world, {}));
  await send(world, conditions);
}

/** Has the iterators that a stream's shards have given until now expire. */
export async function expireIterators(world: ProxyWorld, stream: string): Promise<void> {
  await send(world, { aged: { stream, millis: ITERATOR_LIFE } });
}

async function send({ deployment }: ProxyWorld, conditions: Conditions): Promise<void> {
  const { access, capabilities } = deployment;
  if (!capabilities.includes('kinesis-conditions'))
    throw new NotObservable('nobody can have Kinesis fail, or time pass, on this target');
  const { statusCode, body } = await request(`${access.endpoint}/_kpc/conditions`, {
    method: 'POST',
    body: JSON.stringify(conditions),
  });
  const text = await body.text();
  if (statusCode !== 200) throw new TargetError(`the target does not take the conditions: ${text}`);
}
