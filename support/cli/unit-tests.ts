import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { run } from 'node:test';
import { UsageError } from '../../infra/errors.ts';
import { withoutOptions } from '../run/environment.ts';
import { StatusLine } from './progress.ts';

/** The folders with the slowest files come first, so that no slow file remains at the end. */
const PATTERNS = [
  'selftest/**/*.test.ts',
  'infra/**/*.test.ts',
  'support/**/*.test.ts',
  'steps/**/*.test.ts',
  'bench/**/*.test.ts',
];
/** Attacks take minutes; `npm run hostile` runs them. */
const HOSTILE = 'selftest/hostile/';
/** One process per core, and at least two, since files also wait. With more than eight, they wait for the disk. */
const PROCESSES = Math.min(Math.max(availableParallelism(), 2), 8);

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Each failed test's place, name and error, as printed. */
  readonly failures: readonly string[];
}

/**
 * @param parts parts of paths; a file matches if its path contains one of them. All match if none is given.
 * @returns the test files relative to `root`, with forward slashes, in the order in which they run.
 * @throws UsageError if a part matches no file.
 */
export function unitTestFiles(root: string, parts: readonly string[] = []): string[] {
  return matching(
    testFiles(root).filter((file) => !file.startsWith(HOSTILE)),
    parts,
    'unit',
  );
}

/** As `unitTestFiles`, for the attacks. */
export function hostileTestFiles(root: string, parts: readonly string[] = []): string[] {
  return matching(
    testFiles(root).filter((file) => file.startsWith(HOSTILE)),
    parts,
    'hostile',
  );
}

function testFiles(root: string): string[] {
  return PATTERNS.flatMap((pattern) => globSync(pattern, { cwd: root }).sort()).map((file) =>
    file.replaceAll(path.sep, '/'),
  );
}

function matching(files: readonly string[], parts: readonly string[], command: string): string[] {
  if (parts.length === 0) return [...files];
  const wanted = parts.map((part) => part.replaceAll(path.sep, '/').replace(/^\.\//, ''));
  for (const part of wanted)
    if (!files.some((file) => file.includes(part)))
      throw new UsageError(
        `no test file's path contains ${JSON.stringify(part)}; npm run ${command} -- --list shows them`,
      );
  return files.filter((file) => wanted.some((part) => file.includes(part)));
}

/**
 * Runs test files, each in a separate process; prints each failure with its error, then one line of counts.
 * @param options.line shows the progress; `options.name` names the tests in the line of counts.
 */
export async function runUnitTests(
  root: string,
  files: readonly string[],
  { line = new StatusLine(process.stderr), name = 'unit tests' } = {},
): Promise<Counts> {
  const counts = { passed: 0, failed: 0, skipped: 0, failures: [] as string[] };
  /** How many tests did not run, by file and reason. */
  const skips = new Map<string, number>();
  const soFar = { files: 0, passed: 0, failed: 0 };
  // Variables such as TARGET must not influence the runs within the tests.
  const env = withoutOptions(process.env);
  const absolute = files.map((file) => path.join(root, file));
  for await (const { type, data } of run({ cwd: root, files: absolute, concurrency: PROCESSES, env })) {
    if (type === 'test:stderr') {
      line.clear();
      process.stderr.write(data.message);
    }
    // Passes and failures are reported in the order of the files, completion immediately; a file is also a test.
    if (type === 'test:complete') {
      if (data.name === data.file) soFar.files += 1;
      else if (data.details.type !== 'suite' && data.skip === undefined)
        soFar[data.details.passed ? 'passed' : 'failed'] += 1;
      const { files: done, passed, failed } = soFar;
      line.show(done / files.length, `${done} of ${files.length} files, ${passed} passed, ${failed} failed`);
    }
    if ((type !== 'test:pass' && type !== 'test:fail') || data.details.type === 'suite') continue;
    if (type === 'test:fail') {
      counts.failed += 1;
      const failure = `  ${data.file}:${data.line} ${data.name}\n${reasonOf(data.details.error)}\n`;
      counts.failures.push(failure);
      line.clear();
      process.stdout.write(failure);
    } else if (data.skip !== undefined) {
      counts.skipped += 1;
      const why = `${path.relative(root, data.file ?? '')}: ${typeof data.skip === 'string' ? data.skip : data.name}`;
      skips.set(why, (skips.get(why) ?? 0) + 1);
    } else counts.passed += 1;
  }
  line.clear();
  for (const [why, count] of skips)
    process.stdout.write(`  not run: ${count} ${count === 1 ? 'test' : 'tests'} of ${why}\n`);
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
  // A run without any test is a failure.
  const good = counts.passed === 0 && counts.skipped > 0 ? 'not run' : 'ok    ';
  process.stdout.write(
    `${counts.failed === 0 ? good : 'failed'} ${name}: ${counts.passed} passed, ${counts.failed} failed${skipped}\n`,
  );
  return counts;
}

function reasonOf(error: Error): string {
  const cause = error.cause instanceof Error ? (error.cause.stack ?? error.cause.message) : error.message;
  return `    ${cause.replaceAll('\n', '\n    ')}`;
}
