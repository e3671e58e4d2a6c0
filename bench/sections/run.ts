import { readFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf, TargetError } from '../../infra/errors.ts';
import { RESULTS_FILE } from '../../support/report/json.ts';
import { type Checkout, readCheckout, THIS } from '../measure/checkout.ts';
import { inTemporaryFolder, npmRun, runToEnd } from '../measure/process.ts';
import { find, labelValues, type Recorder, type SectionResult } from '../measure/result.ts';
import { type Row, rowOf, tableOf } from '../report/table.ts';
import { localstackImage, timeToReady } from '../targets/localstack.ts';
import type { BenchOptions, Section } from './section.ts';

/** The arguments after `npm run conformance --`. */
const SELECTIONS = { core: ['--level', 'core'], whole: [] } as const;
type Selection = keyof typeof SELECTIONS;
const SELECTION_NAMES = Object.keys(SELECTIONS) as Selection[];

/** A run that takes longer has hung: milliseconds. */
const MAX_RUN_MILLIS = 120_000;
const MAX_LOCALSTACK_MILLIS = 900_000;
/** Memory varies less than time. */
const MAX_MEMORY_ROUNDS = 3;

export const section: Section = {
  name: 'run',
  summary:
    "time and memory to a verdict, compared with an older checkout, and with LocalStack's time to start",
  measure,
  tables: (result) => [{ cells: tableOf(rows(result)) }],
};

async function measure(options: BenchOptions, recorder: Recorder): Promise<void> {
  const { rounds, against, tell } = options;
  const checkouts = [THIS, ...(against === undefined ? [] : [readCheckout(against)])];
  const image = await localstackImage().catch((error) => {
    if (options.others?.includes('localstack')) throw error;
    recorder.absent(`LocalStack's time to be ready: ${messageOf(error)}`);
    return undefined;
  });
  // The first run of a checkout compiles, which happens only once.
  for (const checkout of checkouts) await judge(checkout, 'core');
  for (let round = 1; round <= rounds; round += 1) {
    tell(`run: round ${round} of ${rounds}`);
    for (const selection of SELECTION_NAMES)
      for (const checkout of checkouts) {
        const { seconds, scenarios } = await judge(checkout, selection);
        recorder.add('verdict', 's', { selection, checkout: checkout.name, scenarios }, seconds);
      }
    if (image !== undefined) recorder.add('ready', 's', { target: 'LocalStack' }, await timeToReady(image));
  }
  tell('run: memory');
  for (let round = 1; round <= Math.min(rounds, MAX_MEMORY_ROUNDS); round += 1)
    for (const checkout of checkouts) {
      const { peak } = await judge(checkout, 'whole', { memory: true });
      if (peak !== undefined) recorder.add('memory', 'MB', { checkout: checkout.name }, peak / 1e6);
    }
  if (!options.localstackSuite) return;
  if (image === undefined) throw new TargetError('--localstack-suite needs a LocalStack that can be started');
  tell('run: the suite on LocalStack');
  const { seconds, scenarios } = await judge(THIS, 'whole', { target: ['--target', 'localstack'] });
  recorder.add('verdict on LocalStack', 's', { selection: 'whole', scenarios }, seconds);
}

/** One run as a user starts it, including npm. A verdict other than conformant is a failure of the bench. */
export async function judge(
  checkout: Checkout,
  selection: Selection,
  { memory = false, target = [] }: { memory?: boolean; target?: readonly string[] } = {},
): Promise<{ seconds: number; scenarios: number; peak: number | undefined }> {
  return inTemporaryFolder(async (report) => {
    const command = npmRun('conformance', ...SELECTIONS[selection], ...target, '--report', report);
    const timeout = target.length === 0 ? MAX_RUN_MILLIS : MAX_LOCALSTACK_MILLIS;
    const ended = await runToEnd(command, { cwd: checkout.directory, timeout, memory });
    if (ended.exitCode !== 0)
      throw new TargetError(
        `npm run conformance (${selection}, ${checkout.name}) ended with exit code ${ended.exitCode}, so its time is meaningless: ${ended.output.trim().split('\n').at(-1)}`,
      );
    // Not with the suite's own reader: an older checkout may write another version of the schema.
    const { summary } = JSON.parse(readFileSync(path.join(report, RESULTS_FILE), 'utf8'));
    return { seconds: ended.seconds, scenarios: summary.scenarios.passed, peak: ended.peak };
  });
}

function rows(result: SectionResult): Row[] {
  const older = labelValues<string>(result, 'checkout').find((name) => name !== THIS.name);
  const ofOlder = (measure: string, labels = {}) =>
    older === undefined ? undefined : find(result, measure, { ...labels, checkout: older });
  const ready = find(result, 'ready', {});
  const table: Row[] = [];
  for (const selection of SELECTION_NAMES) {
    const own = find(result, 'verdict', { selection, checkout: THIS.name });
    if (own === undefined) continue;
    const what = `run to verdict, ${selection}, ${own.labels.scenarios} scenarios`;
    const earlier = ofOlder('verdict', { selection });
    table.push(
      rowOf(
        what,
        own,
        earlier && { what: `${older}, ${earlier.labels.scenarios} scenarios`, series: earlier },
      ),
    );
    if (ready) table.push(rowOf(what, own, { what: 'LocalStack, merely ready', series: ready }));
  }
  const memory = find(result, 'memory', { checkout: THIS.name });
  const earlierMemory = ofOlder('memory');
  if (memory)
    table.push(
      rowOf(
        'peak memory of a whole run, all processes',
        memory,
        earlierMemory && { what: older as string, series: earlierMemory },
      ),
    );
  const suite = find(result, 'verdict on LocalStack', {});
  if (suite) table.push(rowOf(`the suite on LocalStack, ${suite.labels.scenarios} scenarios passed`, suite));
  return table;
}
