import { IS_BUILT } from '../../infra/built.ts';
import { calledWith } from '../../infra/invocation.ts';
import type { Entry, Group } from './command.ts';

/** The registry of all commands: names, summaries and files. */
export const COMMANDS: Readonly<Record<string, Entry | Group>> = {
  run: { summary: 'one run, one verdict', load: () => import('./conformance.ts') },
  inspect: {
    summary: 'which Kinesis calls an API offers, and its weaknesses',
    load: () => import('./inspect.ts'),
  },
  serve: {
    summary: "the tutorial's API, or yours, on the embedded AWS until Ctrl-C",
    load: () => import('./proxy.ts'),
  },
  doctor: { summary: 'checks a target before you start a run', load: () => import('./doctor.ts') },
  sweep: { summary: 'deletes what earlier runs left behind', load: () => import('./sweep.ts') },
  clauses: {
    summary: 'the contract',
    examples: [
      `${calledWith('clauses list')} --scenarios`,
      `${calledWith('clauses list')} --json`,
      `${calledWith('clauses show').replace(/ --$/, ' --')} PUT-3`,
    ],
    commands: {
      list: { summary: 'clauses and their scenarios', load: () => import('./list.ts') },
      show: {
        summary: 'one clause: statement, source, scenarios, last results',
        load: () => import('./explain.ts'),
      },
    },
  },
  results: {
    summary: 'compare and merge results of runs',
    examples: [
      `${calledWith('results compare')} old/conformance.json new/conformance.json --format markdown`,
      `${calledWith('results merge')} reports/shard-* --report reports/merged`,
      `${calledWith('results table')} reports/embedded/conformance.json reports/localstack/conformance.json`,
    ],
    commands: {
      compare: { summary: 'what changed between two results', load: () => import('./compare.ts') },
      merge: { summary: 'combines the results of shards into one', load: () => import('./merge.ts') },
      table: {
        summary: 'a table of clauses by target, for any number of results',
        load: () => import('./table.ts'),
      },
    },
  },
  export: { summary: 'exports the tested API for deployment', load: () => import('./export.ts') },
  evidence: { summary: 'shows and compares what runs observed', load: () => import('./evidence.ts') },
};

/** Commands that need a checkout; the package does not have them. */
export async function developersGroup(): Promise<Group | undefined> {
  if (IS_BUILT) return undefined;
  const file = new URL('./dev.ts', import.meta.url).href;
  return ((await import(file)) as { DEVELOPERS: Group }).DEVELOPERS;
}
