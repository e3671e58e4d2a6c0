import { loadConfiguration, runCucumber } from '@cucumber/cucumber/api';
import type { Envelope } from '@cucumber/messages';
import { SUPPORT_FILES } from '../run/cucumber-config.ts';

// A separate program: Node evaluates modules once per process, so a conformance run in the same process would lack the
// steps that this dry run registers.
const problems = await lintSteps(process.cwd());
for (const problem of problems) process.stdout.write(`${problem}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;

/**
 * Compares the steps of the features with the step definitions, using the messages of a dry run, whose exit code
 * ignores undefined and ambiguous steps.
 * @returns a line for each step without a definition or with several, and for each definition without a step.
 */
async function lintSteps(root: string): Promise<string[]> {
  const messages: Envelope[] = [];
  const environment = { cwd: root, env: process.env };
  const { runConfiguration } = await loadConfiguration(
    {
      file: false,
      provided: {
        paths: ['features/**/*.feature'],
        import: [...SUPPORT_FILES],
        format: ['./support/run/silent-formatter.mjs'],
        dryRun: true,
        publish: false,
      },
    },
    environment,
  );
  await runCucumber(runConfiguration, environment, (message) => messages.push(message));
  return [...unmatched(messages), ...unused(messages)];
}

function unmatched(messages: readonly Envelope[]): string[] {
  const pickles = new Map(messages.flatMap(({ pickle }) => (pickle ? [[pickle.id, pickle] as const] : [])));
  const problems = messages.flatMap(({ testCase }) =>
    (testCase?.testSteps ?? []).flatMap(({ pickleStepId, stepDefinitionIds = [] }) => {
      const pickle = pickles.get(testCase?.pickleId ?? '');
      const step = pickle?.steps.find(({ id }) => id === pickleStepId);
      if (!step || stepDefinitionIds.length === 1) return [];
      const fault =
        stepDefinitionIds.length === 0 ? 'no step definition matches' : 'several step definitions match';
      return [`${pickle?.uri}:${pickle?.location?.line}: ${fault} "${step.text}"`];
    }),
  );
  return [...new Set(problems)];
}

function unused(messages: readonly Envelope[]): string[] {
  const used = new Set(
    messages.flatMap(
      ({ testCase }) => testCase?.testSteps.flatMap((step) => step.stepDefinitionIds ?? []) ?? [],
    ),
  );
  return messages.flatMap(({ stepDefinition }) => {
    if (!stepDefinition || used.has(stepDefinition.id)) return [];
    const { pattern, sourceReference } = stepDefinition;
    return [
      `${sourceReference.uri}:${sourceReference.location?.line}: no feature uses the step "${pattern.source}"`,
    ];
  });
}
