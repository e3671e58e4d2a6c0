import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readYaml } from '../../infra/yaml.ts';
import { trackedFiles } from './files.ts';

/** The maximum number of lines of a file without a reason. */
const MAX_LINES = 300;

/** The files that people write and read, unlike test data and results of runs. */
const READ = /\.(ts|mjs|js|java|py|sh|feature|md|ya?ml)$/;
const UNREAD = /^(results|bench\/results|docs\/bench|selftest\/corpus)\//;

/**
 * Finds the files that are longer than {@link MAX_LINES} lines and have no reason in `support/lint/long-files.yaml`,
 * and the reasons that are no longer needed.
 * @param root the folder of the repository.
 */
export function lintSizes(root: string): string[] {
  const lines = new Map(
    trackedFiles(root)
      .filter((name) => READ.test(name) && !UNREAD.test(name))
      .map((name) => [name, readFileSync(path.join(root, name), 'utf8').split('\n').length - 1]),
  );
  const reasons = readYaml(readFileSync(path.join(root, 'support/lint/long-files.yaml'), 'utf8'));
  return tooLong(lines, reasons as Record<string, unknown>);
}

/**
 * As {@link lintSizes}, for the given files.
 * @param lines the number of lines of each file.
 * @param reasons why files may have more, by their paths.
 */
export function tooLong(
  lines: ReadonlyMap<string, number>,
  reasons: Readonly<Record<string, unknown>>,
): string[] {
  const long = [...lines].filter(([, count]) => count > MAX_LINES);
  return [
    ...long
      .filter(([name]) => String(reasons[name] ?? '').length < 20)
      .map(
        ([name, count]) =>
          `${name}: ${count} lines are more than ${MAX_LINES}; split it by subject, or give the reason in support/lint/long-files.yaml`,
      ),
    ...Object.keys(reasons)
      .filter((name) => !long.some(([other]) => other === name))
      .map((name) => `support/lint/long-files.yaml: ${name} no longer needs a reason`),
  ];
}
