import { Client } from 'undici';
import { messageOf } from '../../infra/errors.ts';
import type { Operation } from './operations.ts';

/** Slightly longer than API Gateway waits for Kinesis (docs/facts/gateway.md#limits), in milliseconds. */
const MAX_ANSWER_MILLIS = 30_000;

/** The result of calling as fast as the answers allow. */
export interface Load {
  /** Milliseconds from sending the request to receiving the whole answer, for each correct answer. */
  readonly latencies: readonly number[];
  readonly seconds: number;
  /** The number of wrong answers. */
  readonly wrong: number;
  /** The number of calls without an answer. */
  readonly missing: number;
  /** The first wrong or missing answer. */
  readonly problem: string | undefined;
}

/**
 * Calls in a closed loop: each connection sends its next request after the answer to the previous one. Every answer is
 * checked, after its time was measured.
 * @param limit when to end the load: after a number of milliseconds, after which no call starts, or a number of calls.
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
