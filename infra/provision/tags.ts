/** The keys that everything carries which a run makes where it outlives the run. */
export const RUN_TAG = 'kinesis-proxy-conformance:run';
export const CREATED_TAG = 'kinesis-proxy-conformance:created';
export const EXPIRES_TAG = 'kinesis-proxy-conformance:expires';

export type Tags = Readonly<Record<string, string>>;

/** No run is to take longer than this; what is older was left behind: milliseconds. */
export const LIFETIME = 2 * 60 * 60 * 1000;

/** @param now milliseconds since the epoch. */
export function runTags(runId: string, now = Date.now()): Tags {
  return {
    [RUN_TAG]: runId,
    [CREATED_TAG]: new Date(now).toISOString(),
    [EXPIRES_TAG]: new Date(now + LIFETIME).toISOString(),
  };
}

/** As this suite makes them: eight hexadecimal digits, or those of a doctor's visit. */
const RUN_ID = /^(?:[0-9a-f]{8}|doctor[0-9a-f]{6})$/;
const PREFIXED = /^kpc-([^-]+)-./;
/** As Date's own `toISOString` writes it; Date.parse alone takes `1` for a time too. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
/** No run was before, so what says so proves nothing: milliseconds since the epoch. */
export const FIRST_TIME = Date.UTC(2024, 0);

export function isRunId(text: string): boolean {
  return RUN_ID.test(text);
}

/** A time of a tag or a journal in milliseconds since the epoch; NaN for what no run writes. */
export function readTime(text: string): number {
  return TIME.test(text) ? Date.parse(text) : Number.NaN;
}

export function prefixOf(runId: string): string {
  return `kpc-${runId}-`;
}

/** The run that a name claims to be of; undefined where it is of no form that this suite gives. */
export function runInName(name: string): string | undefined {
  const [, runId = ''] = PREFIXED.exec(name) ?? [];
  return RUN_ID.test(runId) ? runId : undefined;
}

/** The run and the time of creation that tags claim; undefined unless both are of the form this suite gives. */
export function runInTags(tags: Tags): { runId: string; created: number } | undefined {
  const runId = tags[RUN_TAG] ?? '';
  const created = readTime(tags[CREATED_TAG] ?? '');
  return RUN_ID.test(runId) && created >= FIRST_TIME ? { runId, created } : undefined;
}
