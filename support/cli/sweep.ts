import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf, TargetError, UsageError } from '../../infra/errors.ts';
import { called, calledWith } from '../../infra/invocation.ts';
import { createClients } from '../../infra/provision/clients.ts';
import { removeJournal, sealOf } from '../../infra/provision/journal.ts';
import { whereabouts } from '../../infra/provision/process-identity.ts';
import { FIRST_TIME, isRunId, LIFETIME } from '../../infra/provision/tags.ts';
import { rateLimiter } from '../../infra/retry/rate-limit.ts';
import { levelOf } from '../../infra/retry/waits.ts';
import { type Finding, MAX_SKEW, spell } from '../../infra/sweep/proof.ts';
import { type JournalContent, readJournal, readJournals } from '../../infra/sweep/read-journal.ts';
import { measureSkew } from '../../infra/sweep/skew.ts';
import {
  findAbandoned,
  findOfRun,
  type Removal,
  removeAll,
  sweepRun,
  waitUntilGone,
} from '../../infra/sweep/sweep.ts';
import type { TargetOptions } from '../../infra/targets/options.ts';
import { startTarget } from '../../infra/targets/start.ts';
import { oneLine } from '../client/untrusted-text.ts';
import { JOURNALS } from '../run/journals.ts';
import { parseOptions } from '../run/options.ts';
import { parseCommand } from './arguments.ts';
import type { Command } from './command.ts';

export const command: Command = {
  help: `
${calledWith('sweep')} [--target aws|endpoint] [--endpoint URL] [--region REGION] [--run ID] [--older-than 2h] [--yes]

Deletes what earlier runs left behind. Without --yes it only lists what it would delete.

With --target it uses this machine's journals of finished runs on that target, and then names, tags and ages to find
what other machines left there. Without --target it uses this machine's journals only, each on its own target.

  --target, --endpoint, --region   as for conformance
  --run ID          only what this run created; required for a run that was started with --keep
  --older-than AGE  without a journal here, only what is older than this: 90m, 2h, 1d (default: ${spell(LIFETIME)})
  --journal DIR     where the journals are (default: .kpc/journal)
  --yes             delete

It deletes only what this suite created. With a journal, that is what the journal lists and the run's tag or the time of
creation confirms; without one, what has the name and the tag of the same run, and the age. Everything else is listed as
left alone. A journal that is damaged, or writable by others, is reported and skipped. A target on another machine has to
be given by --endpoint: a journal alone never makes the sweep send credentials there.

Examples:
  ${called('sweep')}
  ${calledWith('sweep')} --target aws --older-than 1d --yes

Exit codes: 0 nothing is left (or a dry run); 2 a resource could not be deleted, the target could not be reached or a
journal could not be read; 3 usage.
`,
  run: async (argv) => {
    const { values } = parseCommand(
      'sweep',
      argv,
      {
        target: { type: 'string' },
        endpoint: { type: 'string' },
        region: { type: 'string' },
        run: { type: 'string' },
        'older-than': { type: 'string' },
        journal: { type: 'string' },
        yes: { type: 'boolean' },
      },
      { least: 0, most: 0, what: 'no name' },
    );
    const { target } = values;
    if (target !== undefined && !SWEPT.includes(target))
      throw new UsageError(`--target ${target} has nothing to sweep; give ${SWEPT.join(' or ')}`);
    const olderThan = span(values['older-than']);
    const flags = (['target', 'endpoint', 'region', 'journal'] as const).flatMap((name) =>
      values[name] === undefined ? [] : [`--${name}`, values[name]],
    );
    const options = parseOptions(flags, process.env, process.cwd());
    const isAimed = values.target !== undefined || options.target !== 'embedded';
    if (isAimed && !SWEPT.includes(options.target))
      throw new UsageError(`--target ${options.target} has nothing to sweep; give ${SWEPT.join(' or ')}`);
    if (values.run !== undefined && !isRunId(values.run))
      throw new UsageError(
        '--run takes the id of a run: eight hexadecimal digits, as in the names of its resources',
      );
    const { records, broken } = readJournals(options.journal ?? JOURNALS);
    const choice = { run: values.run, olderThan, yes: values.yes === true };
    const sweeps = isAimed ? [{ target: options, records, isAimed }] : byTarget(records);
    const tally = { toDelete: 0, alone: 0, failed: 0, skipped: broken.length };
    for (const { because } of broken) say(`skipped      ${because}`);
    for (const sweep of sweeps)
      try {
        if (!isAimed) assertNearby(sweep.target);
        await sweepTarget(sweep, choice, tally);
      } catch (error) {
        if (!(error instanceof TargetError) || isAimed) throw error;
        // One target that cannot be reached must not stop the others.
        tally.failed += sweep.records.length;
        say(`not swept: ${messageOf(error)}`);
        for (const { file } of sweep.records)
          say(`           delete ${file} if that target no longer exists`);
      }
    process.stdout.write(summaryOf(tally, choice.yes));
    return tally.failed + tally.skipped > 0 ? 2 : 0;
  },
};

