import { ListStreamsCommand } from '@aws-sdk/client-kinesis';
import type { Clients } from '../provision/clients.ts';
import { watchClock } from '../retry/skew.ts';

/**
 * How far a target's clock is ahead of this machine's, in milliseconds, by the Date header of an answer; undefined if
 * the answer has none.
 */
export async function measureSkew({ kinesis }: Pick<Clients, 'kinesis'>): Promise<number | undefined> {
  let skewMs: number | undefined;
  const command = new ListStreamsCommand({ Limit: 1 });
  command.middlewareStack.use(
    watchClock((told) => {
      skewMs = told;
    }),
  );
  await kinesis.send(command);
  return skewMs;
}
