import type { Target } from '../../infra/targets/target.ts';
import { oneLine } from '../client/untrusted-text.ts';
import type { RunListener } from '../run/run.ts';

/**
 * The minimum time between two plain progress lines, in milliseconds: CI logs need only an occasional sign of life.
 */
const LINE_INTERVAL = 10_000;

/** The part of a stream that a status line needs, such as `process.stderr`. */
export interface StatusStream {
  readonly isTTY?: boolean;
  /** The width of the terminal in characters. */
  readonly columns?: number;
  write(text: string): unknown;
}

/** A line with a command's progress: redrawn on a terminal, elsewhere a plain line every ten seconds. */
export class StatusLine {
  readonly #stream: StatusStream;
  readonly #started = Date.now();
  #last = this.#started;

  constructor(stream: StatusStream) {
    this.#stream = stream;
  }

  /**
   * @param share the progress from 0 to 1: a bar if there is room for it.
   * @param text is truncated to the terminal's width, because a wrapped line cannot be redrawn.
   */
  show(share: number, text: string): void {
    if (this.#stream.isTTY) {
      const width = (this.#stream.columns || 80) - 1;
      const whole = `[${'#'.repeat(Math.floor(share * 30)).padEnd(30)}] ${text}`;
      this.#stream.write(`\r\u001b[2K${whole.length <= width ? whole : text.slice(0, width)}`);
    } else if (Date.now() - this.#last > LINE_INTERVAL) {
      this.#last = Date.now();
      this.#stream.write(`${text} after ${this.elapsed()}\n`);
    }
  }

  /** Removes the line, before other output goes to the same terminal and at the end. */
  clear(): void {
    if (this.#stream.isTTY) this.#stream.write('\r\u001b[2K');
  }

  /** The time since the line was created, such as `4.2 s`. */
  elapsed(): string {
    return `${((Date.now() - this.#started) / 1000).toFixed(1)} s`;
  }
}

/** Shows the progress of a run on standard error, on a terminal or in a log. */
export function progressOn(stream: NodeJS.WriteStream, target: string): RunListener & { end(): void } {
  const line = new StatusLine(stream);
  let failed = 0;
  stream.write(`starting ${target}\n`);
  return {
    onReady: ({ name, version }: Target, notes) => {
      stream.write(
        `${oneLine(name)} ${oneLine(version)} is ready after ${line.elapsed()}; the API is deployed\n`,
      );
      for (const note of notes) stream.write(`${oneLine(note)}\n`);
    },
    onScenario: (run, done, total) => {
      if (run.outcome === 'failed' || run.outcome === 'error') failed += 1;
      line.show(done / total, `${done} of ${total} scenarios, ${failed} failed`);
    },
    end: () => line.clear(),
  };
}
