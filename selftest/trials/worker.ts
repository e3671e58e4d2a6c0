// A worker process of the self-test: receives a trial's name, runs it and sends back the outcome.
import { messageOf } from '../../infra/errors.ts';
import { Sandbox } from './sandbox.ts';
import { allTrials } from './trial.ts';
import { attempt } from './try.ts';

const trials = new Map(allTrials().map((trial) => [trial.name, trial]));
const sandbox = await Sandbox.start();

process.on('message', async ({ name, wide }: { name: string; wide: boolean }) => {
  try {
    const trial = trials.get(name);
    if (trial === undefined) throw new Error(`there is no trial ${name}`);
    process.send?.({ outcome: await attempt(wide ? { ...trial, tries: 'everything' } : trial, sandbox) });
  } catch (error) {
    process.send?.({ failure: error instanceof Error ? (error.stack ?? error.message) : messageOf(error) });
  }
});
process.once('disconnect', () => sandbox.stop().then(() => process.exit()));
process.send?.('ready');
