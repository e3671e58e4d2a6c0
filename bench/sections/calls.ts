import { messageOf } from '../../infra/errors.ts';
import { drive, type Load } from '../load/drive.ts';
import {
  empty,
  iteratorOf,
  OPERATIONS,
  type OperationName,
  operation,
  PATHS,
  type Path,
  prepare,
} from '../load/operations.ts';
import { readCheckout } from '../measure/checkout.ts';
import { find, labelValues, type Recorder, type SectionResult, type Series } from '../measure/result.ts';
import { pairRatios, quantile, summarize } from '../measure/statistics.ts';
import { figureOf, figureText, type Row, rowOf, spread, tableOf } from '../report/table.ts';
import { EMBEDDED, OTHERS, type Served, startEmbedded, startOther } from '../targets/served.ts';
import type { BenchOptions, Section, Table } from './section.ts';

export const CONNECTIONS = [1, 8, 64] as const;
/** The duration of each load, and of its warm-up in the first round, in milliseconds. */
const LOAD_MILLIS = 1_000;
const WARM_UP_MILLIS = 500;

export const section: Section = {
  name: 'calls',
  summary:
    'latency and rate of calls through the proxy and directly to Kinesis, compared with LocalStack and moto',
  measure,
  tables,
};

/** A target and the data that its operations need. */
interface Prepared extends Served {
  readonly names: readonly string[];
  /** Loads that it answered wrongly, which are not repeated, since each costs a minute of waiting. */
  readonly givenUp: Set<string>;
}

async function measure(options: BenchOptions, recorder: Recorder): Promise<void> {
  const { rounds, tell } = options;
  const targets: Prepared[] = [];
  try {
    for (const start of starters(options)) {
      const target = await start(recorder);
      if (target === undefined) continue;
      targets.push({ ...target, names: [], givenUp: new Set() });
      const { names } = await prepare(target.access);
      targets.splice(-1, 1, { ...target, names, givenUp: new Set() });
    }
    tell('calls: warming up');
    for (const target of targets) await round(target, WARM_UP_MILLIS, 'warm-up', recorder);
    for (let index = 1; index <= rounds; index += 1)
      for (const target of targets) {
        tell(`calls: round ${index} of ${rounds}, ${target.name}`);
        await round(target, LOAD_MILLIS, 'measured', recorder);
      }
  } finally {
    await Promise.all(targets.map((target) => target.stop()));
  }
}

type Starter = (recorder: Recorder) => Promise<Served | undefined>;

/** The embedded AWS comes first, since the others are compared with it. */
function starters({ others, against }: BenchOptions): Starter[] {
  const targets = (others ?? OTHERS).map(
    (name): Starter =>
      async (recorder) => {
        try {
          return await startOther(name);
        } catch (error) {
          if (others !== undefined) throw error;
          recorder.absent(`${name}: ${messageOf(error)}`);
          return undefined;
        }
      },
  );
  const own = () => startEmbedded();
  if (against === undefined) return [own, ...targets];
  const { directory, name } = readCheckout(against);
  return [own, () => startEmbedded(directory, `${EMBEDDED}, ${name}`), ...targets];
}

/** Every operation, on every path that the target has and every number of connections. */
async function round(
  { name: target, access, baseUrl, names, givenUp }: Prepared,
  millis: number,
  kind: 'warm-up' | 'measured',
  recorder: Recorder,
): Promise<void> {
  for (const name of OPERATIONS) {
    const iterator = await iteratorOf(access);
    for (const connections of kind === 'warm-up' ? [8] : CONNECTIONS)
      for (const path of baseUrl === undefined ? (['direct'] as const) : PATHS) {
        const labels = { target, path, operation: name, connections };
        const key = JSON.stringify(labels);
        if (givenUp.has(key)) continue;
        const call = operation(name, { path, access, baseUrl, iterator, names });
        const origin = new URL(path === 'direct' ? access.endpoint : (baseUrl as string)).origin;
        const load = await drive(origin, call, connections, { millis });
        if (kind === 'measured' && !keep(recorder, load, labels)) givenUp.add(key);
        if (name.startsWith('put')) await empty(access);
      }
  }
}

