import type { Target } from '../../infra/targets/target.ts';
import type { RunListener } from '../run/run.ts';

/** The shortest time between two plain progress lines, in milliseconds: CI logs need a sign of life, not a film. */
const LINE_INTERVAL = 10_000;

/** Tells a person at a terminal, or a log, how far a run is; on standard error, apart from the summary. */
export function progressOn(stream: NodeJS.WriteStream, target: string): RunListener & { end(): void } {
  const started = Date.now();
  let last = started;
  let failed = 0;
  const bar = (text: string) => stream.write(`\r\u001b[2K${text}`);
  stream.write(`starting ${target}\n`);
  return {
    onReady: ({ name, version }: Target) => {
      stream.write(`${name} ${version} is ready after ${seconds(started)}; the API is deployed\n`);
    },
    onScenario: (run, done, total) => {
      if (run.outcome === 'failed' || run.outcome === 'error') failed += 1;
      const text = `${done} of ${total} scenarios, ${failed} failed`;
      if (stream.isTTY) bar(`[${'#'.repeat(Math.floor((done / total) * 30)).padEnd(30)}] ${text}`);
      else if (Date.now() - last > LINE_INTERVAL) {
        last = Date.now();
        stream.write(`${text} after ${seconds(started)}\n`);
      }
    },
    end: () => {
      if (stream.isTTY) bar('');
    },
  };
}

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}
