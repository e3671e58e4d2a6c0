import fc from 'fast-check';
import type { Counterexample, Oracle, OracleOptions, OracleReport } from '../report.ts';
import { Tally } from '../report.ts';
import { type Answer, describeAnswer, renderEmbedded, type TemplateCase } from './case.ts';
import { definitionCase } from './definitions.ts';
import { documentCase } from './documents.ts';
import { startVelocity, type VelocityEngine } from './engine.ts';
import { agree, explain } from './explained.ts';
import { filterCase } from './filters.ts';
import { templateCase } from './grammar.ts';
import { methodCase } from './method-calls.ts';

/** The number of counterexamples after which a run ends: each takes time to shrink, and one defect causes many. */
const MAX_COUNTEREXAMPLES = 5;

/** The templates of the project's own definitions, which matter most, and four grammars for different features. */
const anyCase = fc.oneof(
  { weight: 2, arbitrary: definitionCase },
  { weight: 6, arbitrary: templateCase },
  { weight: 5, arbitrary: documentCase },
  { weight: 4, arbitrary: filterCase },
  { weight: 3, arbitrary: methodCase },
);

export const templates: Oracle = {
  summary: 'mapping templates rendered by the embedded AWS, against Apache Velocity 1.7 and Jayway JsonPath',
  cases: 20_000,
  run: async (options) => {
    const velocity = await startVelocity();
    try {
      return await compareTemplates(options, velocity, renderEmbedded);
    } finally {
      await velocity.stop();
    }
  },
};

/** Renders generated templates with both; shrinks each unexplained difference. */
export async function compareTemplates(
  { cases, seed }: OracleOptions,
  velocity: Pick<VelocityEngine, 'render'>,
  render: Render,
): Promise<OracleReport> {
  const tally = new Tally();
  const differences: Counterexample[] = [];
  for (let round = 0; tally.cases < cases && differences.length < MAX_COUNTEREXAMPLES; round += 1) {
    const found = await search({ velocity, render, tally }, cases - tally.cases, seed + round);
    if (found !== undefined) differences.push(found);
  }
  return { cases: tally.cases, differences, explained: tally.explained };
}

type Render = (request: TemplateCase) => Answer;

/** Runs until all cases are done or one differs. @returns the smallest case that still differs. */
async function search(
  { velocity, render, tally }: { velocity: Pick<VelocityEngine, 'render'>; render: Render; tally: Tally },
  cases: number,
  seed: number,
): Promise<Counterexample | undefined> {
  let shrinking = false;
  const property = fc.asyncProperty(anyCase, async (request) => {
    const expected = await velocity.render(request);
    const actual = render(request);
    if (!shrinking) tally.cases += 1;
    if (agree(expected, actual)) return true;
    const explanation = await explain({ request, expected, actual, velocity });
    if (explanation === undefined) {
      shrinking = true;
      return false;
    }
    if (!shrinking) tally.explain(explanation);
    return true;
  });
  const { counterexample } = await fc.check(property, { numRuns: cases, seed });
  const smallest = counterexample?.[0];
  if (smallest === undefined || smallest === null) return undefined;
  return {
    input: describeCase(smallest),
    expected: describeAnswer(await velocity.render(smallest)),
    actual: describeAnswer(render(smallest)),
  };
}

function describeCase({ template, body, variables, params }: TemplateCase): string {
  return JSON.stringify({ template, body, variables, params });
}