/** The kinds of target that outlive a run, and that the sweep is aimed at by name. */
const SWEPT: readonly string[] = ['aws', 'endpoint'];
/** The longest that the cleanup of an interrupted run takes: milliseconds. */
const MAX_CLEANUP_MS = 180_000;

interface SweepOptions {
  readonly run: string | undefined;
  readonly olderThan: number;
  readonly yes: boolean;
}

interface Tally {
  toDelete: number;
  alone: number;
  failed: number;
  /** Journals that are invalid, or writable by others. */
  skipped: number;
}

/** One target with the journals that may concern it. */
interface Sweep {
  readonly target: TargetOptions;
  readonly records: readonly JournalContent[];
  /** Whether the account itself is searched too. */
  readonly isAimed: boolean;
}

function byTarget(records: readonly JournalContent[]): Sweep[] {
  const groups = new Map<string, JournalContent[]>();
  for (const record of records) {
    const { kind, endpoint, region } = record.head.target;
    const key = JSON.stringify([kind, endpoint, region]);
    groups.set(key, [...(groups.get(key) ?? []), record]);
  }
  return [...groups.values()].map((own) => {
    const { endpoint, region, kind } = (own[0] as JournalContent).head.target;
    // A stage URL belongs to one or the other.
    const target = kind === 'aws' || endpoint === undefined ? 'aws' : 'endpoint';
    return { target: { target, endpoint, region, executeApiUrl: undefined }, records: own, isAimed: false };
  });
}

/** A journal alone must not make the sweep send credentials to another machine. */
function assertNearby({ endpoint }: TargetOptions): void {
  if (endpoint !== undefined && !isLoopback(new URL(endpoint).hostname))
    throw new TargetError('its endpoint is on another machine; give it with --endpoint to sweep it');
}

function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(host);
}

async function sweepTarget(
  { target: options, records, isAimed }: Sweep,
  asked: SweepOptions,
  tally: Tally,
): Promise<void> {
  const target = await startTarget(options);
  const { endpoint, region } = target.access;
  const level = levelOf(target.kind);
  if (level === 'aws') rateLimiter.open();
  const clients = createClients(target.access, level);
  say(`target     ${target.name} in ${region}${endpoint === undefined ? '' : ` at ${endpoint}`}`);
  try {
    const skewMs = await measureSkew(clients);
    const isInTime = skewMs !== undefined && Math.abs(skewMs) <= MAX_SKEW;
    if (!isInTime) say(`clock        ${clockProblem(skewMs)}: nothing is deleted by its age; set the clock`);
    const known = new Set<string>();
    const deleted: string[] = [];
    const onRemoval = ({ finding, problem }: Removal) => {
      if (problem === undefined && finding.kind === 'stream') deleted.push(finding.id);
      if (problem !== undefined) tally.failed += 1;
      show(problem === undefined ? 'deleted' : 'not deleted', finding, problem ?? finding.because);
    };
    for (const read of records) {
      const { runId } = read.head;
      let record = read;
      if (!concerns(record, { endpoint, region, account: target.account })) {
        if (asked.run === undefined || asked.run === runId)
          say(
            `run ${runId}: its journal is of ${record.head.target.endpoint ?? 'AWS'} in ${record.head.target.region}${record.head.target.account === target.account ? '' : ', of another account'}: left alone`,
          );
        continue;
      }
      known.add(runId);
      if (asked.run !== undefined && asked.run !== runId) continue;
      if (asked.yes) await waitForCleanup(record);
      if (!existsSync(record.file)) continue;
      record = readJournal(record.file);
      // Without a reliable clock, ages are unknown.
      if (!isInTime)
        record = { ...record, head: { ...record.head, skewMs: skewMs ?? Number.POSITIVE_INFINITY } };
      const reason = reasonToWait(record, asked);
      if (reason !== undefined) {
        tally.alone += 1;
        say(`run ${runId}: ${reason}: left alone`);
        continue;
      }
      const findings = await findOfRun(clients, record);
      tally.toDelete += findings.filter(({ ours }) => ours).length;
      for (const finding of findings.filter(({ ours }) => !ours)) {
        tally.alone += 1;
        show('left alone', finding, finding.because);
      }
      if (!asked.yes) {
        for (const finding of findings.filter(({ ours }) => ours))
          show('would delete', finding, finding.because);
        continue;
      }
      const failed = await sweepRun(clients, record, { mayComeLate: true, onRemoval });
      if (failed.length === 0) removeJournal(record.file);
    }
    if (isAimed) {
      const findings = await findAbandoned(clients, {
        ...asked,
        now: isInTime ? Date.now() + skewMs : undefined,
        except: known,
      });
      tally.toDelete += findings.filter(({ ours }) => ours).length;
      for (const finding of findings.filter(({ ours }) => !ours)) {
        tally.alone += 1;
        show('left alone', finding, finding.because);
      }
      if (asked.yes) await removeAll(clients, findings, onRemoval);
      else
        for (const finding of findings.filter(({ ours }) => ours))
          show('would delete', finding, finding.because);
    }
    for (const name of await waitUntilGone(clients, deleted)) {
      tally.failed += 1;
      say(`not gone   stream ${name}: it is still being deleted`);
    }
  } catch (error) {
    if (error instanceof TargetError || error instanceof UsageError) throw error;
    throw new TargetError(`the account cannot be swept: ${messageOf(error)}`, { cause: error });
  } finally {
    clients.destroy();
    rateLimiter.close();
    await target.stop();
  }
}

