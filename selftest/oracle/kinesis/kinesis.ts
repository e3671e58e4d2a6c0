import { type Oracle, type OracleOptions, type OracleReport, Tally } from '../report.ts';
import { readExplanations } from './explained.ts';
import type { Implementation, OracleName } from './implementations/implementation.ts';
import { startKinesalite } from './implementations/kinesalite.ts';
import { startKinesisLocal } from './implementations/kinesis-local.ts';
import { startOurs } from './implementations/ours.ts';
import { compareRequests } from './requests/compare.ts';
import { fixtureOn } from './requests/fixture.ts';
import { search, staleOf } from './search.ts';
import { compareSequences } from './sequences/compare.ts';

export const kinesis: Oracle = {
  summary:
    'the embedded Kinesis, against kinesalite, whose texts were captured from AWS, and kinesis-local, which LocalStack runs',
  cases: 2_000,
  run: async (options) => {
    await using started = new AsyncDisposableStack();
    const start = async (starting: Promise<Implementation>) => {
      const implementation = await starting;
      started.defer(async () => void (await implementation.stop()));
      return implementation;
    };
    const kinesalite = await start(startKinesalite());
    const kinesisLocal = await start(startKinesisLocal());
    return await compareKinesis(options, { kinesalite, 'kinesis-local': kinesisLocal });
  },
};

/** Checks the explanations by their witnesses, then compares single requests and sequences. */
async function compareKinesis(
  options: OracleOptions,
  oracles: Readonly<Record<OracleName, Implementation>>,
): Promise<OracleReport> {
  const explanations = readExplanations();
  const tally = new Tally();
  const requests = compareRequests(
    await fixtureOn(startOurs().call),
    {
      kinesalite: await fixtureOn(oracles.kinesalite.call),
      'kinesis-local': await fixtureOn(oracles['kinesis-local'].call),
    },
    explanations.requests,
  );
  const coverage = { calls: 0, compared: { kinesalite: 0, 'kinesis-local': 0 } };
  const sequences = compareSequences(startOurs(Date.now), oracles, explanations.sequences, coverage);
  const differences = [
    ...(await staleOf(explanations.requests, requests.differences)),
    ...(await staleOf(explanations.sequences, sequences.differences)),
    ...(await search(requests, options, tally)),
    ...(await search(sequences, options, tally)),
  ];
  const { calls, compared } = coverage;
  const notes = Object.entries(compared).map(
    ([name, count]) => `${count} of ${calls} calls of sequences compared with ${name}`,
  );
  return { cases: tally.cases, differences, explained: tally.explained, notes };
}
