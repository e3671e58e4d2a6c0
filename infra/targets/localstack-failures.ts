/** What is known about a LocalStack container that did not become ready. */
export interface FailedStart {
  readonly image: string;
  /** Undefined when the container never ran, or is still running. */
  readonly exitCode: number | undefined;
  readonly message: string;
  readonly log: string;
}

/** Known causes and what to do about each; the first that matches is reported. */
const CAUSES: readonly { fits: (start: FailedStart) => boolean; text: (start: FailedStart) => string }[] = [
  {
    // Images since 2026-03-23 exit with this code without a token (docs/facts/localstack.md#images-and-tokens).
    fits: ({ exitCode, log }) => exitCode === 55 || /license activation failed/i.test(log),
    text: ({ image }) =>
      `the image ${image} exited with code 55: it needs a licence; set LOCALSTACK_AUTH_TOKEN, or use localstack/localstack:4.14.0, the last image that starts without one`,
  },
  {
    fits: ({ message, log }) =>
      /exec format error|no matching manifest|does not match the (detected )?host platform/i.test(
        message + log,
      ),
    text: ({ image }) =>
      `the image ${image} is not for this machine's architecture (${process.arch}); set LOCALSTACK_IMAGE to one that is, or build it with infra/emulators/build.sh localstack`,
  },
  {
    fits: ({ message }) => /port is already allocated|address already in use/i.test(message),
    text: () =>
      'a port that the container needs is already in use; stop what uses it (docker ps lists containers), then try again',
  },
  {
    fits: ({ message }) =>
      /pull|manifest|registry|no such image|lookup|dial tcp|not found|unauthorized|denied|toomanyrequests/i.test(
        message,
      ),
    text: ({ image, message }) =>
      `the image ${image} cannot be pulled (${shorten(message)}); build it from packages with infra/emulators/build.sh localstack, or set LOCALSTACK_IMAGE to a local image`,
  },
  {
    fits: ({ exitCode }) => exitCode !== undefined,
    text: ({ image, exitCode, log }) =>
      `the LocalStack container (${image}) exited with code ${exitCode} before it was ready; the last line of its log: ${lastLine(log)}`,
  },
];

/** Explains in one line why LocalStack did not start and what to do about it. */
export function explainStart(start: FailedStart): string {
  const cause = CAUSES.find(({ fits }) => fits(start));
  return cause
    ? cause.text(start)
    : `LocalStack (${start.image}) did not become ready: ${shorten(start.message)}; the last line of its log: ${lastLine(start.log)}`;
}

function lastLine(log: string): string {
  return shorten(log.trim().split('\n').at(-1) || 'none');
}

function shorten(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
