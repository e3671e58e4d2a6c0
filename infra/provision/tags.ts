/** The tag keys on everything that a run creates on a target that outlives the run. */
export const RUN_TAG = 'kinesis-proxy-conformance:run';
export const CREATED_TAG = 'kinesis-proxy-conformance:created';
export const EXPIRES_TAG = 'kinesis-proxy-conformance:expires';

export type Tags = Readonly<Record<string, string>>;

/** The maximum duration of a run, in milliseconds; anything older was left behind. */
export const LIFETIME = 2 * 60 * 60 * 1000;

/** @param now milliseconds since the epoch. */
export function runTags(runId: string, now = Date.now()): Tags {
  return {
    [RUN_TAG]: runId,
    [CREATED_TAG]: new Date(now).toISOString(),
    [EXPIRES_TAG]: new Date(now + LIFETIME).toISOString(),
  };
}

/** The run ids of this suite: eight hexadecimal digits, or `doctor` and six. */
const RUN_ID = /^(?:[0-9a-f]{8}|doctor[0-9a-f]{6})$/;
const PREFIXED = /^kpc-([^-]+)-./;
/** The format of `toISOString`; Date.parse alone would also accept `1`. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
/** No run was earlier, so earlier times are rejected: milliseconds since the epoch. */
export const FIRST_TIME = Date.UTC(2024, 0);

export function isRunId(text: string): boolean {
  return RUN_ID.test(text);
}

/** Parses a time of a tag or a journal into milliseconds since the epoch; NaN for text that no run writes. */
export function readTime(text: string): number {
  return TIME.test(text) ? Date.parse(text) : Number.NaN;
}

export function prefixOf(runId: string): string {
  return `kpc-${runId}-`;
}

/** The run id in a name; undefined if the name does not have this suite's form. */
export function runInName(name: string): string | undefined {
  const [, runId = ''] = PREFIXED.exec(name) ?? [];
  return RUN_ID.test(runId) ? runId : undefined;
}

/** The run id and creation time in tags; undefined unless both have this suite's form. */
export function runInTags(tags: Tags): { runId: string; created: number } | undefined {
  const runId = tags[RUN_TAG] ?? '';
  const created = readTime(tags[CREATED_TAG] ?? '');
  return RUN_ID.test(runId) && created >= FIRST_TIME ? { runId, created } : undefined;
}
