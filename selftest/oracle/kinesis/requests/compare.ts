import type { OracleName } from '../implementations/implementation.ts';
import type { Comparison, Difference, Witnessed } from '../search.ts';
import { anyCase, type KinesisCase, table } from './cases.ts';
import type { Fixture } from './fixture.ts';
import { describeOutcome, inKind, type Outcome, outcomeOf } from './outcome.ts';

/** Why an oracle may answer a request differently. */
export interface RequestExplanation extends Witnessed<KinesisCase> {
  readonly oracle: OracleName;
  explains(request: KinesisCase, theirs: Outcome, ours: Outcome): boolean;
}

/** The parts of an answer that an oracle can judge. */
const VIEWS: Readonly<Record<OracleName, (outcome: Outcome) => Outcome>> = {
  kinesalite: (outcome) => outcome,
  'kinesis-local': inKind,
};

/** Sends the same request to ours and to every oracle. */
export function compareRequests(
  ours: Fixture,
  oracles: Readonly<Partial<Record<OracleName, Fixture>>>,
  explanations: readonly RequestExplanation[],
): Comparison<KinesisCase> {
  const compare = async (
    request: KinesisCase,
    [name, oracle]: [string, Fixture],
    actual: Outcome,
  ): Promise<Difference[]> => {
    const view = VIEWS[name as OracleName];
    const expected = outcomeOf(await oracle.ask(request));
    const [theirs, own] = [expected, actual].map((outcome) => describeOutcome(view(outcome)));
    if (theirs === own) return [];
    const explanation = explanations.find(
      (entry) => entry.oracle === name && entry.explains(request, expected, actual),
    );
    return [
      {
        explanation,
        input: describeCase(request),
        expected: `${name}: ${describeOutcome(expected)}`,
        actual: describeOutcome(actual),
      },
    ];
  };
  return {
    fixed: table(),
    generated: anyCase,
    differences: async (request) => {
      const actual = outcomeOf(await ours.ask(request));
      const found = Object.entries(oracles).map((oracle) => compare(request, oracle, actual));
      return (await Promise.all(found)).flat();
    },
  };
}

function describeCase({ action, input }: KinesisCase): string {
  return `${action} ${typeof input === 'string' ? input : JSON.stringify(input)}`;
}
