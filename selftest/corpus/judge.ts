import { fileURLToPath } from 'node:url';
import { startEmbeddedAws } from '../../infra/embedded/embedded-aws.ts';
import { withoutSockets } from '../../infra/targets/embedded.ts';
import { parseOptions } from '../../support/run/options.ts';
import type { Results } from '../../support/run/results.ts';
import { executeRun, planRun } from '../../support/run/run.ts';
import { ROOT } from '../../support/run/suite.ts';
import { CORPUS, type Entry } from './entries.ts';

/** No stream is CREATING or DELETING for longer than a definition needs: milliseconds. */
const STREAM_STATES = { createMillis: 20, deleteMillis: 20, unseenMillis: 500 };

/** Judges a definition as `npm run conformance` does with the flags that a user would give, on an embedded AWS of its own. */
export async function judgeEntry({ file, parameters = {}, api }: Entry, directory: string): Promise<Results> {
  const argv = ['--definition', fileURLToPath(new URL(file, CORPUS))];
  for (const [key, value] of Object.entries(parameters)) argv.push('--parameter', `${key}=${value}`);
  if (api !== undefined) argv.push('--api', api);
  const target = withoutSockets(await startEmbeddedAws(STREAM_STATES));
  const { results } = await executeRun(planRun(parseOptions(argv, {}, directory), ROOT), {}, { target });
  return results;
}
