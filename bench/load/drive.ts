import { Client } from 'undici';
import { messageOf } from '../../infra/errors.ts';
import type { Operation } from './operations.ts';

/** As long as API Gateway itself waits for Kinesis (docs/facts/gateway.md#limits), and a little: milliseconds. */
const MAX_ANSWER_MILLIS = 30_000;

/** What came of calling as fast as the answers allow. */
export interface Load {
  /** Milliseconds from sending a request to having the whole answer, one for each right answer. */
  readonly latencies: readonly number[];
  readonly seconds: number;
  /** Answers that were not what they had to be. */
  readonly wrong: number;
  /** Calls that got no answer. */
  readonly missing: number;
  /** The first of the wrong and missing. */
  readonly problem: string | undefined;
}

/**
 * Calls in a closed loop: each connection sends its next request when it has the answer to the one before. Every answer
 * is checked, after its time was taken.
 * @param limit ends the load: after so many milliseconds (no call is begun after them), or so many calls.
 */
export async function drive(
  origin: string,
  { requests, check }: Operation,
  connections: number,
  limit: { millis: number } | { calls: number },
): Promise<Load> {
  const latencies: number[] = [];
  let [wrong, missing, begun] = [0, 0, 0];
  let problem: string | undefined;
  const began = performance.now();
  const goesOn = () => ('calls' in limit ? begun < limit.calls : performance.now() - began < limit.millis);
  const connection = async () => {
    const client = new Client(origin, {
      pipelining: 1,
      headersTimeout: MAX_ANSWER_MILLIS,
      bodyTimeout: MAX_ANSWER_MILLIS,
    });
    while (goesOn()) {
      const request = requests[begun % requests.length] as (typeof requests)[number];
      begun += 1;
      const sent = performance.now();
      try {
        const answer = await client.request(request);
        const text = await answer.body.text();
        const millis = performance.now() - sent;
        const complaint = check(answer.statusCode, text);
        if (complaint === undefined) latencies.push(millis);
        else {
          wrong += 1;
          problem ??= complaint;
        }
      } catch (error) {
        missing += 1;
        problem ??= `no answer: ${messageOf(error)}`;
      }
    }
    await client.close();
  };
  await Promise.all(Array.from({ length: connections }, connection));
  return { latencies, seconds: (performance.now() - began) / 1000, wrong, missing, problem };
}
