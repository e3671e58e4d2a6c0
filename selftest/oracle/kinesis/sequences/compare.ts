import type { Implementation, OracleName } from '../implementations/implementation.ts';
import { describeOutcome, inKind } from '../requests/outcome.ts';
import type { Comparison, Difference, Witnessed } from '../search.ts';
import type { Meaning, Observation } from './meaning.ts';
import { Plan } from './plan.ts';
import { Player } from './player.ts';
import { describeRequest, type SequenceRequest } from './request.ts';
import { type Step, sequence } from './steps.ts';

/** Why an oracle may answer a call of a sequence in another way. */
export interface SequenceExplanation extends Witnessed<readonly Step[]> {
  readonly oracle: OracleName;
  /** Whether the states of the two differ from then on, so that nothing more can be compared in this sequence. */
  readonly parts?: true;
  /**
   * What the oracle would have answered without the slip, where it is seen in this answer; undefined otherwise. What
   * then still differs is left to the other explanations.
   */
  mends?(request: SequenceRequest, theirs: Observation, ours: Observation): Observation | undefined;
  /** Whether the oracle leaves a call without any answer. It is tried once a run, and not asked after that. */
  isSilent?(request: SequenceRequest): boolean;
}

/** How long an oracle is waited for that is known to be silent: milliseconds. */
const SILENCE_MILLIS = 500;

/** How much was compared. */
export interface Coverage {
  calls: number;
  compared: Record<OracleName, number>;
}

/** A call, and what ours answered; nothing for a mark. */
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
  /** Those that were seen to be true in this run. */
  readonly silent: Set<SequenceExplanation>;
  readonly coverage: Coverage;
}

/** Has an oracle go the same way, as far as it can be compared. */
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
      const { mended, entries } = mend(name, explanations, request, expected, actual);
      const difference = {
        input: describePath(played, index),
        expected: `${name}: ${describeObservation(name, mended)}`,
        actual: describeObservation(name, actual),
      };
      differences.push(...entries.map((explanation) => ({ ...difference, explanation })));
      if (!isSame(name, mended, actual)) {
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

/** Applies what explains until both are the same. @returns what is left of theirs, and the explanations that it took. */
function mend(
  name: OracleName,
  explanations: readonly SequenceExplanation[],
  request: SequenceRequest,
  theirs: Observation,
  ours: Observation,
): { readonly mended: Observation; readonly entries: readonly SequenceExplanation[] } {
  const entries: SequenceExplanation[] = [];
  let mended = theirs;
  for (const entry of explanations) {
    if (entry.oracle !== name || isSame(name, mended, ours)) continue;
    const better = entry.mends?.(request, mended, ours);
    if (better === undefined || isSame(name, better, mended)) continue;
    mended = better;
    entries.push(entry);
  }
  return { mended, entries };
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

/** The same text for the same meaning, whatever order its members have. */
function describeMeaning(meaning: Meaning): string {
  return JSON.stringify(meaning, (_name, value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );
}

/** The calls up to the one that differs, a line each. */
function describePath(played: readonly Played[], last: number): string {
  return played
    .slice(0, last + 1)
    .map(([request], index) => `\n            ${index + 1} ${describeRequest(request)}`)
    .join('');
}