function concerns(
  { head: { target } }: JournalContent,
  here: { endpoint: string | undefined; region: string; account: string | undefined },
): boolean {
  const sameAccount =
    target.account === undefined || here.account === undefined || target.account === here.account;
  return target.endpoint === here.endpoint && target.region === here.region && sameAccount;
}

/** Waits while an interrupted run cleans up itself. */
async function waitForCleanup({ file, head }: JournalContent): Promise<void> {
  const deadline = performance.now() + MAX_CLEANUP_MS;
  while (existsSync(sealOf(file)) && whereabouts(head.process) === 'running' && performance.now() < deadline)
    await delay(200);
}

/** Why a run's resources must not be deleted yet; undefined if they may. */
function reasonToWait(
  { head, lastAt }: JournalContent,
  { run, olderThan }: SweepOptions,
): string | undefined {
  const where = whereabouts(head.process);
  if (where === 'running') return `it is still running, as process ${head.process.pid}`;
  const age = Date.now() - lastAt;
  if (where === 'elsewhere' && lastAt < FIRST_TIME) return `it ran on ${head.process.host} at no time`;
  if (where === 'elsewhere' && age < olderThan)
    return `it ran on ${head.process.host} until ${spell(age)} ago, and may still be running there`;
  if (head.keep && run !== head.runId) return `it was started with --keep (--run ${head.runId} sweeps it)`;
  return undefined;
}

function clockProblem(skewMs: number | undefined): string {
  if (skewMs === undefined) return 'the target does not report its time';
  return `this machine's clock is ${spell(Math.abs(skewMs))} ${skewMs > 0 ? 'behind' : 'ahead of'} the target's`;
}

const LABELS: Readonly<Record<Finding['kind'], string>> = {
  stream: 'stream',
  role: 'role',
  user: 'user',
  'usage-plan': 'usage plan',
  'api-key': 'API key',
  'rest-api': 'REST API',
};

function show(what: string, { kind, id, name }: Finding, why: string): void {
  const label = id === name ? id : `${id} (${name})`;
  say(`${what.padEnd(13)}${LABELS[kind].padEnd(11)}${label}  ${why}`);
}

function say(line: string): void {
  process.stdout.write(`${oneLine(line)}\n`);
}

function summaryOf({ toDelete, alone, failed, skipped }: Tally, yes: boolean): string {
  const rest = `${alone === 0 ? '' : `, ${alone} left alone`}${skipped === 0 ? '' : `, ${skipped} skipped`}`;
  if (!yes && toDelete > 0) return `${toDelete} to delete${rest}; --yes deletes\n`;
  if (failed > 0) return `${failed} could not be deleted${rest}\n`;
  return rest !== '' ? `nothing to delete${rest}\n` : 'Nothing left to clean up\n';
}

function span(value: string | undefined): number {
  if (value === undefined) return LIFETIME;
  const [, count, unit] = /^(\d{1,6})(s|m|h|d)$/.exec(value) ?? [];
  if (count === undefined)
    throw new UsageError(`--older-than takes an age such as 90m, 2h or 1d, not ${value}`);
  return Number(count) * { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }[unit as 's' | 'm' | 'h' | 'd'];
}
