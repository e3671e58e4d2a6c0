import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf, TargetError } from '../../infra/errors.ts';
import { ROOT } from '../../support/run/suite.ts';
import { CALLS, CUCUMBER, collection, deployedApi, feature, pytestFile, STREAM } from '../checks/twenty.ts';
import { createStream } from '../load/kinesis.ts';
import { type CommandLine, inTemporaryFolder, runToEnd } from '../measure/process.ts';
import { find, labelValues, type Recorder, type SectionResult } from '../measure/result.ts';
import { type Row, rowOf, tableOf } from '../report/table.ts';
import { startEmbedded } from '../targets/served.ts';
import { newman, pythonWithPytest } from '../targets/tools.ts';
import type { BenchOptions, Section } from './section.ts';

/** How often one run of a tool repeats the twenty calls, so that its start and its cost per check can be separated. */
const TIMES = [1, 16] as const;
const MAX_MILLIS = 120_000;
const SUITE = 'this suite';

export const section: Section = {
  name: 'checks',
  summary: 'the cost of a check, compared with newman and pytest with requests on the same twenty calls',
  measure,
  tables: (result) => [{ cells: tableOf(rows(result)) }],
};

/** How a tool makes the calls repeatedly, and the output that shows that every check passed. */
interface Tool {
  readonly name: string;
  readonly command: CommandLine;
  readonly env?: Record<string, string>;
  readonly passed: RegExp;
}

async function measure({ rounds, tell }: BenchOptions, recorder: Recorder): Promise<void> {
  const served = await startEmbedded();
  try {
    await createStream(served.access, STREAM, 'one shard');
    await inTemporaryFolder(async (folder) => {
      const tools = await toolsOf(served.baseUrl as string, folder, recorder);
      for (const [, tool] of tools) await run(tool);
      for (let round = 1; round <= rounds; round += 1) {
        tell(`checks: round ${round} of ${rounds}`);
        await once(tools, recorder);
      }
    });
  } finally {
    await served.stop();
  }
}

/** The available tools, each with the twenty calls once and many times. */
async function toolsOf(baseUrl: string, folder: string, recorder: Recorder): Promise<[number, Tool][]> {
  const tools = TIMES.map((times): [number, Tool] => [times, suite(baseUrl, folder, times)]);
  for (const fetched of [withNewman, withPytest])
    try {
      for (const times of TIMES) tools.push([times, await fetched(baseUrl, folder, times)]);
    } catch (error) {
      recorder.absent(messageOf(error));
    }
  return tools;
}

async function once(tools: readonly [number, Tool][], recorder: Recorder): Promise<void> {
  const seconds = new Map<string, number[]>();
  for (const [times, tool] of tools) {
    const taken = await run(tool);
    recorder.add('time of the calls', 's', { tool: tool.name, calls: times * CALLS }, taken);
    seconds.set(tool.name, [...(seconds.get(tool.name) ?? []), taken]);
  }
  for (const [name, [few = 0, many = 0]] of seconds) {
    const further = (TIMES[1] - TIMES[0]) * CALLS;
    recorder.add('cost of a further check', 'ms', { tool: name }, ((many - few) / further) * 1000);
  }
}

/** @throws TargetError if a check did not pass, or did not run. */
async function run({ name, command, env, passed }: Tool): Promise<number> {
  const ended = await runToEnd(command, { cwd: ROOT, timeout: MAX_MILLIS, ...(env && { env }) });
  if (ended.exitCode === 0 && passed.test(ended.output)) return ended.seconds;
  throw new TargetError(`${name} did not pass the calls: ${ended.output.trim().slice(-500)}`);
}

function suite(baseUrl: string, folder: string, times: number): Tool {
  const file = path.join(folder, `twenty-${times}.feature`);
  writeFileSync(file, feature(times));
  return {
    name: SUITE,
    command: [process.execPath, CUCUMBER, file, '--format', 'summary'],
    env: deployedApi(baseUrl),
    passed: new RegExp(`${times * 5} scenarios \\(${times * 5} passed\\)`),
  };
}

async function withNewman(baseUrl: string, folder: string, times: number): Promise<Tool> {
  const file = path.join(folder, 'twenty.json');
  writeFileSync(file, collection(baseUrl));
  return {
    name: 'newman',
    command: [...(await newman()), 'run', file, '-n', `${times}`, '--color', 'off'],
    passed: new RegExp(`assertions\\W+${times * CALLS}\\W+0\\W`),
  };
}

async function withPytest(baseUrl: string, folder: string, times: number): Promise<Tool> {
  const file = path.join(folder, `test_twenty_${times}.py`);
  writeFileSync(file, pytestFile(baseUrl, times));
  return {
    name: 'pytest with requests',
    command: [await pythonWithPytest(), '-m', 'pytest', '-q', '-p', 'no:cacheprovider', file],
    passed: new RegExp(`\\b${times * CALLS} passed`),
  };
}

function rows(result: SectionResult): Row[] {
  const others = labelValues<string>(result, 'tool').filter((name) => name !== SUITE);
  const table: Row[] = [];
  const add = (what: string, measure: string, labels = {}) => {
    const own = find(result, measure, { tool: SUITE, ...labels });
    if (own === undefined) return;
    if (others.length === 0) table.push(rowOf(what, own));
    for (const tool of others) {
      const series = find(result, measure, { tool, ...labels });
      if (series) table.push(rowOf(what, own, { what: tool, series }));
    }
  };
  for (const times of TIMES)
    add(`${times * CALLS} checks, start and all`, 'time of the calls', { calls: times * CALLS });
  add('a further check', 'cost of a further check');
  return table;
}
