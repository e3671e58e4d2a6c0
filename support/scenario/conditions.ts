import { type Conditions, setConditions } from '../observe/conditions.ts';
import type { ProxyWorld } from '../world.ts';

/** How long an iterator is valid (docs/facts/kinesis.md#records): milliseconds. */
const ITERATOR_LIFE = 300_000;

/** Has Kinesis fare as told, to the gateway's calls, until the scenario is over. */
export async function fares({ deployment, undo }: ProxyWorld, conditions: Conditions): Promise<void> {
  undo.push('conditions of Kinesis', () => setConditions(deployment, {}));
  await setConditions(deployment, conditions);
}

/** Has the iterators that a stream's shards have given until now expire. */
export async function expireIterators({ deployment }: ProxyWorld, stream: string): Promise<void> {
  await setConditions(deployment, { aged: { stream, millis: ITERATOR_LIFE } });
}
