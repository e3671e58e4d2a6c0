// A worker process: receives the proxy to generate, tries it and sends back the result.
import { messageOf } from '../../../infra/errors.ts';
import { Sandbox } from '../../trials/sandbox.ts';
import { type ProxyRun, tryProxy } from './try.ts';

const sandbox = await Sandbox.start();

process.on('message', async (run: ProxyRun) => {
  try {
    process.send?.({ outcome: await tryProxy(run, sandbox) });
  } catch (error) {
    process.send?.({ failure: error instanceof Error ? (error.stack ?? error.message) : messageOf(error) });
  }
});
process.once('disconnect', () => sandbox.stop().then(() => process.exit()));
process.send?.('ready');
