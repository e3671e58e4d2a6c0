import { run } from 'node:test';
import { withoutOptions } from '../run/options.ts';

const PATTERNS = [
  'infra/**/*.test.ts',
  'support/**/*.test.ts',
  'steps/**/*.test.ts',
  'selftest/**/*.test.ts',
];

/** Runs every *.test.ts, prints each failure with its error, then one line of counts. */
export async function runUnitTests(root: string): Promise<{ passed: number; failed: number }> {
  let passed = 0;
  let failed = 0;
  // The tests' own runs are none of what TARGET and its like were set for.
  const env = withoutOptions(process.env);
  for await (const { type, data } of run({ cwd: root, globPatterns: PATTERNS, concurrency: 2, env })) {
    if (type === 'test:stderr') process.stderr.write(data.message);
    if ((type !== 'test:pass' && type !== 'test:fail') || data.details.type === 'suite') continue;
    if (type === 'test:pass') passed += 1;
    else {
      failed += 1;
      const { error } = data.details;
      const cause = error.cause instanceof Error ? (error.cause.stack ?? error.cause.message) : error.message;
      process.stdout.write(
        `  ${data.file}:${data.line} ${data.name}\n    ${cause.replaceAll('\n', '\n    ')}\n`,
      );
    }
  }
  process.stdout.write(
    `${failed === 0 ? 'ok    ' : 'failed'} unit tests: ${passed} passed, ${failed} failed\n`,
  );
  return { passed, failed };
}
