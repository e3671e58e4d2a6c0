import type { Implementation, OracleName } from '../implementations/implementation.ts';
import { describeOutcome, inKind } from '../requests/outcome.ts';
import type { Comparison, Difference, Witnessed } from '../search.ts';
import type { Meaning, Observation } from './meaning.ts';
import { Plan } from './plan.ts';
import { Player } from './player.ts';
import { describeRequest, type SequenceRequest } from './request.ts';
import { type Step, sequence } from './steps.ts';

/** Why an oracle may answer a call of a sequence differently. */
export interface SequenceExplanation extends Witnessed<readonly Step[]> {
  readonly oracle: OracleName;
  /** Whether the states of the two differ from then on, so that nothing more can be compared in this sequence. */
  readonly parts?: true;
  /**
   * The oracle's answer without its known defect, where this answer shows it; undefined otherwise. Any
   * remaining difference is left to the other explanations.
   */
  correct?(request: SequenceRequest, theirs: Observation, ours: Observation): Observation | undefined;
  /** Whether the oracle does not answer a call at all. The call is tried once per run, and skipped after that. */
  isSilent?(request: SequenceRequest): boolean;
}

/** How long to wait for an oracle that is known not to answer: milliseconds. */
const SILENCE_MILLIS = 500;

/** How much was compared. */
export interface Coverage {
  calls: number;
  compared: Record<OracleName, number>;
}

/** A call and our answer, which a mark lacks. */
type Played = readonly [request: SequenceRequest, ours: Observation | undefined];

export function compareSequences(
  ours: Implementation,
  oracles: Readonly<Partial<Record<OracleName, Implementation>>>,
  explanations: readonly SequenceExplanation[],
  coverage: Coverage,
): Comparison<readonly Step[]> {
  let sequences = 0;
  const silent = new Set<SequenceExplanation>();
  return {
    fixed: [],
    generated: sequence,
    differences: async (steps) => {
      sequences += 1;
      const played = await playOurs(ours, steps, `q${sequences}`);
      coverage.calls += played.filter(([, observation]) => observation !== undefined).length;
      const found = Object.entries(oracles).map(([name, oracle]) =>
        follow(name as OracleName, oracle, played, { explanations, silent, coverage }),
      );
      return (await Promise.all(found)).flat();
    },
  };
}

async function playOurs(
  ours: Implementation,
  steps: readonly Step[],
  prefix: string,
): Promise<readonly Played[]> {
  const plan = new Plan(prefix);
  const player = new Player(ours);
  const played: Played[] = [];
  for (const step of steps) {
    const request = plan.next(step);
    if (request === undefined) continue;
    const observation = await player.play(request);
    if (observation !== undefined) plan.learn(request, observation);
    played.push([request, observation]);
  }
  await player.end();
  return played;
}

interface Context {
  readonly explanations: readonly SequenceExplanation[];
  /** The explanations that this run has confirmed. */
  readonly silent: Set<SequenceExplanation>;
  readonly coverage: Coverage;
}

/** Replays the sequence on an oracle, as far as it can be compared. */
async function follow(
  name: OracleName,
  oracle: Implementation,
  played: readonly Played[],
  { explanations, silent, coverage }: Context,
): Promise<readonly Difference[]> {
  const player = new Player(oracle);
  const differences: Difference[] = [];
  try {
    for (const [index, [request, actual]] of played.entries()) {
      const silence = explanations.find((entry) => entry.oracle === name && entry.isSilent?.(request));
      if (silence !== undefined) {
        const answers = !silent.has(silence) && (await player.answersWithin(request, SILENCE_MILLIS));
        differences.push({
          explanation: answers ? undefined : silence,
          input: describePath(played, index),
          expected: `${name}: ${answers ? 'an answer' : 'no answer'}`,
          actual: `none is expected: ${silence.kind}`,
        });
        if (answers) break;
        silent.add(silence);
        continue;
      }
      const expected = await player.play(request);
      if (expected === undefined || actual === undefined) continue;
      coverage.compared[name] += 1;
      const { corrected, entries } = correctedBy(name, explanations, request, expected, actual);
      const difference = {
        input: describePath(played, index),
        expected: `${name}: ${describeObservation(name, corrected)}`,
        actual: describeObservation(name, actual),
      };
      differences.push(...entries.map((explanation) => ({ ...difference, explanation })));
      if (!isSame(name, corrected, actual)) {
        differences.push({ ...difference, explanation: undefined });
        break;
      }
      if (entries.some(({ parts }) => parts) || isChangedByOne(request, expected, actual)) break;
    }
  } finally {
    await player.end();
  }
  return differences;
}

/**
 * Corrects their answer by explanations until both are equal.
 * @returns the corrected answer and the explanations used.
 */
function correctedBy(
  name: OracleName,
  explanations: readonly SequenceExplanation[],
  request: SequenceRequest,
  theirs: Observation,
  ours: Observation,
): { readonly corrected: Observation; readonly entries: readonly SequenceExplanation[] } {
  const entries: SequenceExplanation[] = [];
  let corrected = theirs;
  for (const entry of explanations) {
    if (entry.oracle !== name || isSame(name, corrected, ours)) continue;
    const better = entry.correct?.(request, corrected, ours);
    if (better === undefined || isSame(name, better, corrected)) continue;
    corrected = better;
    entries.push(entry);
  }
  return { corrected, entries };
}

function isSame(name: OracleName, one: Observation, other: Observation): boolean {
  return describeObservation(name, one) === describeObservation(name, other);
}

/** A change that only one of the two made. */
function isChangedByOne(
  { settles, action }: SequenceRequest,
  theirs: Observation,
  ours: Observation,
): boolean {
  const changes = settles !== undefined || /^(?:Put|Increase|Decrease|AddTags|RemoveTags)/.test(action);
  return changes && (theirs.outcome.status === 200) !== (ours.outcome.status === 200);
}

function describeObservation(name: OracleName, { outcome, meaning }: Observation): string {
  const view = name === 'kinesis-local' ? inKind(outcome) : outcome;
  return `${describeOutcome(view)} ${describeMeaning(meaning)}`;
}

/** A text that is equal for equal meanings, whatever the order of members. */
function describeMeaning(meaning: Meaning): string {
  return JSON.stringify(meaning, (_name, value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );
}

/** The calls up to the one that differs, one line each. */
function describePath(played: readonly Played[], last: number): string {
  return played
    .slice(0, last + 1)
    .map(([request], index) => `\n            ${index + 1} ${describeRequest(request)}`)
    .join('');
}
