import { readFileSync } from 'node:fs';
import path from 'node:path';
import { TargetError } from '../infra/errors.ts';
import { ROOT } from '../support/run/suite.ts';
import { drive } from './load/drive.ts';
import { createStreams } from './load/kinesis.ts';
import { type OperationName, operation, type Path, prepare } from './load/operations.ts';
import { calibrate } from './measure/calibration.ts';
import { THIS } from './measure/checkout.ts';
import { quantile } from './measure/statistics.ts';
import { short } from './report/table.ts';
import { judge } from './sections/run.ts';
import { type Served, startEmbedded } from './targets/served.ts';

/** Ratios that hardly depend on the machine, by name. */
export type Ratios = Readonly<Record<string, number>>;

/** The value of a ratio when the bound was set, and its maximum. */
export interface Bound {
  readonly measured: number;
  readonly max: number;
}

const BOUNDS_FILE = path.join(ROOT, 'bench/bounds.json');
const ROUNDS = 4;
const PUTS = 400;
const BATCHES = 20;
const MANY_STREAMS = 10_000;

/**
 * Measures what must not get slower, as ratios within this run, and compares them with bench/bounds.json. A ratio that
 * exceeds its bound is measured again before it counts, since a shared machine may have been briefly busy.
 * @returns whether all are within their bounds.
 */
export async function guard(print: (text: string) => void): Promise<boolean> {
  const bounds = JSON.parse(readFileSync(BOUNDS_FILE, 'utf8')) as Record<string, Bound>;
  let ratios = await measureRatios();
  if (exceeded(ratios, bounds).length > 0) {
    print('a bound was exceeded; measuring once more\n');
    const again = await measureRatios();
    ratios = Object.fromEntries(
      Object.entries(ratios).map(([name, ratio]) => [name, Math.min(ratio, again[name] ?? ratio)]),
    );
  }
  const problems = exceeded(ratios, bounds);
  for (const [name, ratio] of Object.entries(ratios)) {
    const isGood = !problems.includes(name);
    const { measured, max } = bounds[name] as Bound;
    print(
      `${isGood ? 'ok    ' : 'FAILED'} ${name}: ${short(ratio)}, was ${short(measured)}, at most ${short(max)}\n`,
    );
  }
  return problems.length === 0;
}

/**
 * The names of ratios that exceed their bounds.
 * @throws TargetError if the two have different names: a bound without a measured ratio guards nothing.
 */
export function exceeded(ratios: Ratios, bounds: Readonly<Record<string, Bound>>): string[] {
  const names = new Set([...Object.keys(ratios), ...Object.keys(bounds)]);
  for (const name of names)
    if (ratios[name] === undefined || bounds[name] === undefined)
      throw new TargetError(
        `bench/bounds.json and what the guard measures differ in "${name}"; correct the file`,
      );
  return Object.entries(ratios).flatMap(([name, ratio]) =>
    ratio > (bounds[name] as Bound).max ? [name] : [],
  );
}

/** Measures all ratios in the fastest rounds, since interference only ever slows a machine down. */
export async function measureRatios(): Promise<Ratios> {
  const { run, work } = await runsAndWork();
  const few = await startEmbedded();
  const many = await startEmbedded().catch(async (error) => {
    await few.stop();
    throw error;
  });
  try {
    const ofFew = await prepare(few.access);
    const ofMany = await prepare(many.access);
    await createStreams(many.access, MANY_STREAMS);
    const direct = () => latency(few, 'put', 'direct', ofFew);
    const gateway = () => latency(few, 'put', 'gateway', ofFew);
    const batch = () => latency(few, 'put of 500', 'gateway', ofFew);
    const amongMany = () => latency(many, 'put', 'direct', ofMany);
    const all = [direct, gateway, batch, amongMany];
    // After this, V8 has compiled the code as in a long run.
    for (let round = 0; round < ROUNDS; round += 1) for (const measure of all) await measure();
    const values = all.map((): number[] => []);
    for (let round = 0; round < ROUNDS; round += 1)
      for (const [index, measure] of all.entries()) values[index]?.push(await measure());
    const [put = 0, proxied = 0, batched = 0, crowded = 0] = values.map((of) => Math.min(...of));
    return {
      'a core run, to a fixed piece of work': run / work,
      'a thousand direct puts, to a fixed piece of work': put / work,
      'a put through the gateway, to a direct put': proxied / put,
      'a put of 500, to a put of one': batched / proxied,
      [`a put with ${MANY_STREAMS} streams, to one with few`]: crowded / put,
    };
  } finally {
    await few.stop();
    await many.stop();
  }
}

/** The minimum times, in seconds, of a run and of the calibration work. */
async function runsAndWork(): Promise<{ run: number; work: number }> {
  await judge(THIS, 'core');
  calibrate();
  const [runs, work]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    work.push(calibrate());
    runs.push((await judge(THIS, 'core')).seconds);
  }
  return { run: Math.min(...runs), work: Math.min(...work) };
}

/** The median of sequential calls, in milliseconds. @throws TargetError on a wrong or missing answer. */
async function latency(
  { access, baseUrl }: Served,
  name: OperationName,
  path: Path,
  given: { iterator: string; names: readonly string[] },
): Promise<number> {
  const call = operation(name, { path, access, baseUrl, ...given });
  const load = await drive(access.endpoint, call, 1, { calls: name === 'put' ? PUTS : BATCHES });
  if (load.problem !== undefined) throw new TargetError(`${name}, ${path}: ${load.problem}`);
  return quantile(load.latencies, 0.5);
}
