import fc from 'fast-check';
import type { Counterexample, Oracle, OracleOptions, OracleReport } from '../report.ts';
import { Tally } from '../report.ts';
import { explain } from './explained.ts';
import { describeOutcome, type Outcome, outcomeOf, sameOutcome } from './outcome.ts';
import { anyCase, type KinesisCase, table } from './requests.ts';
import { type Stand, startKinesalite, startOurs } from './stands.ts';

/** Differences after which a run ends: one defect makes many. */
const MOST_DIFFERENCES = 10;

export const kinesis: Oracle = {
  summary:
    'answers and error texts of the embedded Kinesis, against kinesalite, whose texts were captured from AWS',
  cases: 3_000,
  run: async (options) => {
    const theirs = await startKinesalite();
    try {
      const ours = await startOurs();
      try {
        return await compareKinesis(options, theirs, ours);
      } finally {
        await ours.stop();
      }
    } finally {
      await theirs.stop();
    }
  },
};

/** Asks both the whole table and then generated requests, one after the other. */
export async function compareKinesis(
  { cases, seed }: OracleOptions,
  theirs: Pick<Stand, 'ask'>,
  ours: Pick<Stand, 'ask'>,
): Promise<OracleReport> {
  const tally = new Tally();
  const differences: Counterexample[] = [];
  let shrinking = false;
  const agrees = async (request: KinesisCase): Promise<Counterexample | undefined> => {
    const expected = outcomeOf(await theirs.ask(request));
    const actual = outcomeOf(await ours.ask(request));
    if (!shrinking) tally.cases += 1;
    if (sameOutcome(expected, actual)) return undefined;
    const explanation = explain(request, expected, actual);
    if (explanation === undefined) return counterexample(request, expected, actual);
    if (!shrinking) tally.explain(explanation);
    return undefined;
  };
  for (const request of table()) {
    const difference = await agrees(request);
    if (difference !== undefined) differences.push(difference);
  }
  const last = tally.cases + cases;
  for (let round = 0; tally.cases < last && differences.length < MOST_DIFFERENCES; round += 1) {
    shrinking = false;
    const property = fc.asyncProperty(anyCase, async (request) => {
      if ((await agrees(request)) === undefined) return true;
      shrinking = true;
      return false;
    });
    const { counterexample: smallest } = await fc.check(property, {
      numRuns: last - tally.cases,
      seed: seed + round,
    });
    const difference = smallest?.[0] && (await agrees(smallest[0]));
    if (difference) differences.push(difference);
  }
  return { cases: tally.cases, differences, explained: tally.explained };
}

function counterexample({ action, input }: KinesisCase, expected: Outcome, actual: Outcome): Counterexample {
  return {
    input: `${action} ${typeof input === 'string' ? input : JSON.stringify(input)}`,
    expected: describeOutcome(expected),
    actual: describeOutcome(actual),
  };
}
