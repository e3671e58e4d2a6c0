import path from 'node:path';
import fc from 'fast-check';
import { messageOf } from '../../../infra/errors.ts';
import { loadCatalogue } from '../../../support/run/catalogue.ts';
import { ROOT } from '../../../support/run/suite.ts';
import type { Sandbox } from '../../trials/sandbox.ts';
import type { Outcome } from '../../trials/trial.ts';
import { attempt } from '../../trials/try.ts';
import { wellBehaved } from './arbitraries.ts';
import type { Defect, ProxyWithDefect } from './defect.ts';
import { DEFECTS } from './defects.ts';
import { type ProxyShape, pathOf } from './proxy.ts';
import { stackOf } from './write.ts';

/** The name of runs without a defect. */
export const WELL_BEHAVED = 'well-behaved';

/** Identifies one generated proxy. */
export interface ProxyRun {
  /** `well-behaved`, or the name of a defect. */
  readonly name: string;
  readonly seed: number;
}

/** The outcome. */
export interface ProxyReport extends ProxyRun {
  readonly durationMs: number;
  /** Absent where the suite judged the proxy correctly. */
  readonly problem?: {
    /** What the suite got wrong about the smallest proxy found. */
    readonly reason: string;
    /** Its definition, under reports/selftest/definitions. */
    readonly file: string;
    /** Its methods, one line each. */
    readonly calls: readonly string[];
    /** Whether Kinesis is what is broken, which the definition does not show. */
    readonly isBehind: boolean;
  };
}

/** The time limit of shrinking, in milliseconds. */
const MAX_SHRINKING = 40_000;

/** Generates a proxy, runs every clause on it, and shrinks it where the suite misjudges it. */
export async function tryProxy({ name, seed }: ProxyRun, sandbox: Sandbox): Promise<ProxyReport> {
  const started = performance.now();
  const defect = DEFECTS.find((one) => one.name === name);
  if (defect === undefined && name !== WELL_BEHAVED) throw new Error(`there is no defect ${name}`);
  let firstFailed: number | undefined;
  let last: { reason: string; proxy: ProxyShape; defective: ProxyWithDefect } | undefined;
  const property = fc.asyncProperty(cases(defect), async ([proxy, pick]) => {
    const defective = defect === undefined ? { proxy } : defect.of(proxy, pick);
    if (defective === undefined) throw new Error(`${name} has no effect`);
    // The remaining smaller ones are skipped: the last failure is the counterexample.
    if (firstFailed !== undefined && performance.now() - firstFailed > MAX_SHRINKING) return;
    const reason = problemOf(
      await judged(fileOf(name, seed), defective.proxy ?? proxy, defective, sandbox, defect),
      defect,
    );
    if (reason === undefined) return;
    firstFailed ??= performance.now();
    last = { reason, proxy: defective.proxy ?? proxy, defective };
    throw new Error(reason);
  });
  const { failed, errorInstance } = await fc.check(property, {
    numRuns: 1,
    seed,
    // With bias, the first run has small values only.
    unbiased: true,
  });
  const report = { name, seed, durationMs: performance.now() - started };
  if (!failed) return report;
  if (last === undefined) throw new Error(messageOf(errorInstance));
  const { reason, proxy, defective } = last;
  // The last proxy written need not be the smallest.
  await judged(fileOf(name, seed), proxy, defective, sandbox, defect);
  return {
    ...report,
    problem: {
      reason,
      file: `reports/selftest/definitions/${fileOf(name, seed)}.json`,
      calls: proxy.calls.map((call) => `${call.action}: ${call.verb.toUpperCase()} ${pathOf(proxy, call)}`),
      isBehind: defective.middleware !== undefined,
    },
  };
}

function cases(defect: Defect | undefined): fc.Arbitrary<readonly [ProxyShape, number]> {
  const all = fc.tuple(wellBehaved, fc.nat(7));
  return defect === undefined ? all : all.filter(([proxy, pick]) => defect.of(proxy, pick) !== undefined);
}

function fileOf(name: string, seed: number): string {
  return `generated-${name}-${seed}`;
}

function judged(
  name: string,
  proxy: ProxyShape,
  defective: ProxyWithDefect,
  sandbox: Sandbox,
  defect: Defect | undefined,
): Promise<Outcome> {
  const copy = stackOf(proxy);
  defective.stack?.(copy);
  return attempt(
    {
      kind: 'variant',
      group: 'generated',
      name,
      why: '',
      base: 'hardened',
      change: { stack: () => copy, ...(defective.middleware && { middleware: defective.middleware }) },
      tries: clausesFor(defect),
      mustFail: [],
      targetFailure: false,
    },
    sandbox,
  );
}

/** Clauses that wait until a shard has room again, or create a hundred streams: slower than all others together. */
const SLOW = ['SAFE-4', 'SAFE-18', 'SAFE-22'];

/** A defect is tried on all clauses except the slow ones that it does not affect. */
function clausesFor(defect: Defect | undefined): readonly string[] | 'everything' {
  if (defect === undefined) return 'everything';
  const touched = [
    ...defect.clauses,
    ...(defect.clauses.some((id) => SLOW.includes(id)) ? defect.follows : []),
  ];
  return CLAUSES.filter((id) => !SLOW.includes(id) || touched.includes(id));
}

const CLAUSES = loadCatalogue(path.join(ROOT, 'features/catalogue.yaml'))
  .clauses.filter(({ level }) => level === 'production')
  .map(({ id }) => id);

/** @returns why the suite's judgement is wrong; undefined where it is right. */
function problemOf({ verdict, because, failedClauses, kills }: Outcome, defect: Defect | undefined) {
  const details = (clauses?: readonly string[]) =>
    kills
      .filter((kill) => clauses === undefined || kill.clauses.some((clause) => clauses.includes(clause)))
      .map(({ scenario, reason }) => `\n      ${scenario}: ${reason}`)
      .join('');
  if (defect === undefined)
    return verdict === 'conformant' ? undefined : `well-behaved, and ${verdict}: ${because}${details()}`;
  const { clauses, follows } = defect;
  const missed = clauses.filter((clause) => !failedClauses.includes(clause));
  if (missed.length > 0)
    return `not caught by ${missed.join(', ')}; ${kills.length > 0 ? `noticed by ${failedClauses.join(', ')}` : verdict} (${because})`;
  const others = failedClauses.filter((clause) => !clauses.includes(clause) && !follows.includes(clause));
  if (others.length > 0) return `${others.join(', ')} failed as well${details(others)}`;
  return verdict === 'error' ? `ended with ${because}` : undefined;
}
