import { Ajv, type ValidateFunction } from 'ajv';
import {
  type JournalHead,
  type JournalLine,
  type Step,
  THING_KINDS,
  type Thing,
} from '../provision/journal.ts';
import { isRunId, prefixOf, readTime } from '../provision/tags.ts';

/** How far a time may be ahead of this machine's clock, in milliseconds. */
const MAX_AHEAD = 10 * 60_000;

const text = (pattern: string) => ({ type: 'string', pattern, maxLength: 2048 }) as const;
const TIME = text('^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$');
const LIMIT = Number.MAX_SAFE_INTEGER;

/** The schema of `JournalHead`, as `openJournal` writes it. */
const HEAD = {
  type: 'object',
  additionalProperties: false,
  required: ['step', 'version', 'runId', 'startedAt', 'process', 'target', 'skewMs'],
  properties: {
    step: { const: 'run' },
    version: { const: 1 },
    runId: text('^[0-9a-z]{8,12}$'),
    startedAt: TIME,
    process: {
      type: 'object',
      additionalProperties: false,
      required: ['host', 'pid'],
      properties: {
        host: text('^[\\w.-]{1,255}$'),
        pid: { type: 'integer', minimum: 1, maximum: 2 ** 31 },
        started: text('^\\d{1,20}$'),
      },
    },
    target: {
      type: 'object',
      additionalProperties: false,
      required: ['kind', 'region'],
      properties: {
        kind: { enum: ['aws', 'endpoint', 'url', 'localstack'] },
        endpoint: text('^https?://[^\\s@]+$'),
        region: text('^[a-z]{2,4}(-[a-z]+){1,4}-\\d{1,2}$'),
        account: text('^\\d{12}$'),
      },
    },
    skewMs: { type: 'number', minimum: -LIMIT, maximum: LIMIT },
    keep: { type: 'boolean' },
  },
} as const;

/**
 * The schema of later lines. After the prefix, a stream may have any name, since scenarios expect Kinesis to refuse
 * some.
 */
const LINE = {
  type: 'object',
  additionalProperties: false,
  required: ['step', 'at', 'kind', 'name'],
  properties: {
    step: { enum: ['intended', 'created', 'tagged', 'gone'] },
    at: TIME,
    kind: { enum: THING_KINDS },
    name: { type: 'string', maxLength: 4096 },
    id: text('^[A-Za-z0-9-]{1,64}$'),
    taggedAtOnce: { type: 'boolean' },
  },
} as const;

export type ThingLine = Exclude<JournalLine, { readonly step: 'run' }> & { readonly step: Step } & Thing;

const validators = new Map<object, ValidateFunction>();

/**
 * Validates a journal's first line, which identifies the run.
 * @param now milliseconds since the epoch.
 * @throws Error that says what is wrong with the line.
 */
export function readHead(line: unknown, now: number): JournalHead {
  validate(HEAD, line, 'its first line');
  const { step: _, version: __, ...head } = line as Extract<JournalLine, { step: 'run' }>;
  if (!isRunId(head.runId)) throw new Error('its run has an invalid id');
  assertTime(head.startedAt, 'its run', now);
  return head;
}

/** Validates a later line, which may only name things with the run's prefix. @throws as `readHead`. */
export function readThing(line: unknown, { runId, startedAt }: JournalHead, now: number): ThingLine {
  validate(LINE, line, 'a line');
  const thing = line as ThingLine;
  if (!thing.name.startsWith(prefixOf(runId))) throw new Error('a line names a thing of another run');
  assertTime(thing.at, 'a line', now);
  if (readTime(thing.at) < readTime(startedAt) - MAX_AHEAD) throw new Error('a line is older than its run');
  return thing;
}

function validate(schema: object, value: unknown, what: string): void {
  const known = validators.get(schema) ?? new Ajv().compile(schema);
  validators.set(schema, known);
  if (known(value)) return;
  const [{ instancePath = '', message = '' } = {}] = known.errors ?? [];
  throw new Error(
    `${what} is not a line of a journal (${instancePath === '' ? 'it' : instancePath} ${message})`,
  );
}

function assertTime(text: string, what: string, now: number): void {
  const time = readTime(text);
  if (Number.isNaN(time)) throw new Error(`the time of ${what} is invalid`);
  if (time > now + MAX_AHEAD) throw new Error(`the time of ${what} is in the future`);
}
