import { readFileSync } from 'node:fs';
import path from 'node:path';
import { AstBuilder, GherkinClassicTokenMatcher, Parser } from '@cucumber/gherkin';
import { type Feature, IdGenerator, type Scenario } from '@cucumber/messages';

/**
 * Translates `features/x.feature:12` for cucumber, which knows a scenario only by the line of its name or of an
 * example row. Any other line selects the scenario that contains it; a line above the first scenario selects the whole
 * rule or feature.
 * @param source a path, with or without lines. An unreadable one is returned unchanged, so that cucumber reports it.
 */
export function scenariosAt(source: string, directory: string): string {
  const [, file, lines] = /^(.+?)((?::\d+)+)$/.exec(source) ?? [];
  if (file === undefined || lines === undefined) return source;
  const feature = featureIn(path.resolve(directory, file));
  if (!feature) return source;
  const wanted = lines.slice(1).split(':').map(Number);
  return [file, ...new Set(wanted.flatMap((line) => linesFor(line, feature)))].join(':');
}

function featureIn(file: string): Feature | undefined {
  try {
    const parser = new Parser(new AstBuilder(IdGenerator.incrementing()), new GherkinClassicTokenMatcher());
    return parser.parse(readFileSync(file, 'utf8')).feature;
  } catch {
    return undefined;
  }
}

function linesFor(line: number, feature: Feature): number[] {
  const parts: { from: number; lines: number[] }[] = [];
  const rows = new Set<number>();
  const add = (scenario: Scenario): number[] => {
    const lines = [scenario.location.line];
    parts.push({ from: Math.min(...lines, ...scenario.tags.map((tag) => tag.location.line)), lines });
    for (const { tableBody } of scenario.examples) for (const row of tableBody) rows.add(row.location.line);
    return lines;
  };
  const whole = { from: 0, lines: [] as number[] };
  parts.push(whole);
  for (const { rule, scenario } of feature.children) {
    if (scenario) whole.lines.push(...add(scenario));
    if (!rule) continue;
    const part = {
      from: Math.min(rule.location.line, ...rule.tags.map((tag) => tag.location.line)),
      lines: [] as number[],
    };
    parts.push(part);
    for (const child of rule.children) if (child.scenario) part.lines.push(...add(child.scenario));
    whole.lines.push(...part.lines);
  }
  if (rows.has(line)) return [line];
  return parts.filter(({ from }) => from <= line).at(-1)?.lines ?? [];
}
