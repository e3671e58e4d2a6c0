import { redact } from '../client/redact.ts';
import { visible, withoutCommands } from '../client/untrusted-text.ts';

/** How the status line redraws itself. */
const REDRAW = '\r\x1b[2K';

type Write = (text: string) => boolean;

const raw = new Map<NodeJS.WriteStream, Write>();

/**
 * Redacts everything that this process prints, and escapes it so that neither a terminal nor a CI log interprets it.
 * This covers every module, worker thread and library, warnings and stack traces. Only `printOwn` bypasses it.
 */
export function guardOutput(streams: readonly NodeJS.WriteStream[] = [process.stdout, process.stderr]): void {
  for (const stream of streams) {
    if (raw.has(stream)) continue;
    const write = stream.write.bind(stream) as (text: string, ...rest: unknown[]) => boolean;
    raw.set(stream, write);
    /** The beginning of the line, while a command may still begin in it. */
    let head: string | undefined = '';
    const guarded = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
      const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
      const isRedrawn = stream.isTTY === true && text.startsWith(REDRAW);
      if (isRedrawn) head = '';
      const shown = show(isRedrawn ? text.slice(REDRAW.length) : text, head);
      head = headOf((head ?? '') + text, head !== undefined);
      // Ignore an encoding: the chunk is already text.
      const callback = rest.filter((argument) => typeof argument === 'function');
      return write(isRedrawn ? REDRAW + shown : shown, ...callback);
    };
    stream.write = guarded as typeof stream.write;
  }
}

/** The printable form of a text. */
function show(text: string, head: string | undefined): string {
  const safe = withoutCommands(visible(redact(text)), head !== undefined);
  // A command may span two chunks.
  return head?.endsWith(':') && safe.startsWith(':') ? `\\u003a${safe.slice(1)}` : safe;
}

function headOf(text: string, fromLineStart: boolean): string | undefined {
  const end = text.lastIndexOf('\n');
  if (end < 0 && !fromLineStart) return undefined;
  const line = text.slice(end + 1);
  return /^\s*:?$/.test(line) ? line : undefined;
}

/** A shell line that makes AWS's SDKs and command line use an endpoint. */
export function exportLine(aws: {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}): string {
  return `export AWS_ENDPOINT_URL=${aws.endpoint} AWS_REGION=${aws.region} AWS_DEFAULT_REGION=${aws.region} AWS_ACCESS_KEY_ID=${aws.accessKeyId} AWS_SECRET_ACCESS_KEY=${aws.secretAccessKey}`;
}

/**
 * Prints the suite's own text unchanged: help, keys for the user, workflow commands, colours. Any untrusted text in it
 * must already be safe.
 */
export function printOwn(text: string): void {
  const write = raw.get(process.stdout) ?? ((own: string) => process.stdout.write(own));
  write(text);
}
