import { type Oracle, type OracleOptions, type OracleReport, Tally } from '../report.ts';
import { REQUEST_EXPLANATIONS } from './explained.ts';
import type { Implementation, OracleName } from './implementations/implementation.ts';
import { startKinesalite } from './implementations/kinesalite.ts';
import { startKinesisLocal } from './implementations/kinesis-local.ts';
import { startOurs } from './implementations/ours.ts';
import { compareRequests } from './requests/compare.ts';
import { fixtureOn } from './requests/fixture.ts';
import { search, staleOf } from './search.ts';

export const kinesis: Oracle = {
  summary:
    'the embedded Kinesis, against kinesalite, whose texts were captured from AWS, and kinesis-local, which LocalStack runs',
  cases: 3_000,
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

/** Compares single requests. */
async function compareKinesis(
  options: OracleOptions,
  oracles: Readonly<Record<OracleName, Implementation>>,
): Promise<OracleReport> {
  const tally = new Tally();
  const requests = compareRequests(
    await fixtureOn(startOurs().call),
    {
      kinesalite: await fixtureOn(oracles.kinesalite.call),
      'kinesis-local': await fixtureOn(oracles['kinesis-local'].call),
    },
    REQUEST_EXPLANATIONS,
  );
  const differences = [
    ...(await staleOf(REQUEST_EXPLANATIONS, requests.differences)),
    ...(await search(requests, options, tally)),
  ];
  return { cases: tally.cases, differences, explained: tally.explained };
}
