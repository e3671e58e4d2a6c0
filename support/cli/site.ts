import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { messageOf, UsageError } from '../../infra/errors.ts';
import { makeFolder } from '../../infra/files.ts';
import { ROOT } from '../run/suite.ts';
import { parseCommand } from './arguments.ts';
import type { Command } from './command.ts';

const OUT = 'reports/site';
/** The file by which an earlier site is recognised, so that it may be replaced. */
const MARK = 'assets/search-index.js';

export const command: Command = {
  help: `
npm run site [-- --out DIR]

Writes the specification as a site: each clause with its source, scenarios, results and the defects that it has to catch;
the features; the API before and after its mapping templates; the matrix; guides, facts and decisions; and a search that
needs no server. Open index.html from DIR (default: ${OUT}), or serve DIR below any path, as GitHub Pages does.
An earlier site in DIR is replaced; a folder that holds anything else is left alone.

Exit codes: 0 written, 3 usage, or results that are missing.
`,
  run: async (argv) => {
    const { values } = parseCommand(
      'dev site',
      argv,
      { out: { type: 'string' } },
      { least: 0, most: 0, what: 'no name' },
    );
    if (values.out === '')
      throw new UsageError('--out is empty; it takes the folder that the site is written to');
    const out = path.resolve(values.out ?? path.join(ROOT, OUT));
    checkFolder(out);
    // Loaded late, so that an invalid option is reported at once.
    const { readContent, writeSite } = await import('../site/site.ts');
    const content = readContent(ROOT);
    const draft = `${out}.${process.pid}.tmp`;
    try {
      makeFolder(draft);
      const pages = await writeSite(content, ROOT, draft);
      rmSync(out, { recursive: true, force: true });
      renameSync(draft, out);
      process.stdout.write(`${pages.length} pages, from ${path.join(out, 'index.html')}\n`);
      return 0;
    } catch (error) {
      // Only the file system's errors have a code.
      if (!(error instanceof Error && 'code' in error)) throw error;
      throw new UsageError(`--out ${out} cannot be written (${messageOf(error)}); name a folder that can`);
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  },
};

/** @throws UsageError for a path that is not a folder, or a folder with anything but a site. */
function checkFolder(out: string): void {
  if (!existsSync(out)) return;
  if (!statSync(out).isDirectory()) throw new UsageError(`--out ${out} is a file; name a folder`);
  if (readdirSync(out).length > 0 && !existsSync(path.join(out, MARK)))
    throw new UsageError(
      `--out ${out} contains other files, which would be lost; give an empty or new folder`,
    );
}
