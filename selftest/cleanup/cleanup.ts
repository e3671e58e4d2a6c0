import {
  type Command,
  changesSince,
  type Failure,
  type Stage,
  setSimulation,
  setStage,
  start,
  temporaryFolder,
} from './trial.ts';

/** Scenarios that together create everything a run creates: streams both ways, roles, APIs by import and by hand. */
const CLAUSES = ['CREATE-1', 'CREATE-8', 'DEL-4', 'PUT-2', 'LIST-2', 'DEF-13', 'ROLE-3'];
/** For a run whose retries all fail. */
const FEW = ['DEL-4', 'ROLE-3'];

/** When and how a run is ended. */
export interface Ending {
  readonly by: 'SIGKILL' | 'SIGINT' | 'SIGTERM' | Failure;
  /** The number of the run's call at which it ends; in the simulation, the millisecond. */
  readonly at: number;
  /** Before the call takes effect, or after it, when the answer is lost. */
  readonly moment: 'before' | 'after';
}

export interface Trial {
  readonly ending: Ending;
  /** The problems found, one line each; empty when there are none. */
  readonly problems: readonly string[];
  /** How many things the run left for the sweep. */
  readonly left: number;
}

/**
 * Ends runs at random moments and checks that the account is restored: after SIGKILL by a sweep, after another
 * signal without one. The account contains look-alikes throughout.
 * @param options.seed the same seed gives the same moments.
 */
export async function tryCleanup(options: {
  kills: number;
  interrupts: number;
  /** Runs that lose the network, and as many whose credentials expire. */
  failures?: number;
  seed: number;
  /** In the simulation of AWS at its worst, where a trial is slow. */
  simulate?: boolean;
  onTrial?: (trial: Trial) => void;
}): Promise<readonly Trial[]> {
  const stage = options.simulate ? await setSimulation(options.seed) : await setStage();
  const trials: Trial[] = [];
  try {
    const total = await wholeRun(stage);
    const random = generator(options.seed);
    const times = (count: number, by: Ending['by'][]) =>
      Array.from(
        { length: count },
        (_, i): Ending => ({
          by: by[i % by.length] as Ending['by'],
          at: 1 + Math.floor(random() * total),
          moment: random() < 0.5 ? 'before' : 'after',
        }),
      );
    const endings = [
      ...times(options.kills, ['SIGKILL']),
      ...times(options.interrupts, ['SIGINT', 'SIGTERM']),
      // Early enough that fewer scenarios reach it too.
      ...times(2 * (options.failures ?? 0), ['network', 'credentials']).map((one) => ({
        ...one,
        at: 5 + Math.floor(one.at / 3),
      })),
    ];
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

/** A run that is not interrupted leaves nothing either. @returns how far it goes. */
async function wholeRun(stage: Stage): Promise<number> {
  const folder = temporaryFolder();
  stage.reset();
  const { code, output } = await run(stage, folder.path, CLAUSES).ended;
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
  const isFailure = ending.by === 'network' || ending.by === 'credentials';
  const command = run(stage, folder.path, isFailure ? FEW : CLAUSES);
  stage.at(ending.at, ending.moment, () => {
    if (ending.by === 'network' || ending.by === 'credentials') stage.fail(ending.by);
    else command.kill(ending.by);
    // npm forwards a terminal's Ctrl-C to a process that has already received it.
    if (ending.by === 'SIGINT') setTimeout(() => command.kill('SIGINT'), 50);
  });
  const { code, signal, output } = await command.ended;
  stage.fail(undefined);
  const expected = { SIGKILL: 'SIGKILL', SIGINT: 130, SIGTERM: 143, network: 2, credentials: 2 }[ending.by];
  const problems: string[] = [];
  if (![signal ?? code, code].includes(expected) && code !== 0)
    problems.push(`the run ended with ${signal ?? code}, not ${expected}: ${output}`);
  let left = 0;
  if (isFailure || ending.by === 'SIGKILL') {
    left = (await changesSince(stage)).length;
    problems.push(...(await trySweep(stage, folder.path)));
  }
  problems.push(...(await changesSince(stage)), ...folder.journals().map((name) => `${name} is left`));
  folder.remove();
  return { ending, problems, left };
}

/** A dry run, a sweep and a second sweep; only the first sweep may change anything. */
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

function run(stage: Stage, folder: string, clauses: readonly string[]): Command {
  return start(stage, 'conformance', [
    ...clauses.flatMap((id) => ['--clause', id]),
    // The tutorial's methods require neither, so this makes the run create everything that any run creates.
    ...['iam', 'api-key'].flatMap((kind) => ['--auth', kind]),
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
