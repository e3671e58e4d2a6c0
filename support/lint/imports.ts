import { readFileSync } from 'node:fs';
import path from 'node:path';
import { trackedFiles } from './files.ts';

/** A row of the table in CONTRIBUTING: an area of paths, and the areas that it may import. */
export interface Area {
  /** Folders end with a slash; a nested area is not part of the enclosing one. */
  readonly paths: readonly string[];
  readonly mayImport: readonly { readonly prefix: string; readonly typesOnly: boolean }[];
  /** True for `support/cli` and the self-test, which combine everything. */
  readonly everything: boolean;
  /** True for files that every area may import, since they import nothing. */
  readonly forAll: boolean;
}

/** One import of a file of the project by another; paths from the root. */
export interface Import {
  readonly from: string;
  readonly line: number;
  readonly to: string;
  readonly isType: boolean;
}

/** The statements that import another file: `import … from`, `export … from`, a bare import, a dynamic one. */
const IMPORTS =
  /^(?:import|export)\s+(?:(type)\s+)?(?:([^'";]*?)\s+from\s+)?'(\.[^']+)'|\bimport\('(\.[^']+)'\)/gm;

/**
 * Checks the imports between the project's own files against the table in CONTRIBUTING.md. Tests and files in
 * `testing/` may import anything.
 * @param root the folder of the repository.
 * @returns a line for each import that the table does not allow, and each file without a row.
 */
export function lintImports(root: string): string[] {
  const areas = readAreas(readFileSync(path.join(root, 'CONTRIBUTING.md'), 'utf8'));
  const sources = trackedFiles(root).filter((name) => /\/.*\.(ts|mjs|js)$/.test(name));
  const imports = sources.flatMap((name) => importsOf(name, readFileSync(path.join(root, name), 'utf8')));
  return [
    ...sources
      .filter((name) => !areaOf(areas, name.replace(/\.test\.ts$/, '.ts')))
      .map((name) => `${name}: the table "Where things go" in CONTRIBUTING.md has no row for it`),
    ...forbidden(areas, imports),
  ];
}

/** @throws Error if the text has no table with the columns `folder`, `holds` and `may import`. */
export function readAreas(contributing: string): Area[] {
  const lines = contributing.split('\n');
  const head = lines.findIndex((line) => /^\|\s*folder\s*\|\s*holds\s*\|\s*may import\s*\|$/.test(line));
  if (head < 0) throw new Error('CONTRIBUTING.md has no table with the columns folder, holds, may import');
  const areas: Area[] = [];
  for (const line of lines.slice(head + 2)) {
    if (!line.startsWith('|')) break;
    const [, folder = '', holds = '', allowed = ''] = line.split('|');
    areas.push({
      paths: [...folder.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
      mayImport: [...allowed.matchAll(/`([^`]+)`(\s*\(types\))?/g)].map(([, prefix = '', types]) => ({
        prefix,
        typesOnly: types !== undefined,
      })),
      everything: /\beverything\b/.test(allowed),
      forAll: /\ball may import\b/.test(holds),
    });
  }
  return areas;
}

/** The imports of the project's own files in a file's text. */
export function importsOf(from: string, text: string): Import[] {
  return [...text.matchAll(IMPORTS)].map(({ 1: type, 2: names, 3: fixed, 4: dynamic, index }) => ({
    from,
    line: text.slice(0, index).split('\n').length,
    to: path.posix.join(path.posix.dirname(from), fixed ?? dynamic ?? ''),
    isType: type !== undefined || /^\{(\s*type\s+[^,}]+,?)+\s*\}$/.test(names ?? ''),
  }));
}

/** One line for each import that no row allows. */
export function forbidden(areas: readonly Area[], imports: readonly Import[]): string[] {
  return imports.flatMap(({ from, line, to, isType }) => {
    const [own, other] = [areaOf(areas, from), areaOf(areas, to)];
    if (!own || isTest(from)) return [];
    if (isTest(to) && !own.everything) return [`${from}:${line}: imports ${to}, which is for tests`];
    if (own === other || own.everything || other?.forAll) return [];
    const rights = own.mayImport.filter(({ prefix }) => covers(prefix, to, other));
    if (rights.some(({ typesOnly }) => isType || !typesOnly)) return [];
    const only = rights.length > 0 ? 'only types of ' : '';
    return [
      `${from}:${line}: may ${only === '' ? 'not ' : ''}import ${only}${to} (CONTRIBUTING.md, "Where things go")`,
    ];
  });
}

const isTest = (name: string) => /\.test\.ts$|\/testing\//.test(name);

/** Permission to import a folder covers its own area, not the areas nested in it. */
function covers(prefix: string, to: string, area: Area | undefined): boolean {
  if (prefix === to) return true;
  const folder = prefix.endsWith('/') ? prefix : `${prefix}/`;
  return to.startsWith(folder) && (area?.paths.includes(folder) ?? true);
}

function areaOf(areas: readonly Area[], name: string): Area | undefined {
  let best: { area: Area; length: number } | undefined;
  for (const area of areas)
    for (const at of area.paths)
      if ((at === name || (at.endsWith('/') && name.startsWith(at))) && at.length > (best?.length ?? 0))
        best = { area, length: at.length };
  return best?.area;
}
