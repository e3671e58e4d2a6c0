import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Envelope, PickleStepType, TestStepResultStatus } from '@cucumber/messages';
import { Collector } from './collect.ts';
import type { PlannedScenario } from './plan.ts';

const AT = { seconds: 0, nanos: 0 };

/** The outcome of a scenario of one step that throws. */
function outcome(type: PickleStepType | undefined, thrown: string): string | undefined {
  const collector = new Collector([
    {
      id: 'one',
      name: 'one',
      feature: 'features/a.feature',
      line: 3,
      clauses: ['A-1'],
    } as unknown as PlannedScenario,
  ]);
  const step = { id: 's', text: 'it happens', astNodeIds: [], ...(type !== undefined && { type }) };
  const messages = [
    {
      pickle: {
        id: 'p',
        uri: 'features/a.feature',
        location: { line: 3 },
        steps: type === undefined ? [] : [step],
      },
    },
    {
      testCase: {
        id: 'c',
        pickleId: 'p',
        testSteps: [{ id: 't', ...(type !== undefined && { pickleStepId: 's' }) }],
      },
    },
    { testCaseStarted: { id: 'a', testCaseId: 'c', timestamp: AT } },
    {
      testStepFinished: {
        testCaseStartedId: 'a',
        testStepId: 't',
        testStepResult: {
          status: TestStepResultStatus.FAILED,
          message: `${thrown}: no`,
          exception: { type: thrown, message: 'no' },
        },
      },
    },
    { testCaseFinished: { testCaseStartedId: 'a', timestamp: AT, willBeRetried: false } },
  ];
  for (const message of messages) collector.accept(message as unknown as Envelope);
  return collector.runs[0]?.outcome;
}

test("an internal error of the suite's is no failure of the API", () => {
  const { ACTION, CONTEXT, OUTCOME } = PickleStepType;
  for (const thrown of ['TypeError', 'SyntaxError', 'RangeError', 'ReferenceError', 'TargetError'])
    for (const type of [ACTION, CONTEXT, undefined])
      assert.equal(outcome(type, thrown), 'error', `${thrown} ${type}`);
  for (const thrown of ['AssertionError', 'Error', 'WaitTimeout', 'ResourceNotFoundException'])
    for (const type of [ACTION, OUTCOME, undefined]) assert.equal(outcome(type, thrown), 'failed', thrown);
  // A check may read an answer that lacks what it looks for.
  assert.equal(outcome(OUTCOME, 'TypeError'), 'failed');
  assert.equal(outcome(OUTCOME, 'ReferenceError'), 'error');
});
