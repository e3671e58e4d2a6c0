import path from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type Attachment,
  AttachmentContentEncoding,
  type Envelope,
  type Pickle,
  PickleStepType,
  type TestStepResult,
  TestStepResultStatus,
  TimeConversion,
} from '@cucumber/messages';
import {
  EXCHANGE_MEDIA_TYPE,
  EXECUTION_LOG_MEDIA_TYPE,
  type Exchange,
  OBSERVATION_MEDIA_TYPE,
  SKIP_REASON_MEDIA_TYPE,
  TEST_INVOCATION_MEDIA_TYPE,
  WEAKNESS_MEDIA_TYPE,
} from '../client/exchange.ts';
import { redact } from '../client/redact.ts';
import { plainReason } from './failure.ts';
import { type PlannedScenario, pickleLine, toPosix } from './plan.ts';
import type { ScenarioRun } from './results.ts';
import { ROOT } from './suite.ts';

/** One attempt at a scenario, collected from cucumber's messages. */
interface Attempt {
  readonly pickle: Pickle;
  readonly testCaseId: string;
  steps: { result: TestStepResult; text: string; line: number; type?: PickleStepType }[];
  attachments: Attachment[];
  startedMs: number;
}

const STATUS = TestStepResultStatus;
/** `And` has the kind of the step before it, as in cucumber. */
const STEP_TYPES = {
  [PickleStepType.CONTEXT]: 'context',
  [PickleStepType.ACTION]: 'action',
  [PickleStepType.OUTCOME]: 'outcome',
  [PickleStepType.UNKNOWN]: undefined,
} as const;
/** The result of an undefined or ambiguous step: an error of the suite, not of the API. */
const SUITE_FAULTS: readonly TestStepResultStatus[] = [
  STATUS.UNDEFINED,
  STATUS.AMBIGUOUS,
  STATUS.PENDING,
  STATUS.UNKNOWN,
];

/** Turns cucumber's messages into one ScenarioRun per planned scenario. */
export class Collector {
  readonly #planned: ReadonlyMap<string, PlannedScenario>;
  readonly #onFinished: (run: ScenarioRun) => void;
  readonly #pickles = new Map<string, Pickle>();
  readonly #stepLines = new Map<string, number>();
  readonly #testCases = new Map<string, { pickleId: string; steps: Map<string, string | undefined> }>();
  readonly #attempts = new Map<string, Attempt>();
  readonly #retried = new Set<string>();
  readonly #runs: ScenarioRun[] = [];

  constructor(planned: readonly PlannedScenario[], onFinished: (run: ScenarioRun) => void = () => {}) {
    this.#planned = new Map(planned.map((scenario) => [`${scenario.feature}:${scenario.line}`, scenario]));
    this.#onFinished = onFinished;
  }

  get runs(): readonly ScenarioRun[] {
    return this.#runs;
  }

  accept(message: Envelope): void {
    if (message.gherkinDocument) this.#rememberLines(message.gherkinDocument);
    if (message.pickle) this.#pickles.set(message.pickle.id, message.pickle);
    if (message.testCase) {
      const steps = message.testCase.testSteps.map(({ id, pickleStepId }) => [id, pickleStepId] as const);
      this.#testCases.set(message.testCase.id, {
        pickleId: message.testCase.pickleId,
        steps: new Map(steps),
      });
    }
    if (message.testCaseStarted) this.#start(message.testCaseStarted);
    if (message.attachment?.testCaseStartedId)
      this.#attempts.get(message.attachment.testCaseStartedId)?.attachments.push(message.attachment);
    if (message.testStepFinished) this.#step(message.testStepFinished);
    if (message.testCaseFinished) this.#finish(message.testCaseFinished);
  }

  #rememberLines(document: NonNullable<Envelope['gherkinDocument']>): void {
    const visit = (children: readonly unknown[]): void => {
      for (const child of children as {
        background?: { steps: { id: string; location: { line: number } }[] };
        scenario?: { steps: { id: string; location: { line: number } }[] };
        rule?: { children: unknown[] };
      }[]) {
        for (const { id, location } of child.background?.steps ?? []) this.#stepLines.set(id, location.line);
        for (const { id, location } of child.scenario?.steps ?? []) this.#stepLines.set(id, location.line);
        if (child.rule) visit(child.rule.children);
      }
    };
    visit(document.feature?.children ?? []);
  }

  #start({ id, testCaseId, timestamp }: NonNullable<Envelope['testCaseStarted']>): void {
    const pickle = this.#pickles.get(this.#testCases.get(testCaseId)?.pickleId ?? '');
    if (!pickle) return;
    const startedMs = TimeConversion.timestampToMillisecondsSinceEpoch(timestamp);
    this.#attempts.set(id, { pickle, testCaseId, steps: [], attachments: [], startedMs });
  }

  #step({ testCaseStartedId, testStepId, testStepResult }: NonNullable<Envelope['testStepFinished']>): void {
    const attempt = this.#attempts.get(testCaseStartedId);
    if (!attempt) return;
    const pickleStepId = this.#testCases.get(attempt.testCaseId)?.steps.get(testStepId);
    const step = attempt.pickle.steps.find(({ id }) => id === pickleStepId);
    attempt.steps.push({
      result: testStepResult,
      text: step?.text ?? 'before or after the scenario',
      line: this.#stepLines.get(step?.astNodeIds[0] ?? '') ?? pickleLine(attempt.pickle),
      ...(step?.type && { type: step.type }),
    });
  }

  #finish({ testCaseStartedId, timestamp, willBeRetried }: NonNullable<Envelope['testCaseFinished']>): void {
    const attempt = this.#attempts.get(testCaseStartedId);
    this.#attempts.delete(testCaseStartedId);
    if (!attempt) return;
    const key = `${toPosix(attempt.pickle.uri)}:${pickleLine(attempt.pickle)}`;
    if (willBeRetried) {
      this.#retried.add(key);
      return;
    }
    const scenario = this.#planned.get(key);
    if (!scenario) return;
    const durationMs = TimeConversion.timestampToMillisecondsSinceEpoch(timestamp) - attempt.startedMs;
    const run = toRun(scenario, attempt, durationMs, this.#retried.has(key));
    this.#runs.push(run);
    this.#onFinished(run);
  }
}

