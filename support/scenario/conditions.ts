import { type Conditions, setConditions } from '../observe/conditions.ts';
import type { ProxyWorld } from '../world.ts';

/** How long an iterator is valid (docs/facts/kinesis.md#records): milliseconds. */
const ITERATOR_LIFE = 300_000;

/** Makes Kinesis give this answer to the gateway's calls until the end of the scenario. */
export async function setKinesisConditions(
  { deployment, undo }: ProxyWorld,
  conditions: Conditions,
): Promise<void> {
  undo.push('conditions of Kinesis', () => setConditions(deployment, {}));
  await setConditions(deployment, conditions);
}

/** Makes all existing iterators of a stream expire. */
export async function expireIterators({ deployment }: ProxyWorld, stream: string): Promise<void> {
  await setConditions(deployment, { aged: { stream, millis: ITERATOR_LIFE } });
}