/** @returns whether every answer was correct; only then is there a figure. */
function keep(recorder: Recorder, load: Load, labels: Series['labels']): boolean {
  const { latencies, seconds, wrong, missing, problem } = load;
  if (problem !== undefined) {
    const line = `${Object.values(labels).join(', ')} connections: ${wrong} wrong and ${missing} missing of ${latencies.length + wrong + missing} answers, the first: ${problem}`;
    // Wrong answers of other products are reported, but are not a failure of this project.
    if (labels.target === EMBEDDED) recorder.fail(line);
    else recorder.absent(line);
    return false;
  }
  recorder.add('rate', 'calls/s', labels, latencies.length / seconds);
  recorder.add('latency', 'ms', labels, quantile(latencies, 0.5));
  recorder.add('latency p95', 'ms', labels, quantile(latencies, 0.95));
  return true;
}

/** A target on one of the paths to it. */
interface Kind {
  readonly target: string;
  readonly path: Path;
}

function tables(result: SectionResult): Table[] {
  const kinds = labelValues<string>(result, 'target').flatMap((target) =>
    PATHS.map((path): Kind => ({ target, path })).filter((kind) => find(result, 'rate', { ...kind })),
  );
  const loads = OPERATIONS.flatMap((operation) =>
    CONNECTIONS.map((connections) => ({ operation, connections })),
  );
  const cells = (columns: readonly Kind[], cell: (load: (typeof loads)[number], kind: Kind) => string) => [
    ['', ...columns.map(({ target, path }) => `${target}, ${path}`)],
    ...loads.map((load) => [
      `${load.operation}, ${load.connections} connection${load.connections === 1 ? '' : 's'}`,
      ...columns.map((kind) => cell(load, kind)),
    ]),
  ];
  const others = kinds.filter(({ target }) => target !== EMBEDDED);
  const timesAsFast = {
    title: 'How many times as fast the embedded AWS is on the same path, median of the rounds (quartiles)',
    cells: cells(others, (load, kind) => timesAsFastAs(result, load, kind)),
  };
  return [
    {
      title: `Time of a call on one connection, right answers a second on several, median of ${result.series[0]?.values.length} rounds (quartiles)`,
      cells: cells(kinds, (load, kind) => {
        const series = seriesOf(result, load, kind);
        return series === undefined ? '' : figureText(figureOf(series));
      }),
    },
    ...(others.length === 0 ? [] : [timesAsFast]),
    {
      title: 'What the gateway adds to a call on one connection',
      cells: tableOf(OPERATIONS.flatMap((name) => costOfGateway(result, name))),
    },
  ];
}

type LoadLabels = { readonly operation: OperationName; readonly connections: number };

function seriesOf(result: SectionResult, load: LoadLabels, kind: Kind): Series | undefined {
  return find(result, load.connections === 1 ? 'latency' : 'rate', { ...load, ...kind });
}

/** Empty if the other lacks a figure in some round, so that no comparison is possible. */
function timesAsFastAs(result: SectionResult, load: LoadLabels, kind: Kind): string {
  const other = seriesOf(result, load, kind);
  const own = seriesOf(result, load, { ...kind, target: EMBEDDED });
  if (other?.values.length !== own?.values.length || !other || !own) return '';
  const [more, less] = load.connections === 1 ? [other, own] : [own, other];
  return spread(summarize(pairRatios(more.values, less.values)));
}

/** How much longer a call through the gateway takes than the direct one, round by round. */
function costOfGateway(result: SectionResult, operation: OperationName): Row[] {
  const labels = { target: EMBEDDED, operation, connections: 1 };
  const gateway = find(result, 'latency', { ...labels, path: 'gateway' });
  const direct = find(result, 'latency', { ...labels, path: 'direct' });
  if (gateway === undefined || gateway.values.length !== direct?.values.length) return [];
  const values = gateway.values.map((value, round) => value - (direct.values[round] as number));
  return [rowOf(operation, { ...gateway, values })];
}
