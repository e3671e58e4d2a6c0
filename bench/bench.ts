import path from 'node:path';
import { toTable } from '../support/report/table.ts';
import { Recorder, type SectionName, type SectionResult, writeResult } from './measure/result.ts';
import { section as calls } from './sections/calls.ts';
import { section as checks } from './sections/checks.ts';
import { section as growth } from './sections/growth.ts';
import { section as mutants } from './sections/mutants.ts';
import { section as run } from './sections/run.ts';
import type { BenchOptions, Section } from './sections/section.ts';
import { section as soak } from './sections/soak.ts';

/** Every section, in the order in which they are measured. */
export const ALL_SECTIONS: readonly Section[] = [run, calls, checks, growth, mutants, soak];

/**
 * Measures sections one after the other, stores their results, and returns them as tables.
 * @returns whether every answer was correct.
 */
export async function runBench(
  names: readonly SectionName[],
  options: BenchOptions & { readonly results: string; readonly print: (text: string) => void },
): Promise<boolean> {
  let isGood = true;
  for (const section of ALL_SECTIONS.filter(({ name }) => names.includes(name))) {
    const recorder = new Recorder(section.name);
    await section.measure(options, recorder);
    const result = await recorder.result();
    const file = writeResult(options.results, result);
    options.print(`${sectionText(section, result)}raw data: ${path.relative(process.cwd(), file)}\n\n`);
    isGood &&= result.failures.length === 0;
  }
  return isGood;
}

function sectionText(section: Section, result: SectionResult): string {
  const lines = [
    ...result.absent.map((line) => `not measured: ${line}`),
    ...result.failures.map((line) => `FAILED ${line}`),
  ];
  const tables = section
    .tables(result)
    .map(({ title, cells }) => `${title === undefined ? '' : `${title}\n`}${toTable(cells, 'text')}`);
  return `${section.name}\n${tables.join('\n')}${lines.map((line) => `${line}\n`).join('')}`;
}