function toRun(
  scenario: PlannedScenario,
  attempt: Attempt,
  durationMs: number,
  retried: boolean,
): ScenarioRun {
  const { id, name, feature, line, clauses } = scenario;
  const base = {
    id,
    name,
    feature,
    line,
    clauses,
    durationMs: Math.round(durationMs),
    exchanges: attached(attempt, EXCHANGE_MEDIA_TYPE).map((text) => JSON.parse(text) as Exchange),
    tested: attached(attempt, TEST_INVOCATION_MEDIA_TYPE).map((text) => JSON.parse(text) as Exchange),
    observations: attached(attempt, OBSERVATION_MEDIA_TYPE),
  };
  const weaknesses = attached(attempt, WEAKNESS_MEDIA_TYPE);
  const executionLogs = attached(attempt, EXECUTION_LOG_MEDIA_TYPE);
  const told = {
    ...base,
    ...(weaknesses.length > 0 && { weaknesses }),
    ...(executionLogs.length > 0 && { executionLogs }),
  };
  const bad = attempt.steps.find(
    ({ result: { status } }) => status === STATUS.FAILED || SUITE_FAULTS.includes(status),
  );
  if (bad) {
    const reason = anywhere(
      bad.result.message ?? bad.result.exception?.message ?? `the step is ${bad.result.status}`,
    );
    const type = bad.type && STEP_TYPES[bad.type];
    const failedStep = { text: bad.text, line: bad.line, ...(type && { type }) };
    return { ...told, outcome: isFault(bad) ? 'error' : 'failed', reason, failedStep };
  }
  if (attempt.steps.some(({ result }) => result.status === STATUS.SKIPPED)) {
    const [reason = 'skipped without a reason'] = attached(attempt, SKIP_REASON_MEDIA_TYPE);
    return { ...told, outcome: 'skipped', reason };
  }
  // A scenario in which no step passed proves nothing.
  if (!attempt.steps.some(({ result, text }) => result.status === STATUS.PASSED && text !== ''))
    return { ...told, outcome: 'error', reason: 'it has no step' };
  return { ...told, outcome: retried ? 'flaky' : 'passed' };
}

/**
 * Removes secrets, stack traces, colours and the path of the suite's folder from a text for the results. Cucumber's
 * messages keep the stack traces, for developers of the suite.
 */
function anywhere(reason: string): string {
  return redact(plainReason(reason))
    .replaceAll(`${pathToFileURL(ROOT)}/`, '')
    .replaceAll(`${ROOT}${path.sep}`, '');
}

/** What only a defect of the suite throws, unless a check reads an answer of the API that lacks what it looks for. */
const INTERNAL = ['TypeError', 'SyntaxError', 'RangeError'];

/**
 * Whether a step ended in a fault of the suite or the target, and not of the API: the target stopped answering
 * (TargetError), or the suite's own code failed before it checked anything.
 */
function isFault({ result, type }: Attempt['steps'][number]): boolean {
  const thrown = result.exception?.type ?? '';
  if (SUITE_FAULTS.includes(result.status) || thrown === 'TargetError' || thrown === 'ReferenceError')
    return true;
  return INTERNAL.includes(thrown) && type !== PickleStepType.OUTCOME;
}

function attached(attempt: Attempt, mediaType: string): string[] {
  return attempt.attachments
    .filter((attachment) => attachment.mediaType === mediaType)
    .map(({ body, contentEncoding }) =>
      contentEncoding === AttachmentContentEncoding.BASE64
        ? Buffer.from(body, 'base64').toString('utf8')
        : body,
    );
}
