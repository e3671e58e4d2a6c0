/** What is known of a LocalStack container that did not get ready. */
export interface FailedStart {
  readonly image: string;
  /** Undefined when it never ran, or still does. */
  readonly exitCode: number | undefined;
  readonly message: string;
  readonly log: string;
}

/** Each known cause with its way out; the first that fits speaks. */
const CAUSES: readonly { fits: (start: FailedStart) => boolean; text: (start: FailedStart) => string }[] = [
  {
    // Images since 2026-03-23 end so without a token (docs/facts/localstack.md#images-and-tokens).
    fits: ({ exitCode, log }) => exitCode === 55 || /license activation failed/i.test(log),
    text: ({ image }) =>
      `the image ${image} ended with code 55: it needs a licence; set LOCALSTACK_AUTH_TOKEN, or use localstack/localstack:4.14.0, the last image that starts without one`,
  },
  {
    fits: ({ message, log }) =>
      /exec format error|no matching manifest|does not match the (detected )?host platform/i.test(
        message + log,
      ),
    text: ({ image }) =>
      `the image ${image} is not for this machine's architecture (${process.arch}); name one that is with LOCALSTACK_IMAGE, or build it with infra/emulators/build.sh localstack`,
  },
  {
    fits: ({ message }) => /port is already allocated|address already in use/i.test(message),
    text: () =>
      'a port that the container was to publish is in use; end what holds it (docker ps shows containers), then try again',
  },
  {
    fits: ({ message }) =>
      /pull|manifest|registry|no such image|lookup|dial tcp|not found|unauthorized|denied|toomanyrequests/i.test(
        message,
      ),
    text: ({ image, message }) =>
      `the image ${image} cannot be pulled (${shorten(message)}); build it from packages with infra/emulators/build.sh localstack, or name one that is here with LOCALSTACK_IMAGE`,
  },
  {
    fits: ({ exitCode }) => exitCode !== undefined,
    text: ({ image, exitCode, log }) =>
      `the LocalStack container (${image}) ended with code ${exitCode} before it was ready; its last words: ${lastLine(log)}`,
  },
];

/** One line: why LocalStack did not start, and the way out. */
export function explainStart(start: FailedStart): string {
  const cause = CAUSES.find(({ fits }) => fits(start));
  return cause
    ? cause.text(start)
    : `LocalStack (${start.image}) did not get ready: ${shorten(start.message)}; its last words: ${lastLine(start.log)}`;
}

function lastLine(log: string): string {
  return shorten(log.trim().split('\n').at(-1) || 'none');
}

function shorten(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
