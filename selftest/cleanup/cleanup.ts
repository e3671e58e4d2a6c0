import {
  type Command,
  changesSince,
  type Stage,
  setSimulation,
  setStage,
  start,
  temporaryFolder,
} from './trial.ts';

/** Scenarios that between them make everything a run makes: streams both ways, roles, APIs by import and by hand. */
const CLAUSES = ['CREATE-1', 'CREATE-8', 'DEL-4', 'PUT-2', 'LIST-2', 'DEF-13', 'ROLE-3'];

/** When and how a run is ended. */
export interface Ending {
  readonly signal: 'SIGKILL' | 'SIGINT' | 'SIGTERM';
  /** At this call of the run, counted over all that it makes; in the simulation at this millisecond. */
  readonly at: number;
  /** Before the call takes effect, or after, its answer lost. */
  readonly moment: 'before' | 'after';
}

export interface Trial {
  readonly ending: Ending;
  /** What was not as it has to be, a line each; none when all was. */
  readonly problems: readonly string[];
  /** How much the run had left for the sweep. */
  readonly left: number;
}

/**
 * Ends runs at random moments and looks whether the account gets as it was: after SIGKILL by a sweep, after another
 * signal without one. Look-alikes stand in the account all the time.
 * @param options.seed the same seed gives the same moments.
 */
export async function tryCleanup(options: {
  kills: number;
  interrupts: number;
  seed: number;
  /** In the simulation of AWS at its worst, where a trial takes long. */
  simulate?: boolean;
  onTrial?: (trial: Trial) => void;
}): Promise<readonly Trial[]> {
  const stage = options.simulate ? await setSimulation(options.seed) : await setStage();
  const trials: Trial[] = [];
  try {
    const total = await wholeRun(stage);
    const random = generator(options.seed);
    const endings = Array.from({ length: options.kills + options.interrupts }, (_, i): Ending => {
      const interrupts = ['SIGINT', 'SIGTERM'] as const;
      const signal = i < options.kills ? 'SIGKILL' : (interrupts[i % 2] as (typeof interrupts)[number]);
      return {
        signal,
        at: 1 + Math.floor(random() * total),
        moment: random() < 0.5 ? 'before' : 'after',
      };
    });
    for (const ending of endings) {
      const trial = await tryEnding(stage, ending);
      trials.push(trial);
      options.onTrial?.(trial);
    }
  } finally {
    await stage.stop();
  }
  return trials;
}

/** A run that nobody ends leaves nothing either. @returns how far it goes. */
async function wholeRun(stage: Stage): Promise<number> {
  const folder = temporaryFolder();
  stage.reset();
  const { code, output } = await run(stage, folder.path).ended;
  const total = stage.progress();
  const problems = [
    ...(code === 0 ? [] : [`it exited ${code}`]),
    ...(await changesSince(stage)),
    ...folder.journals().map((name) => `${name} is left`),
  ];
  folder.remove();
  if (problems.length > 0) throw new Error(`a whole run: ${problems.join('; ')}\n${output}`);
  return total;
}

async function tryEnding(stage: Stage, ending: Ending): Promise<Trial> {
  const folder = temporaryFolder();
  stage.reset();
  const command = run(stage, folder.path);
  stage.at(ending.at, ending.moment, () => command.kill(ending.signal));
  const { code, signal, output } = await command.ended;
  const problems: string[] = [];
  let left = 0;
  if (ending.signal === 'SIGKILL') {
    if (signal !== 'SIGKILL' && code !== 0) problems.push(`the run exited ${code}: ${output}`);
    left = (await changesSince(stage)).length;
    problems.push(...(await trySweep(stage, folder.path)));
  } else {
    const expected = ending.signal === 'SIGINT' ? 130 : 143;
    if (code !== expected && code !== 0) problems.push(`the run exited ${code ?? signal}: ${output}`);
  }
  problems.push(...(await changesSince(stage)), ...folder.journals().map((name) => `${name} is left`));
  folder.remove();
  return { ending, problems, left };
}

/** Dry, for real, and once more; only the second may change anything. */
async function trySweep(stage: Stage, folder: string): Promise<string[]> {
  const problems: string[] = [];
  const before = await changesSince(stage);
  for (const { args, changes } of [
    { args: [], changes: false },
    { args: ['--yes'], changes: true },
    { args: ['--yes'], changes: false },
  ]) {
    stage.reset();
    const { code, output } = await start(stage, 'sweep', ['--journal', `${folder}/journal`, ...args]).ended;
    const what = `sweep ${args.join(' ')}`;
    if (code !== 0) problems.push(`${what} exited ${code}: ${output}`);
    if (!changes && stage.changes().length > 0)
      problems.push(`${what} changed: ${stage.changes().join(', ')}`);
    if (args.length === 0 && String(await changesSince(stage)) !== String(before))
      problems.push('the dry run changed the account');
  }
  return problems;
}

function run(stage: Stage, folder: string): Command {
  return start(stage, 'conformance', [
    ...CLAUSES.flatMap((id) => ['--clause', id]),
    '--journal',
    `${folder}/journal`,
    '--report',
    `${folder}/report`,
  ]);
}

/** Numbers in [0, 1) that a seed determines (mulberry32). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
