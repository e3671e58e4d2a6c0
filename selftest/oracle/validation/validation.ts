import fc from 'fast-check';
import { type Counterexample, type Oracle, type OracleOptions, type OracleReport, Tally } from '../report.ts';
import { type Answer, agree, describeAnswer, type ValidationCase, validateEmbedded } from './case.ts';
import { startValidator } from './engine.ts';
import { EXPLANATIONS, type Validate } from './explained.ts';
import { validationCase } from './schemas.ts';

/** The number of counterexamples after which a run ends: each takes time to shrink, and one defect causes many. */
const MAX_COUNTEREXAMPLES = 5;

export const validation: Oracle = {
  summary: 'bodies validated by draft-4 schemas in the embedded AWS, against json-schema-validator 2.2.14',
  cases: 5_000,
  run: async (options) => {
    const validator = await startValidator();
    try {
      return await compareValidations(options, validator.ask, validateEmbedded);
    } finally {
      await validator.stop();
    }
  },
};

/** Validates generated bodies with both; shrinks each unexplained difference. */
export async function compareValidations(
  { cases, seed }: OracleOptions,
  java: Validate,
  validate: (request: ValidationCase) => Answer,
): Promise<OracleReport> {
  const tally = new Tally();
  const differences: Counterexample[] = [];
  for (let round = 0; tally.cases < cases && differences.length < MAX_COUNTEREXAMPLES; round += 1) {
    let isShrinking = false;
    const property = fc.asyncProperty(validationCase, async (request) => {
      const [expected, actual] = [await java(request), validate(request)];
      if (!isShrinking) tally.cases += 1;
      if (agree(expected, actual)) return true;
      for (const explanation of EXPLANATIONS) {
        if (!(await explanation.explains({ request, actual, java }))) continue;
        if (!isShrinking) tally.explain(explanation);
        return true;
      }
      isShrinking = true;
      return false;
    });
    const { counterexample } = await fc.check(property, { numRuns: cases - tally.cases, seed: seed + round });
    const smallest = counterexample?.[0];
    if (smallest === undefined || smallest === null) continue;
    differences.push({
      input: JSON.stringify(smallest),
      expected: describeAnswer(await java(smallest)),
      actual: describeAnswer(validate(smallest)),
    });
  }
  return { cases: tally.cases, differences, explained: tally.explained };
}
