import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../infra/errors.ts';
import { markdownTable } from '../../support/report/table.ts';
import { ROOT } from '../../support/run/suite.ts';
import { ALL_SECTIONS } from '../bench.ts';
import { readResult, type SectionResult } from '../measure/result.ts';
import type { Section } from '../sections/section.ts';
import { plotsOf } from './plots.ts';

const PAGE = 'docs/bench.md';
const PLOTS = 'docs/bench';

/** The committed raw data for the page. */
export const PUBLISHED = path.join(ROOT, 'bench/results');

/**
 * Renders the page and its plots from the raw data in a folder. @returns contents by path below the project's root.
 * @throws UsageError if results are missing, or the page lacks the place for a section.
 */
export function render(results: string): Map<string, string> {
  const files = new Map<string, string>();
  let page = readFileSync(path.join(ROOT, PAGE), 'utf8');
  for (const section of ALL_SECTIONS) {
    const result = readResult(results, section.name);
    const plots = Object.entries(plotsOf(result));
    for (const [name, svg] of plots) files.set(`${PLOTS}/${name}`, svg);
    const images = plots.map(([name, svg]) => `![${/aria-label="([^"]*)"/.exec(svg)?.[1]}](bench/${name})\n`);
    page = between(page, section.name, [...images, textOf(section, result)].join('\n'));
  }
  return files.set(PAGE, page);
}

/** Writes the result of `render`. @returns the paths of changed files. */
export function writePage(results: string, isCheck: boolean): string[] {
  const changed: string[] = [];
  for (const [name, content] of render(results)) {
    const file = path.join(ROOT, name);
    if (existsSync(file) && readFileSync(file, 'utf8') === content) continue;
    changed.push(name);
    if (isCheck) continue;
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return changed;
}

function textOf(section: Section, result: SectionResult): string {
  const { machine, suite, measuredAt, absent, failures } = result;
  const where = `Measured on ${measuredAt.slice(0, 10)} at ${suite.commit.slice(0, 7)}${suite.commit.endsWith('-dirty') ? ' with changes' : ''}: ${machine.cores} cores (${machine.cpu}), ${machine.system}, Node ${machine.node}${machine.load === undefined ? '' : `, load ${machine.load} before`}.`;
  const notes = [
    ...absent.map((line) => `- not measured: ${line}`),
    ...failures.map((line) => `- **failed**: ${line}`),
  ];
  const tables = section
    .tables(result)
    .map(({ title, cells }) => `${title === undefined ? '' : `${title}:\n\n`}${markdownTable(cells)}`);
  return [where, '', ...tables, ...notes].join('\n').trimEnd();
}

function between(page: string, name: string, content: string): string {
  const [start, end] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
  const [before, rest] = page.split(start);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined)
    throw new UsageError(`${PAGE} has no place for ${name}: it goes between ${start} and ${end}`);
  return `${before}${start}\n\n${content}\n\n${end}${after}`;
}
